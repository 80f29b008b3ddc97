package hostprobereceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func defaultConfig() *Config { return createDefaultConfig().(*Config) }

func load(t *testing.T, key string) (*Config, error) {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	own, err := all.Sub(key)
	require.NoError(t, err)
	config := defaultConfig()
	if err := own.Unmarshal(config); err != nil {
		return nil, err
	}
	return config, confmap.Validate(config)
}

func TestConfigDefaults(t *testing.T) {
	config, err := load(t, "host_probe")
	require.NoError(t, err)
	require.Equal(t, defaultConfig(), config)
	for name, want := range map[string]ladder{
		"cpu":              {0.9, 0.97, 0.85},
		"cpu_throttling":   {0.25, 0.5, 0.15},
		"memory":           {0.85, 0.95, 0.8},
		"memory_pressure":  {0.1, 0.1, 0.05},
		"disk":             {0.9, 0.97, 0.87},
		"inodes":           {0.9, 0.97, 0.87},
		"file_descriptors": {0.8, 0.95, 0.75},
		"pids":             {0.85, 0.95, 0.8},
	} {
		require.Equal(t, want, levelNamed(t, config, name).ladder(), name)
	}
}

func levelNamed(t *testing.T, config *Config, name string) *level {
	t.Helper()
	for _, l := range config.Signals.levels() {
		if l.name == name {
			return &l
		}
	}
	require.Fail(t, "no signal has this name", "%s", name)
	return nil
}

func TestConfigAllKeys(t *testing.T) {
	config, err := load(t, "host_probe/all")
	require.NoError(t, err)
	want := defaultConfig()
	want.CollectionInterval = 10 * time.Second
	want.InitialDelay = 0
	want.RootPath = "/hostfs"
	want.Scope = ScopeHost
	critical, clearing := 95.0, 70.0
	want.Signals.CPU = LevelConfig{
		SwitchConfig: SwitchConfig{Enabled: true}, ThresholdPercent: 80, CriticalPercent: &critical, ClearPercent: &clearing, Sustain: time.Minute,
	}
	want.Signals.Memory.ThresholdPercent = 85.5
	want.Signals.Disk.Enabled = false
	want.Signals.OOMKills.Enabled = false
	want.Filesystems = FilesystemsConfig{
		IncludeMountPoints: []string{"/", "/data/*"}, ExcludeMountPoints: []string{"/data/scratch"}, IncludeTypes: []string{"ext4", "xfs"}, ExcludeTypes: []string{"tmpfs"}, Network: true,
	}
	want.TopConsumers.Count = 0
	want.Forecast.Enabled = false
	want.Heartbeat = time.Minute
	require.True(t, config.Metrics.SystemCPULinuxPressureTotal.Enabled)
	config.MetricsBuilderConfig = want.MetricsBuilderConfig
	require.Equal(t, want, config)
}

func TestConfigFaults(t *testing.T) {
	for key, want := range map[string]string{
		"host_probe/unknown_key":  "invalid keys: gpu",
		"host_probe/interval":     "collection_interval: 10ms is not between 1s and 5m0s",
		"host_probe/heartbeat":    "heartbeat: 10m0s is not between 1s and 5m0s",
		"host_probe/scope":        `scope: "pod" is none of auto, host and container`,
		"host_probe/root_path":    `root_path: "hostfs" is not absolute`,
		"host_probe/threshold":    "signals::cpu::threshold_percent: 0 is not above 0 and up to 100",
		"host_probe/ratio":        "signals::cpu::threshold_percent: 0.9 looks like a ratio, and is taken as per cent: write 90, or more than 1",
		"host_probe/ratio_of_one": "signals::memory::critical_percent: 1 looks like a ratio, and is taken as per cent: write 100, or more than 1",
		"host_probe/critical":     "signals::cpu::critical_percent: 80 is less than threshold_percent, 90: raise it",
		"host_probe/clear":        "signals::memory::clear_percent: 80 is not from 0 to less than threshold_percent, 70: lower it",
		"host_probe/sustain":      "signals::disk::sustain: 6h0m0s is more than 320 times the collection_interval, 30s",
		"host_probe/top":          "top_consumers::count: 100 is not between 0 and 5",
		"host_probe/pattern":      "filesystems::include_types[0]: the pattern is empty",
		"host_probe/relative":     `filesystems::exclude_mount_points[0]: "data" does not begin with a slash`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := load(t, key)
			require.ErrorContains(t, err, want)
		})
	}
}

func TestConfigThatIsRight(t *testing.T) {
	for _, key := range []string{"host_probe/off", "host_probe/every_second"} {
		t.Run(key, func(t *testing.T) {
			_, err := load(t, key)
			require.NoError(t, err)
		})
	}
}

func TestLevelsThatAreNotConfigured(t *testing.T) {
	for _, tc := range []struct {
		name      string
		threshold float64
		want      ladder
	}{
		{"those of the signal, where they fit", 92, ladder{0.92, 0.97, 0.87}},
		{"critical lies halfway to full above the signal's own", 98, ladder{0.98, 0.99, 0.93}},
		{"what is always critical", 100, ladder{1, 1, 0.95}},
		{"one that is just above a ratio", 1.5, ladder{0.015, 0.97, 0.0075}},
		{"clear is never below nothing", 4, ladder{0.04, 0.97, 0.02}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := defaultConfig()
			config.Signals.CPU.ThresholdPercent = tc.threshold
			require.NoError(t, config.Validate())
			got := levelNamed(t, config, "cpu").ladder()
			require.InDelta(t, tc.want.high, got.high, 1e-9)
			require.InDelta(t, tc.want.critical, got.critical, 1e-9)
			require.InDelta(t, tc.want.clear, got.clear, 1e-9)
		})
	}
}

func TestScansOfASustainedSignal(t *testing.T) {
	for _, tc := range []struct {
		name              string
		sustain, interval time.Duration
		need, of          int
	}{
		{"five minutes tolerate two dips", 5 * time.Minute, 30 * time.Second, 8, 10},
		{"two minutes tolerate none", 2 * time.Minute, 30 * time.Second, 4, 4},
		{"a minute", time.Minute, 30 * time.Second, 2, 2},
		{"no time is the first scan", 0, 30 * time.Second, 1, 1},
		{"parts of an interval count as one", 45 * time.Second, 30 * time.Second, 2, 2},
		{"a short interval takes more scans", time.Minute, 5 * time.Second, 10, 12},
	} {
		t.Run(tc.name, func(t *testing.T) {
			need, of := scans(tc.sustain, tc.interval)
			require.Equal(t, tc.need, need)
			require.Equal(t, tc.of, of)
		})
	}
}
