//go:build linux

package hostprobereceiver

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/pmetrictest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// TestGolden reads hosts that are folders: as they were, and half a minute later.
func TestGolden(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join("testdata", "trees"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			path := filepath.Join("testdata", "trees", folder.Name())
			root := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				out := readTree(t, root, path)
				events, err := golden.ReadLogs(filepath.Join(path, "events.yaml"))
				require.NoError(t, err)
				require.NoError(t, plogtest.CompareLogs(events, out.Events))
				metrics, err := golden.ReadMetrics(filepath.Join(path, "metrics.yaml"))
				require.NoError(t, err)
				require.NoError(t, pmetrictest.CompareMetrics(metrics, out.Metrics, pmetrictest.IgnoreTimestamp(), pmetrictest.IgnoreMetricDataPointsOrder()))
			})
		})
	}
}

// readTree gives what the second reading of a host says.
func readTree(t *testing.T, root, path string) probe.Output {
	t.Helper()
	config := defaultConfig()
	// Filesystems are asked, so they are those of the machine that tests.
	config.Filesystems.ExcludeMountPoints = []string{"**"}
	for _, m := range []*bool{
		&config.Metrics.SystemMemoryLinuxPressureTotal.Enabled, &config.Metrics.ContainerCPULinuxPressureTotal.Enabled,
		&config.Metrics.SystemCPULoadAverage5m.Enabled,
	} {
		*m = true
	}
	p, err := newHostProbe(config, receivertest.NewNopSettings(typ))
	require.NoError(t, err)
	filter, err := config.Filesystems.filter()
	require.NoError(t, err)
	p.open = func() scanner { return host.New(host.Options{RootPath: root, SelfPath: root, Filesystems: filter}) }
	copyTree(t, filepath.Join(path, "first"), root)
	require.NoError(t, p.Start(t.Context(), nil))
	_, err = p.Collect(t.Context(), time.Now())
	require.NoError(t, err)
	time.Sleep(config.CollectionInterval) //nolint:forbidigo // Time is that of the bubble.
	copyTree(t, filepath.Join(path, "second"), root)
	out, err := p.Collect(t.Context(), time.Now())
	require.NoError(t, err)
	require.True(t, p.now.Listed)
	require.NoError(t, p.Shutdown(t.Context()))
	return out
}

// copyTree writes into the files that are there, since the reader keeps them open as it does those of a kernel.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o600)
	}))
}
