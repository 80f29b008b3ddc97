package hostprobereceiver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadatatest"
	"github.com/failuredetector/failuredetector/internal/probe"
)

const (
	patience = 30 * time.Second
	glance   = 20 * time.Millisecond
)

// often is a configuration that reads the real machine as often as may be.
func often() *Config {
	config := defaultConfig()
	config.CollectionInterval, config.InitialDelay = time.Second, 0
	return config
}

// pipelines are a receiver in a pipeline of metrics and in one of logs, as the Collector makes them.
type pipelines struct {
	metrics   *consumertest.MetricsSink
	logs      *consumertest.LogsSink
	inMetrics receiver.Metrics
	inLogs    receiver.Logs
}

func newPipelines(t *testing.T, set receiver.Settings, config *Config) *pipelines {
	t.Helper()
	p := &pipelines{metrics: new(consumertest.MetricsSink), logs: new(consumertest.LogsSink)}
	factory := NewFactory()
	var err error
	p.inMetrics, err = factory.CreateMetrics(t.Context(), set, config, p.metrics)
	require.NoError(t, err)
	p.inLogs, err = factory.CreateLogs(t.Context(), set, config, p.logs)
	require.NoError(t, err)
	return p
}

func (p *pipelines) start(t *testing.T) {
	t.Helper()
	require.NoError(t, p.inMetrics.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, p.inLogs.Start(t.Context(), componenttest.NewNopHost()))
}

func (p *pipelines) shutdown(t *testing.T) {
	t.Helper()
	require.NoError(t, p.inMetrics.Shutdown(t.Context()))
	require.NoError(t, p.inLogs.Shutdown(t.Context()))
}

func TestOneReadingServesMetricsAndLogs(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	config := often()
	// What any machine that tests has used up: a thousandth of its memory.
	config.Signals.Memory = LevelConfig{SwitchConfig: SwitchConfig{Enabled: true}, ThresholdPercent: 0.01}
	p := newPipelines(t, metadatatest.NewSettings(telemetry), config)
	p.start(t)
	// The reading that is underway when the probe stops is counted and not sent.
	readings := func() uint64 {
		scans, err := telemetry.GetMetric("otelcol_receiver_host_probe_scan_duration")
		if err != nil {
			return 0
		}
		points := scans.Data.(metricdata.Histogram[float64]).DataPoints
		require.Len(t, points, 1)
		return points[0].Count
	}
	require.Eventually(t, func() bool {
		sent := len(p.metrics.AllMetrics())
		return sent >= 2 && p.logs.LogRecordCount() > 0 && readings() == uint64(sent)
	}, patience, glance)
	p.shutdown(t)

	record := p.logs.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, "host_probe/mem.util", text(record, failure.AttrRule))
	_, named := p.metrics.AllMetrics()[0].ResourceMetrics().At(0).Resource().Attributes().Get("host.name")
	require.True(t, named)
}

func TestInstancesDoNotDisturbEachOther(t *testing.T) {
	one, two := receivertest.NewNopSettings(typ), receivertest.NewNopSettings(typ)
	strict, lax := often(), often()
	strict.Signals.Memory = LevelConfig{SwitchConfig: SwitchConfig{Enabled: true}, ThresholdPercent: 0.01}
	first, second := newPipelines(t, one, strict), newPipelines(t, two, lax)
	first.start(t)
	second.start(t)
	require.Eventually(t, func() bool { return first.logs.LogRecordCount() > 0 && len(second.metrics.AllMetrics()) > 0 }, patience, glance)
	first.shutdown(t)
	so := len(second.metrics.AllMetrics())
	require.Eventually(t, func() bool { return len(second.metrics.AllMetrics()) > so }, patience, glance, "the other goes on")
	second.shutdown(t)
	for _, logs := range second.logs.AllLogs() {
		require.NotContains(t, logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str(), "Memory is low")
	}
}

func TestStartAgainKnowsNothingOfBefore(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	w.scan()
	m.use(0.97)
	require.Len(t, w.scan(), 1)
	require.NoError(t, w.probe.Shutdown(t.Context()))
	require.NoError(t, w.probe.Start(t.Context(), nil))
	require.Empty(t, w.scan(), "nothing is judged on one reading")
	require.Len(t, w.scan(), 1)
	require.NoError(t, w.probe.Shutdown(t.Context()))
	require.Equal(t, 2, m.closed)
}

