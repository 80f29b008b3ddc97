package failurefeedexporter

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

// TestReadmeExample reads what the README shows as the exporter does, with the variable at its default.
func TestReadmeExample(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 1)
	text := regexp.MustCompile(`\$\{env:\w+:-(\w+)\}`).ReplaceAll(blocks[0][1], []byte("$1"))
	var shown struct {
		Exporters map[string]map[string]any `yaml:"exporters"`
	}
	require.NoError(t, yaml.Unmarshal(text, &shown))
	config := defaultConfig()
	require.NoError(t, confmap.NewFromStringMap(shown.Exporters["failure_feed"]).Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	require.True(t, config.Stream.Enabled)
	require.Equal(t, "https://jaeger.example/trace/{trace_id}", config.TraceURL)
}
