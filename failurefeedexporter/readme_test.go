package failurefeedexporter

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

// TestReadmeExamples reads what the README shows as the exporter does, with the variable at its default.
func TestReadmeExamples(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 2)
	configs := make([]*Config, len(blocks))
	for i, block := range blocks {
		text := regexp.MustCompile(`\$\{env:\w+:-(\w+)\}`).ReplaceAll(block[1], []byte("$1"))
		var shown struct {
			Exporters map[string]map[string]any `yaml:"exporters"`
		}
		require.NoError(t, yaml.Unmarshal(text, &shown))
		configs[i] = defaultConfig()
		require.NoError(t, confmap.NewFromStringMap(shown.Exporters["failure_feed"]).Unmarshal(configs[i]))
		require.NoError(t, confmap.Validate(configs[i]))
	}
	require.True(t, configs[0].Stream.Enabled)
	require.Equal(t, "https://jaeger.example/trace/{trace_id}", configs[0].TraceURL)
	require.Equal(t, "bearertokenauth/basic", configs[1].HTTP.Auth.Get().Config.AuthenticatorID.String())
}