func TestShutdownWithoutStart(t *testing.T) {
	p, err := newHostProbe(defaultConfig(), receivertest.NewNopSettings(typ))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestProblemsAreLoggedAndCounted(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	set := metadatatest.NewSettings(telemetry)
	core, logs := observer.New(zapcore.InfoLevel)
	set.Logger = zap.New(core)
	m := newMachine()
	m.now.Filesystems[1].NotAnswering = true
	m.problems = []host.Problem{{Source: "/proc/pressure/cpu", Err: fs.ErrNotExist}, {Source: "/proc/stat", Err: errors.New("permission denied")}}
	p, err := newHostProbe(defaultConfig(), set)
	require.NoError(t, err)
	p.open = func() scanner { return m }
	require.NoError(t, p.Start(t.Context(), nil))
	_, err = p.Collect(t.Context(), beginning)
	require.NoError(t, err)

	require.Equal(t, 1, logs.FilterLevelExact(zapcore.WarnLevel).Len())
	require.Equal(t, 1, logs.FilterLevelExact(zapcore.InfoLevel).Len(), "what a kernel does not have is no fault")
	of := attribute.NewSet(attribute.String("receiver", set.ID.String()))
	metadatatest.AssertEqualReceiverHostProbeProblems(t, telemetry, []metricdata.DataPoint[int64]{{Attributes: of, Value: 2}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverHostProbeStaleFilesystems(t, telemetry, []metricdata.DataPoint[int64]{{Attributes: of, Value: 1}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverHostProbeScanDuration(t, telemetry, []metricdata.HistogramDataPoint[float64]{{Attributes: of, Count: 1}},
		metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreValue())
}

func TestMoreFilesystemsThanCanBeFollowed(t *testing.T) {
	set := receivertest.NewNopSettings(typ)
	core, logs := observer.New(zapcore.WarnLevel)
	set.Logger = zap.New(core)
	m := newMachine()
	m.now.Filesystems = nil
	for range 600 {
		m.now.Filesystems = append(m.now.Filesystems, disk("/x"+string(rune('a'+len(m.now.Filesystems))), 10, 100))
	}
	p, err := newHostProbe(defaultConfig(), set)
	require.NoError(t, err)
	p.open = func() scanner { return m }
	require.NoError(t, p.Start(t.Context(), nil))
	for range 3 {
		_, err = p.Collect(t.Context(), beginning)
		require.NoError(t, err)
	}
	require.Equal(t, 1, logs.Len(), "it is said once")
}

// TestRootThatIsNone reads a host that is not there: it says so and goes on.
func TestRootThatIsNone(t *testing.T) {
	config := defaultConfig()
	config.RootPath = filepath.Join(t.TempDir(), "nothing")
	require.NoError(t, os.Mkdir(config.RootPath, 0o700))
	set := receivertest.NewNopSettings(typ)
	core, logs := observer.New(zapcore.WarnLevel)
	set.Logger = zap.New(core)
	p, err := newHostProbe(config, set)
	require.NoError(t, err)
	require.NoError(t, p.Start(t.Context(), nil))
	require.Equal(t, 1, logs.FilterMessageSnippet("root_path is not the / of a host").Len())
	var told []string
	for i := range 5 {
		out, err := p.Collect(t.Context(), beginning.Add(time.Duration(i)*interval))
		require.NoError(t, err)
		for _, lr := range records(out) {
			told = append(told, text(lr, failure.AttrType)+" "+text(lr, failure.AttrRule))
		}
	}
	require.False(t, p.now.Listed, "what is mounted there is not known")
	require.NoError(t, p.Shutdown(t.Context()))
	require.Equal(t, []string{"COLLECTION_STALE host_probe/cpu.util", "COLLECTION_STALE host_probe/mem.util"}, told)
}

func TestLimitsOfAMountThatAppearsLater(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	w.scan()
	m.now.Filesystems = append(m.now.Filesystems, figure.Filesystem{Mountpoint: "/usb", Device: "/dev/sdb1", Type: "vfat", ReadOnly: true})
	require.Empty(t, w.over(3, nil), "what was never writable did not become read-only")
}

// TestReloadKeepsTheReading lets one pipeline go on while the other is made anew from a configuration
// that says the same.
func TestReloadKeepsTheReading(t *testing.T) {
	made := 0
	registry, set := probe.NewRegistry(), receivertest.NewNopSettings(typ)
	again := func() (*Config, probe.NewSource) {
		config, err := load(t, "host_probe/all")
		require.NoError(t, err)
		config.RootPath = ""
		return config, func(set receiver.Settings) (probe.Source, error) {
			made++
			return config.source(set)
		}
	}
	config, source := again()
	logs, err := registry.Logs(set, config, config.schedule(), new(consumertest.LogsSink), source)
	require.NoError(t, err)
	require.NoError(t, logs.Start(t.Context(), componenttest.NewNopHost()))
	for range 2 {
		config, source := again()
		metrics, err := registry.Metrics(set, config, config.schedule(), new(consumertest.MetricsSink), source)
		require.NoError(t, err)
		require.NoError(t, metrics.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, metrics.Shutdown(t.Context()))
	}
	require.Equal(t, 1, made)
	require.NoError(t, logs.Shutdown(t.Context()))
}

// TestFilesystemsThatComeAndGo mounts another filesystem with each scan, for longer than all are remembered.
func TestFilesystemsThatComeAndGo(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	for i := range 3 * maxMounts {
		m.now.Filesystems[1] = disk(fmt.Sprintf("/volume/%d", i), 10, 100)
		w.scan()
	}
	j := w.probe.judge
	require.LessOrEqual(t, len(j.mounts), maxMounts+2)
	require.LessOrEqual(t, len(j.entities.mounts), maxMounts)
	require.Less(t, len(j.growth), 20)
	require.Less(t, len(j.known), 20)
}
