package failuredetectorprocessor

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/ptracetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// goldenCases runs a check in each folder of a signal. A case is config.yaml,
// input.yaml and expected.yaml; adding one is adding a folder.
func goldenCases(t *testing.T, signal string, check func(t *testing.T, h *harness, input, expected string)) {
	t.Helper()
	folders, err := os.ReadDir(filepath.Join("testdata", signal))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			path := filepath.Join("testdata", signal, folder.Name())
			content, err := confmaptest.LoadConf(filepath.Join(path, "config.yaml"))
			require.NoError(t, err)
			config := createDefaultConfig().(*Config)
			require.NoError(t, content.Unmarshal(config))
			h := newHarness(t, config)
			require.NoError(t, confmap.Validate(config))
			check(t, h, filepath.Join(path, "input.yaml"), filepath.Join(path, "expected.yaml"))
		})
	}
}

func TestGoldenLogs(t *testing.T) {
	goldenCases(t, "logs", func(t *testing.T, h *harness, input, expected string) {
		t.Helper()
		p, sink := h.logs(t)
		logs, err := golden.ReadLogs(input)
		require.NoError(t, err)
		require.NoError(t, p.ConsumeLogs(context.Background(), logs))
		want, err := golden.ReadLogs(expected)
		require.NoError(t, err)
		require.NoError(t, plogtest.CompareLogs(want, sink.AllLogs()[0]))
	})
}

func TestGoldenTraces(t *testing.T) {
	goldenCases(t, "traces", func(t *testing.T, h *harness, input, expected string) {
		t.Helper()
		p, sink := h.traces(t)
		traces, err := golden.ReadTraces(input)
		require.NoError(t, err)
		require.NoError(t, p.ConsumeTraces(context.Background(), traces))
		want, err := golden.ReadTraces(expected)
		require.NoError(t, err)
		require.NoError(t, ptracetest.CompareTraces(want, sink.AllTraces()[0]))
	})
}
