package failuredetectorconnector

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestFourEdgesCountOnce sends failures through all four edges of one connector: as exceptions that
// parents repeat, as log records of the same exceptions, and alone.
func TestFourEdgesCountOnce(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		for i := range byte(50) {
			traces := ptrace.NewTraces()
			rs := traces.ResourceSpans().AppendEmpty()
			rs.Resource().Attributes().PutStr("service.name", "shop")
			spans := rs.ScopeSpans().AppendEmpty().Spans()
			exceptionSpan(spans, i+1, 1, "a", "a", "b") // Raised twice, and another one.
			exceptionSpan(spans, i+1, 2, "a", "b")      // Both repeated on the parent.
			spans.AppendEmpty().SetTraceID(pcommon.TraceID{i + 1})
			h.sendTraces(traces)
			h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) { lr.SetTraceID(pcommon.TraceID{i + 1}) }))
			h.sendLogs(failed("shop", "c"))
		}
		h.wait(31 * time.Second)
		points := h.points("failure.occurrences")
		require.Len(t, points, 2, "0 at the beginning, and the count")
		require.Zero(t, points[0].IntValue())
		require.EqualValues(t, 50*3+50, points[1].IntValue())
		require.Equal(t, map[string]any{
			"service.name": "shop", "failure_type": "CONNECTION_POOL_EXHAUSTION", "failure_severity": "high", "failure_category": "database",
		}, points[1].Attributes().AsRaw())
		require.Equal(t, []string{"failure.opened", "failure.opened", "failure.opened"}, h.eventNames())

		h.stop()
		points = h.points("failure.occurrences")
		require.Len(t, points, 1)
		require.EqualValues(t, 200, points[0].IntValue())
		require.EqualValues(t, 3, h.points("failure.incident.active")[0].IntValue()+h.points("failure.incident.active")[1].IntValue())
	})
}

// TestOneEdgeIsEnough uses each edge alone.
func TestOneEdgeIsEnough(t *testing.T) {
	logs := func() plog.Logs { return failed("shop", "a") }
	traces := func() ptrace.Traces {
		traces := ptrace.NewTraces()
		exceptionSpan(traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans(), 1, 1, "a")
		return traces
	}
	ctx, host, factory := context.Background(), componenttest.NewNopHost(), NewFactory()
	for _, tc := range []struct {
		name string
		run  func(t *testing.T, h *harness)
	}{
		{"logs to logs", func(t *testing.T, h *harness) {
			t.Helper()
			e, err := factory.CreateLogsToLogs(ctx, h.settings, h.config, h.events)
			require.NoError(t, err)
			require.NoError(t, e.Start(ctx, host))
			require.NoError(t, e.ConsumeLogs(ctx, logs()))
			require.NoError(t, e.Shutdown(ctx))
			require.Equal(t, []string{"failure.opened"}, h.eventNames())
		}},
		{"traces to logs", func(t *testing.T, h *harness) {
			t.Helper()
			e, err := factory.CreateTracesToLogs(ctx, h.settings, h.config, h.events)
			require.NoError(t, err)
			require.NoError(t, e.Start(ctx, host))
			require.NoError(t, e.ConsumeTraces(ctx, traces()))
			require.NoError(t, e.Shutdown(ctx))
			require.Equal(t, []string{"failure.opened"}, h.eventNames())
		}},
		{"logs to metrics, flushed at the end", func(t *testing.T, h *harness) {
			t.Helper()
			e, err := factory.CreateLogsToMetrics(ctx, h.settings, h.config, h.metrics)
			require.NoError(t, err)
			require.NoError(t, e.Start(ctx, host))
			require.NoError(t, e.ConsumeLogs(ctx, logs()))
			require.NoError(t, e.Shutdown(ctx))
			require.EqualValues(t, 1, h.points("failure.occurrences")[1].IntValue())
		}},
		{"traces to metrics, flushed at the end", func(t *testing.T, h *harness) {
			t.Helper()
			e, err := factory.CreateTracesToMetrics(ctx, h.settings, h.config, h.metrics)
			require.NoError(t, err)
			require.NoError(t, e.Start(ctx, host))
			require.NoError(t, e.ConsumeTraces(ctx, traces()))
			require.NoError(t, e.Shutdown(ctx))
			require.EqualValues(t, 1, h.points("failure.occurrences")[1].IntValue())
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHarness(t, defaultConfig())
			tc.run(t, h)
			require.NotContains(t, cores.inUse, h.config)
		})
	}
}

func TestEventsOfIncidentsAreForwardedAndNeverCounted(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		upstream := newHarness(t, defaultConfig())
		upstream.start()
		upstream.sendLogs(failed("shop", "a"))
		event := upstream.events.AllLogs()[0]

		h := newHarness(t, defaultConfig())
		h.start()
		mixed := plog.NewLogs()
		event.ResourceLogs().At(0).CopyTo(mixed.ResourceLogs().AppendEmpty())
		failed("shop", "b").ResourceLogs().At(0).CopyTo(mixed.ResourceLogs().AppendEmpty())
		h.sendLogs(mixed)

		require.Equal(t, []string{"failure.opened", "failure.opened"}, h.eventNames())
		var ids []string
		for _, lr := range h.records() {
			id, _ := lr.Attributes().Get("failure_incident_id")
			ids = append(ids, id.Str())
		}
		sent, _ := upstream.records()[0].Attributes().Get("failure_incident_id")
		require.Contains(t, ids, sent.Str())
		h.wait(31 * time.Second)
		require.EqualValues(t, 1, h.points("failure.occurrences")[1].IntValue())
	})
}

func TestTwoConnectorsKeepApart(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		one, two := newHarness(t, defaultConfig()), newHarness(t, defaultConfig())
		one.start()
		two.start()
		one.sendLogs(failed("shop", "a"))
		require.Len(t, one.records(), 1)
		require.Empty(t, two.records())
	})
}

func TestLifecycle(t *testing.T) {
	ctx := context.Background()
	t.Run("shutdown without start", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.create()
		h.stop()
		require.NotContains(t, cores.inUse, h.config)
	})
	t.Run("shutdown twice", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.start()
		h.stop()
		h.stop()
		require.NotContains(t, cores.inUse, h.config)
	})
	t.Run("shutdown where only some have started", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.create()
		require.NoError(t, h.logsToLogs.Start(ctx, h.host))
		h.stop()
		require.Empty(t, h.metrics.AllMetrics())
	})
	t.Run("data before start and after shutdown is dropped", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.create()
		h.sendLogs(failed("shop", "a"))
		for _, e := range h.edges() {
			require.NoError(t, e.Start(ctx, h.host))
		}
		h.stop()
		h.sendLogs(failed("shop", "a"))
		require.Empty(t, h.records())
	})
	t.Run("the last edge that writes an output flushes it", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.start()
		h.sendLogs(failed("shop", "a"))
		require.NoError(t, h.logsToMetrics.Shutdown(ctx))
		require.Empty(t, h.metrics.AllMetrics(), "traces may still come")
		traces := ptrace.NewTraces()
		exceptionSpan(traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans(), 1, 1, "b")
		require.NoError(t, h.tracesToLogs.ConsumeTraces(ctx, traces))
		require.NoError(t, h.tracesToMetrics.Shutdown(ctx))
		require.Len(t, h.points("failure.occurrences"), 4)
	})
	t.Run("it only reads", func(t *testing.T) {
		h := newHarness(t, defaultConfig())
		h.create()
		require.False(t, h.logsToLogs.Capabilities().MutatesData)
		h.stop()
	})
}
