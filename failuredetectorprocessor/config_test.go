package failuredetectorprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/failuredetector/failuredetector/rules"
)

func load(t *testing.T, key string) (*Config, error) {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	own, err := all.Sub(key)
	require.NoError(t, err)
	config := createDefaultConfig().(*Config)
	if err := own.Unmarshal(config); err != nil {
		return nil, err
	}
	err = confmap.Validate(config)
	config.validated = nil // The tests compare what is configured.
	return config, err
}

func TestConfigDefaults(t *testing.T) {
	config, err := load(t, "failure_detector")
	require.NoError(t, err)
	require.Equal(t, createDefaultConfig(), config)
	require.True(t, config.Enabled)
	require.False(t, config.TrustIncoming)
}

func TestConfigAllKeys(t *testing.T) {
	config, err := load(t, "failure_detector/all")
	require.NoError(t, err)
	require.Equal(t, &Config{
		Enabled:       true,
		TrustIncoming: true,
		Rules: rules.Config{
			Files:             []string{filepath.Join("testdata", "rules.yaml")},
			Disable:           []string{"mine-disabled"},
			Shadow:            []string{"MINE"},
			MinimumMaturity:   rules.Stable,
			MinimumConfidence: 0.5,
		},
		Text:        TextConfig{BodyKeys: []string{"text"}, Attributes: []string{"db.error"}},
		Annotate:    AnnotateConfig{Explanation: true},
		SetSeverity: false,
	}, config)
}

func TestConfigFaults(t *testing.T) {
	for key, want := range map[string]string{
		"failure_detector/unknown_key":  "invalid keys: rule",
		"failure_detector/maturity":     `rules: minimum_maturity: "ripe" is no maturity`,
		"failure_detector/no_such_file": "rule files: stat testdata",
		"failure_detector/bad_rules":    filepath.Join("testdata", "bad-rules.yaml") + `:2: ruls: unknown key, did you mean "rules"?`,
		"failure_detector/no_such_rule": `disable[0]: "mine-gone" is no rule, pack or type`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := load(t, key)
			require.ErrorContains(t, err, want)
		})
	}
}
