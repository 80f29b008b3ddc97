package failuredetectorconnector

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/internal/incident"
)

// TestReadmeExamples reads what the README shows as the connector does.
func TestReadmeExamples(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 2)

	var shown struct {
		Connectors map[string]map[string]any `yaml:"connectors"`
	}
	require.NoError(t, yaml.Unmarshal(blocks[0][1], &shown))
	config := defaultConfig()
	require.NoError(t, confmap.NewFromStringMap(shown.Connectors["failure_detector"]).Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	require.Equal(t, 20, config.Thresholds.Services["checkout"].Types["NETWORK_ERROR"])

	mutes, err := incident.ParseMutes("README.md", blocks[1][1])
	require.NoError(t, err)
	require.Len(t, mutes.Silences, 1)
	require.Len(t, mutes.Maintenance, 1)
}
