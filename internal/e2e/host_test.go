package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// fakeHost is a folder that looks like the root of a host with one filesystem at /data, which is that of
// the machine that tests.
func fakeHost(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{
		"etc/hostname":      "web-1\n",
		"etc/machine-id":    "4f2a9c\n",
		"proc/stat":         "cpu  100 0 20 800 5 0 9 30 0 0\ncpu0 100 0 20 800 5 0 9 30 0 0\n",
		"proc/meminfo":      "MemTotal: 8000000 kB\nMemFree: 500000 kB\nMemAvailable: 4000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
		"proc/1/mountinfo":  "22 1 254:1 / /data rw,relatime - ext4 /dev/vda1 rw\n",
		"proc/loadavg":      "0.10 0.10 0.10 1/300 4242\n",
		"data/its-own-file": "something is used\n",
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	return folder
}

// fast lets the host be read every second and judged at once.
const fast = "{receivers: {host_probe: {collection_interval: 1s, initial_delay: 0s, signals: " +
	"{cpu: {sustain: 0s}, cpu_throttling: {sustain: 0s}, memory: {sustain: 0s}, disk: {sustain: 0s}, pids: {sustain: 0s}, file_descriptors: {sustain: 0s}}}}}"

// TestHostExample lets the disk threshold be what every disk has passed on which this was built, and takes the disk away again.
func TestHostExample(t *testing.T) {
	p, store, host, printed := startPrometheus(t), newBackend(t), fakeHost(t), &output{}
	c := startCollector(t, setup{
		example: "host",
		stdout:  printed,
		env:     []string{"STATE_DIR=" + t.TempDir(), "HOST_ROOT=" + host, "RESOURCE_DISK_THRESHOLD_PERCENT=1.1"},
		overlays: []string{
			fast, store.overlay([]string{"logs/failures"}, "debug"),
			fmt.Sprintf("{exporters: {prometheusremotewrite: {endpoint: 'http://127.0.0.1:%d/api/v1/write'}}}", p.port),
			"{connectors: {failure_detector: {metrics: {interval: 1s}}}}",
		},
	})
	opened := store.event(t, failure.EventOpened, "disk.util")
	require.Equal(t, "DISK_SPACE_LOW", kind(opened))
	require.Equal(t, "host:4f2a9c/data", attribute(opened, failure.AttrEntity))
	require.Contains(t, opened.Body().Str(), "DISK_SPACE_LOW: Disk space is low on /data of web-1 (")
	require.Contains(t, attribute(opened, failure.AttrCause), "/data")
	p.last(`failure_incident_active{host_name="web-1",failure_type="DISK_SPACE_LOW"}`, 1)
	require.Eventually(t, func() bool {
		return len(p.samples(`system_filesystem_utilization_ratio{host_name="web-1",system_filesystem_mountpoint="/data"}`)) > 0
	}, patience, glance)
	p.last(`hostprobe_signal_state{hostprobe_signal="mem.util"}`, 0)

	require.NoError(t, os.Mkdir(filepath.Join(host, "other"), 0o750))
	// It is written in place, since the reader keeps the file open.
	mounts := filepath.Join(host, "proc", "1", "mountinfo")
	require.NoError(t, os.WriteFile(mounts, []byte("23 1 254:2 / /other rw,relatime - ext4 /dev/vda2 rw\n"), 0o600))
	resolved := store.event(t, failure.EventResolved, "disk.util")
	require.Equal(t, attribute(opened, failure.AttrIncidentID), attribute(resolved, failure.AttrIncidentID))
	require.Contains(t, resolved.Body().Str(), "/data of web-1: over after ")
	c.stop()
	require.Regexp(t, `web-1 +OPENED +DISK_SPACE_LOW +Disk space is low on /data of web-1 \(`, viewed(t, printed.String(), "WIDTH=100"))
}

// event waits for an event of an incident that a signal of a probe made.
func (b *backend) event(t *testing.T, name, signal string) plog.LogRecord {
	t.Helper()
	var found plog.LogRecord
	require.Eventually(t, func() bool {
		for _, lr := range b.records() {
			if lr.EventName() == name && strings.HasSuffix(attribute(lr, failure.AttrRule), "/"+signal) {
				found = lr
				return true
			}
		}
		return false
	}, patience, glance, "no %s of %s arrives", name, signal)
	return found
}

// TestHostRules runs the tests of the alerts as the README tells people to.
func TestHostRules(t *testing.T) {
	run(t, filepath.Join(root, "examples", "host"), debianProgram(t, "promtool", "prometheus"), "test", "rules", "rules_test.yml")
}
