package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEnvCompatSwitchesDetectionOff(t *testing.T) {
	store, port := newBackend(t), freePort(t)
	c := startCollector(t, setup{
		example:  "env-compat",
		overlays: []string{otlpOn(port), feedOn(freePort(t)), noMetrics, store.overlay([]string{"logs", "traces"}, "failure_detector")},
		env:      []string{"FAILURE_DETECTION_ENABLED=false"},
	})
	postFile(t, port, "logs", "log.json")
	postFile(t, port, "traces", "span.json")
	record := store.record(t, gateMessage)
	require.Zero(t, record.Attributes().Len())
	require.Zero(t, record.SeverityNumber())
	require.Equal(t, 1, store.span(t, "POST /runs").Attributes().Len(), "the span keeps what it came with and no more")
	c.stop()
}

func TestEnvCompatSwitchesTheStream(t *testing.T) {
	for value, want := range map[string]int{"true": http.StatusOK, "false": http.StatusNotFound} {
		t.Run(value, func(t *testing.T) {
			port := freePort(t)
			c := startCollector(t, setup{
				example:  "env-compat",
				overlays: []string{otlpOn(freePort(t)), feedOn(port), noMetrics},
				env:      []string{"ENABLE_FAILURE_WEBSOCKET_NOTIFICATIONS=" + value},
			})
			request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, fmt.Sprintf("http://127.0.0.1:%d/api/v1/stream", port), http.NoBody)
			require.NoError(t, err)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, want, response.StatusCode)
			c.stop()
		})
	}
}

func TestEnvCompatRefusesWhatCannotBe(t *testing.T) {
	for variable, key := range map[string]string{
		"FAILURE_DETECTION_ENABLED=perhaps":        "enabled",
		"FAILURE_DETECTION_INTERVAL_SECONDS=0":     "collection_interval",
		"DB_ERROR_THRESHOLD_PER_HOUR=-1":           "thresholds::categories",
		"SDK_ERROR_THRESHOLD_PER_HOUR=few":         "thresholds",
		"RESOURCE_CPU_THRESHOLD_PERCENT=900":       "signals::cpu::threshold_percent: 900 is not above 0 and up to 100",
		"RESOURCE_MEMORY_THRESHOLD_PERCENT=plenty": "threshold_percent",
	} {
		t.Run(variable, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), program(t, "OTELCOL_BINARY"), "validate", "--config", filepath.Join("examples", "env-compat", "collector.yaml"))
			command.Dir = root
			command.Env = append(os.Environ(), variable)
			text, err := command.CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(text), key)
		})
	}
}

// TestEnvCompatTellsOfEveryVariable holds the table of the README to the names
// and defaults that deployments rely on.
func TestEnvCompatTellsOfEveryVariable(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "examples", "env-compat", "README.md"))
	require.NoError(t, err)
	for name, standard := range map[string]string{
		"FAILURE_DETECTION_ENABLED":              "true",
		"FAILURE_DETECTION_INTERVAL_SECONDS":     "60",
		"PYDANTIC_ERROR_THRESHOLD_PER_HOUR":      "5",
		"SDK_ERROR_THRESHOLD_PER_HOUR":           "10",
		"DB_ERROR_THRESHOLD_PER_HOUR":            "15",
		"RESOURCE_CPU_THRESHOLD_PERCENT":         "90",
		"RESOURCE_MEMORY_THRESHOLD_PERCENT":      "85",
		"ENABLE_FAILURE_WEBSOCKET_NOTIFICATIONS": "true",
	} {
		require.Contains(t, string(page), "| `"+name+"` | `"+standard+"` |")
	}
}
