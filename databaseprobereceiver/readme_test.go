package databaseprobereceiver

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

// TestReadmeExample reads what the README shows as the receiver does.
func TestReadmeExample(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 1)
	var shown struct {
		Receivers map[string]map[string]any `yaml:"receivers"`
	}
	require.NoError(t, yaml.Unmarshal(blocks[0][1], &shown))
	config := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(shown.Receivers["database_probe"]).Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	require.Len(t, config.Targets, 2)
}
