package e2e

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/failure"
)

const gateMessage = "ValidationError: OrchestrationContext field required"

// TestQualityGate sends one failure in every form that it may take.
func TestQualityGate(t *testing.T) {
	store, port := newBackend(t), freePort(t)
	c := startCollector(t, setup{
		example:  "env-compat",
		overlays: []string{otlpOn(port), noMetrics, store.overlay([]string{"logs", "traces"})},
	})
	postFile(t, port, "logs", "log.json")
	postFile(t, port, "logs", "exception.json")
	postFile(t, port, "traces", "span.json")

	t.Run("log body", func(t *testing.T) {
		record := store.record(t, gateMessage)
		requireGate(t, record.Attributes())
		require.NotZero(t, record.SeverityNumber(), "a record without severity gets that of its failure")
	})
	t.Run("healthy log record", func(t *testing.T) {
		require.Zero(t, store.record(t, "answered in 1.4s").Attributes().Len())
	})
	t.Run("exception log event", func(t *testing.T) {
		require.Eventually(t, func() bool { return len(store.records()) == 3 }, patience, glance)
		record := store.records()[2]
		require.Equal(t, "exception", record.EventName())
		requireGate(t, record.Attributes())
	})
	t.Run("exception event of a span", func(t *testing.T) {
		span := store.span(t, "POST /runs")
		require.Equal(t, 1, span.Events().Len())
		requireGate(t, span.Events().At(0).Attributes())
		requireGate(t, span.Attributes())
	})
	t.Run("healthy span", func(t *testing.T) {
		require.Zero(t, store.span(t, "load conversation").Attributes().Len())
	})
	c.stop()
}

func requireGate(t *testing.T, attributes pcommon.Map) {
	t.Helper()
	found := attributes.AsRaw()
	require.Equal(t, "ORCHESTRATION_CONTEXT_MISSING", found[failure.AttrType])
	require.InDelta(t, 0.95, found[failure.AttrConfidence], 1e-9)
	require.Equal(t, "pydantic", found[failure.AttrCategory])
	require.NotEmpty(t, found[failure.AttrSeverity])
	require.NotEmpty(t, found[failure.AttrRule])
}

func TestQualityGateOnTheCommandLine(t *testing.T) {
	for name, command := range map[string]*exec.Cmd{
		"argument": exec.CommandContext(t.Context(), program(t, "FAILURECTL_BINARY"), "detect", "--output", "json", gateMessage),
		"standard input": func() *exec.Cmd {
			command := exec.CommandContext(t.Context(), program(t, "FAILURECTL_BINARY"), "detect", "--output", "json")
			command.Stdin = strings.NewReader(gateMessage)
			return command
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			text, err := command.Output()
			require.NoError(t, err)
			var found map[string]any
			require.NoError(t, json.Unmarshal(text, &found), "%s", text)
			require.Equal(t, "ORCHESTRATION_CONTEXT_MISSING", found[failure.AttrType])
			require.InDelta(t, 0.95, found[failure.AttrConfidence], 1e-9)
		})
	}
}
