package failuredetectorconnector

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/rules"
)

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
	config, err := load(t, "failure_detector")
	require.NoError(t, err)
	require.Equal(t, defaultConfig(), config)
	require.Equal(t, incident.NewDefaultSettings().Limits, config.settings().Limits)
}

func TestConfigAllKeys(t *testing.T) {
	config, err := load(t, "failure_detector/all")
	require.NoError(t, err)
	storage := component.MustNewID("file_storage")
	require.Equal(t, &Config{
		Rules:   rules.Config{Files: []string{filepath.Join("testdata", "rules.yaml")}, MinimumMaturity: rules.Stable},
		GroupBy: []string{"workspace_id"},
		Carry:   []string{"team"},
		Duties:  DutiesConfig{Silence: true, Novelty: true},
		Thresholds: ThresholdsConfig{
			Categories: map[string]int{"pydantic": 5, "sdk": 0, "database": 30, "widgets": 2},
			Types:      map[string]int{"IMPORT_ERROR": 1},
			Rules:      map[string]int{"disk-full": 3},
			Services: map[string]ServiceThresholdsConfig{
				"checkout": {Categories: map[string]int{"database": 100}, Types: map[string]int{"NETWORK_ERROR": 20}, Rules: map[string]int{"x": 1}},
			},
		},
		Transient:        TransientConfig{Count: 5, Within: 10 * time.Minute},
		ReminderInterval: 30 * time.Minute,
		ResolveAfter:     20 * time.Minute,
		RegressAfter:     48 * time.Hour,
		Unclassified:     incident.UnclassifiedIncident,
		MuteFile:         filepath.Join("testdata", "mutes.yaml"),
		Storage:          &storage,
		SaveInterval:     5 * time.Second,
		InstanceID:       "gateway-0",
		Cascades:         CascadesConfig{Settle: 20 * time.Second, Grace: 5 * time.Minute},
		Breakers:         BreakersConfig{MinCalls: 50, FailureShare: 0.7, OpenFor: time.Minute},
		Hangs:            HangsConfig{After: 15 * time.Minute, Bounds: map[string]time.Duration{"nightly load": 2 * time.Hour}, StageAttribute: "task.stage"},
		Novelty:          NoveltyConfig{WarmUp: 3 * time.Hour},
		SilentAfter:      20 * time.Minute,
		Metrics:          MetricsConfig{Interval: time.Minute, Temporality: Delta, Carry: true},
		Limits:           LimitsConfig{Groups: 100, Incidents: 200, Series: 300, Traces: 400, Spans: 500, Templates: 600, GroupShare: 0.1},
	}, config)
	require.Equal(t, 20, config.settings().Limits.GroupIncidents)
}

func TestConfigFaults(t *testing.T) {
	for key, want := range map[string]string{
		"failure_detector/unknown_key":  "invalid keys: threshold",
		"failure_detector/unclassified": `unclassified: "all" is none of ["off" "count" "incident"]`,
		"failure_detector/temporality":  `metrics::temporality: "both" is none of ["cumulative" "delta"]`,
		"failure_detector/times":        "resolve_after: 0s is less than 1s",
		"failure_detector/negative":     "thresholds::services::checkout::categories::database: -1 is less than 0",
		"failure_detector/transient":    "transient::count: 1000 is more than 100",
		"failure_detector/twice":        `carry: "service.name" is in group_by already`,
		"failure_detector/breakers":     "breakers::failure_share: 2 is not above 0 and up to 1",
		"failure_detector/bounds":       "hangs::bounds::load: 0s is less than 1ms",
		"failure_detector/silent":       "silent_after: 0s is less than 1m0s",
		"failure_detector/warm_up":      "novelty::warm_up: 1s is less than 1m0s",
		"failure_detector/templates":    "limits::templates: 0 is less than 1",
		"failure_detector/settle":       "cascades::settle: 2m0s is more than 1m0s",
		"failure_detector/spans":        "limits::spans: 0 is less than 1",
		"failure_detector/share":        "limits::group_share: 0 is not above 0 and up to 1",
		"failure_detector/no_mutes":     "mute file: open testdata",
		"failure_detector/bad_mutes":    "silences[0]: until: a silence needs an end",
		"failure_detector/bad_rules":    "rule files: stat testdata",
	} {
		t.Run(key, func(t *testing.T) {
			_, err := load(t, key)
			require.ErrorContains(t, err, want)
		})
	}
}
