package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// callsTo is a batch of calls of a service to stock, each in a trace of its own.
func callsTo(n int, failed bool) ptrace.Traces {
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "checkout")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := range n {
		span := spans.AppendEmpty()
		if failed {
			annotate(span.Attributes(), "v1:refused")
			span.Status().SetCode(ptrace.StatusCodeError)
		}
		span.SetTraceID(pcommon.TraceID{9, byte(i), byte(time.Now().Second()), byte(time.Now().Minute())})
		span.SetSpanID(pcommon.SpanID{1})
		span.SetKind(ptrace.SpanKindClient)
		span.Attributes().PutStr("server.address", "stock")
		span.Attributes().PutInt("server.port", 8080)
	}
	return traces
}

// circuitStates gives the values of failure.circuit.state in what was sent last, by state.
func (h *harness) circuitStates() map[string]int64 {
	states := map[string]int64{}
	for _, p := range h.points("failure.circuit.state") {
		state, _ := p.Attributes().Get("state")
		states[state.Str()] = p.IntValue()
		if p.Flags().NoRecordedValue() {
			states[state.Str()] = -1
		}
	}
	return states
}

func TestBreakerOfCalls(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		h.sendTraces(callsTo(30, false))
		h.wait(61 * time.Second)
		for _, p := range h.metrics.AllMetrics() {
			require.Empty(t, pointsOf(p, "failure.circuit.state"))
		}
		h.sendTraces(callsTo(25, true))
		h.wait(31 * time.Second)
		const way = "CIRCUIT_BREAKER_TRIPPED on the way from checkout to stock:8080 "
		require.Equal(t, []string{way + "(high): Of 20 calls from checkout to stock:8080 within a minute 20 failed."}, h.bodies())
		require.Equal(t, map[string]int64{"closed": 0, "open": 1, "half_open": 0}, h.circuitStates())
		require.Equal(t, map[string]any{"service.name": "checkout", "service.peer.name": "stock:8080", "state": "closed"},
			h.points("failure.circuit.state")[0].Attributes().AsRaw())

		h.sendTraces(callsTo(1, false))
		h.wait(31 * time.Second)
		require.Equal(t, map[string]int64{"closed": 0, "open": 0, "half_open": 1}, h.circuitStates())
		h.sendTraces(callsTo(5, false))
		h.wait(31 * time.Second)
		require.Equal(t, way+"is over, calls are good again: there were 25 failures at once.", h.bodies()[1])
		require.Equal(t, map[string]int64{"closed": 1, "open": 0, "half_open": 0}, h.circuitStates())

		h.wait(11 * time.Minute)
		var last pmetric.Metrics
		for _, m := range h.metrics.AllMetrics() {
			if len(pointsOf(m, "failure.circuit.state")) > 0 {
				last = m
			}
		}
		for _, p := range pointsOf(last, "failure.circuit.state") {
			require.True(t, p.Flags().NoRecordedValue(), "a series that ends says so")
		}
	})
}

func TestBreakerThatALogTellsOf(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		h.sendLogs(failed("bank", "a", func(lr plog.LogRecord) {
			lr.Attributes().PutStr("failure_type", "CIRCUIT_BREAKER_TRIPPED")
			lr.Attributes().PutStr("failure_capture.name", "quotes")
		}))
		h.wait(31 * time.Second)
		require.Equal(t, map[string]int64{"closed": 0, "open": 1, "half_open": 0}, h.circuitStates())
		peer, _ := h.points("failure.circuit.state")[0].Attributes().Get("service.peer.name")
		require.Equal(t, "quotes", peer.Str())
	})
}

func TestABreakerSurvivesARestart(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		before, _ := stored(t, m)
		before.start()
		before.sendTraces(callsTo(25, true))
		before.wait(31 * time.Second)
		before.stop()
		h, _ := stored(t, m)
		h.start()
		h.sendTraces(callsTo(5, true))
		h.wait(31 * time.Second)
		require.Equal(t, []string{"failure.ongoing"}, h.eventNames())
		require.Equal(t, map[string]int64{"closed": 0, "open": 1, "half_open": 0}, h.circuitStates())
		h.sendTraces(callsTo(5, false))
		h.wait(time.Second)
		require.Equal(t, []string{"failure.ongoing", "failure.resolved"}, h.eventNames())
	})
}
