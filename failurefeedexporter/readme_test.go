package failurefeedexporter

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

// readmeExamples reads what the README shows as the exporter does, with variables at their default.
func readmeExamples(t *testing.T) []*Config {
	t.Helper()
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var configs []*Config
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1) {
		text := regexp.MustCompile(`\$\{env:\w+:-(\w+)\}`).ReplaceAll(block[1], []byte("$1"))
		text = regexp.MustCompile(`\$\{env:\w+\}`).ReplaceAll(text, []byte("https://hooks.example"))
		var shown struct {
			Exporters map[string]map[string]any `yaml:"exporters"`
		}
		require.NoError(t, yaml.Unmarshal(text, &shown))
		config := defaultConfig()
		require.NoError(t, confmap.NewFromStringMap(shown.Exporters["failure_feed"]).Unmarshal(config))
		require.NoError(t, confmap.Validate(config))
		configs = append(configs, config)
	}
	return configs
}

func TestReadmeExamples(t *testing.T) {
	configs := readmeExamples(t)
	require.Len(t, configs, 3)
	require.True(t, configs[0].Stream.Enabled)
	require.Equal(t, "https://jaeger.example/trace/{trace_id}", configs[0].TraceURL)
	require.Equal(t, "bearertokenauth/basic", configs[1].HTTP.Auth.Get().Config.AuthenticatorID.String())
	require.Len(t, configs[2].Notify.Alertmanager, 1)
	require.Len(t, configs[2].Notify.Webhooks, 2)
	require.NotNil(t, configs[2].Notify.Webhooks[1].Secret)
}
