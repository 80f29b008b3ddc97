package hostprobereceiver

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/failuredetector/failuredetector/internal/probe"
)

// TestReadmeExample reads what the README shows as the receiver does, with the variables at their defaults.
func TestReadmeExample(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 1)
	text := regexp.MustCompile(`'\$\{env:\w+:-(\d+)\}'`).ReplaceAll(blocks[0][1], []byte("$1"))
	var shown struct {
		Receivers map[string]map[string]any `yaml:"receivers"`
	}
	require.NoError(t, yaml.Unmarshal(text, &shown))
	config := defaultConfig()
	require.NoError(t, confmap.NewFromStringMap(shown.Receivers["host_probe"]).Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	require.Equal(t, defaultConfig(), config, "it shows the defaults")
}

// TestReadmeNamesEverySignal holds the tables to the signals and their levels.
func TestReadmeNamesEverySignal(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	text := string(page)
	config := defaultConfig()
	for _, l := range config.Signals.levels() {
		require.Contains(t, text, "`"+l.name+"`")
	}
	s := newSignals(config)
	for _, sig := range []*probe.Signal{
		s.cpu, s.ownCPU, s.ownThrottled, s.memory, s.ownMemory, s.memoryWaits, s.kills, s.ownEvents,
		s.space, s.inodes, s.readOnly, s.files, s.threads, s.ownThreads,
	} {
		require.Contains(t, text, "`"+sig.ID+"`")
		require.Contains(t, text, "`"+sig.Type+"`")
	}
}
