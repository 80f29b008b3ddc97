package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// said is a batch with one log record of a service that has nothing to complain about.
func said(service string) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	healthyRecord(rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	return logs
}

func TestSilence(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Duties.Silence = true
		h := newHarness(t, config)
		h.start()
		for range 60 {
			h.sendLogs(said("shop"))
			h.sendLogs(said("bank"))
			traces := ptrace.NewTraces()
			rs := traces.ResourceSpans().AppendEmpty()
			rs.Resource().Attributes().PutStr("service.name", "till")
			rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			h.sendTraces(traces)
			h.wait(time.Minute)
		}
		require.Empty(t, h.records())
		for range 12 {
			h.sendLogs(said("shop"))
			h.sendLogs(said("bank"))
			h.wait(time.Minute)
		}
		require.Equal(t, []string{"TELEMETRY_SILENCE in till (high): No traces come since 2000-01-01 00:59 UTC."}, h.bodies())
		evidence, _ := h.records()[0].Attributes().Get("failure_evidence")
		require.Equal(t, []any{"observed: the last record came at 2000-01-01T00:59:00Z; in 60 of the 60 minutes before there were some"}, evidence.Slice().AsRaw())
		h.wait(12 * time.Minute)
		require.Equal(t, "TELEMETRY_SILENCE of all sources (high): Nothing comes since 2000-01-01 01:11 UTC, from none of the 2 sources that sent steadily: it is the way to here.", h.bodies()[1])
	})
}

func TestAnEmptyResourceIsNoSignOfLife(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Duties.Silence = true
		h := newHarness(t, config)
		h.start()
		for range 61 {
			h.sendLogs(said("shop"))
			h.sendLogs(said("till"))
			h.wait(time.Minute)
		}
		for range 12 {
			empty := said("till")
			empty.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(plog.LogRecord) bool { return true })
			h.sendLogs(empty)
			h.sendLogs(said("shop"))
			h.wait(time.Minute)
		}
		require.Len(t, h.records(), 1)
	})
}
