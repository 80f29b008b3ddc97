package failuredetectorconnector

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/pmetrictest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// goldenCases runs the cases of a signal. A case is config.yaml, input.yaml, and what comes of it
// within half an hour: events.yaml and the last metrics.yaml. Adding one is adding a folder.
func goldenCases(t *testing.T, signal string, send func(h *harness, input string)) {
	t.Helper()
	folders, err := os.ReadDir(filepath.Join("testdata", signal))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			path := filepath.Join("testdata", signal, folder.Name())
			content, err := confmaptest.LoadConf(filepath.Join(path, "config.yaml"))
			require.NoError(t, err)
			config := defaultConfig()
			require.NoError(t, content.Unmarshal(config))
			require.NoError(t, confmap.Validate(config))
			inTime(t, func(t *testing.T) {
				t.Helper()
				h := newHarness(t, config)
				h.start()
				send(h, filepath.Join(path, "input.yaml"))
				h.wait(30*time.Minute + 10*time.Second)
				requireEvents(t, h, filepath.Join(path, "events.yaml"))
				requireMetrics(t, h, filepath.Join(path, "metrics.yaml"))
			})
		})
	}
}

// requireEvents compares the events in their order. Time stands still in a bubble, so ids and times
// are compared too.
func requireEvents(t *testing.T, h *harness, file string) {
	t.Helper()
	want, err := golden.ReadLogs(file)
	require.NoError(t, err)
	got := plog.NewLogs()
	for _, logs := range h.events.AllLogs() {
		logs.ResourceLogs().MoveAndAppendTo(got.ResourceLogs())
	}
	require.NoError(t, plogtest.CompareLogs(want, got))
}

func requireMetrics(t *testing.T, h *harness, file string) {
	t.Helper()
	want, err := golden.ReadMetrics(file)
	require.NoError(t, err)
	all := h.metrics.AllMetrics()
	require.NotEmpty(t, all)
	require.NoError(t, pmetrictest.CompareMetrics(want, all[len(all)-1], pmetrictest.IgnoreTimestamp(), pmetrictest.IgnoreStartTimestamp(), pmetrictest.IgnoreMetricDataPointsOrder()))
}

func TestGoldenLogs(t *testing.T) {
	goldenCases(t, "logs", func(h *harness, input string) {
		h.t.Helper()
		logs, err := golden.ReadLogs(input)
		require.NoError(h.t, err)
		h.sendLogs(logs)
	})
}

func TestGoldenTraces(t *testing.T) {
	goldenCases(t, "traces", func(h *harness, input string) {
		h.t.Helper()
		traces, err := golden.ReadTraces(input)
		require.NoError(h.t, err)
		h.sendTraces(traces)
	})
}
