package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadatatest"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// brokenChain is a request through services of which each fails because of the next.
func brokenChain(trace byte, services ...string) ptrace.Traces {
	traces := ptrace.NewTraces()
	for i, service := range services {
		rs := traces.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", service)
		spans := rs.ScopeSpans().AppendEmpty().Spans()
		server := exceptionSpan(spans, trace, byte(2*i+1), "v1:"+service)
		server.SetKind(ptrace.SpanKindServer)
		server.Status().SetCode(ptrace.StatusCodeError)
		if i > 0 {
			server.SetParentSpanID(pcommon.SpanID{byte(2 * i)})
		}
		if i < len(services)-1 {
			call := spans.AppendEmpty()
			call.SetTraceID(pcommon.TraceID{trace})
			call.SetSpanID(pcommon.SpanID{byte(2*i + 2)})
			call.SetParentSpanID(server.SpanID())
			call.SetKind(ptrace.SpanKindClient)
			call.Status().SetCode(ptrace.StatusCodeError)
		}
	}
	return traces
}

func (h *harness) bodies() []string {
	bodies := []string{}
	for _, lr := range h.records() {
		bodies = append(bodies, lr.Body().Str())
	}
	return bodies
}

const poolOfStock = "CONNECTION_POOL_EXHAUSTION in stock (high): The HikariCP pool HikariPool-1 had no free connection for 30000 ms."

// TestCascadeOverAllEdges sends the spans of a broken chain service by service, and logs of the same
// failures, through all four edges.
func TestCascadeOverAllEdges(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		chain := brokenChain(1, "gateway", "checkout", "stock")
		for i := range chain.ResourceSpans().Len() {
			part := ptrace.NewTraces()
			chain.ResourceSpans().At(i).CopyTo(part.ResourceSpans().AppendEmpty())
			h.sendTraces(part)
			h.wait(2 * time.Second)
		}
		// A further failure of gateway, which only a log tells of.
		h.sendLogs(failed("gateway", "v1:log", func(lr plog.LogRecord) {
			lr.SetTraceID(pcommon.TraceID{1})
			lr.SetSpanID(pcommon.SpanID{1})
		}))
		require.Empty(t, h.records())
		h.wait(20 * time.Second)
		require.Equal(t, []string{
			poolOfStock, "CASCADING_FAILURES from stock (high): stock fails, and with it checkout, then gateway.",
		}, h.bodies())
		event := h.records()[1].Attributes().AsRaw()
		require.Equal(t, "stock", event["failure_origin"])
		require.Equal(t, []any{"stock", "checkout", "gateway"}, event["failure_path"])
		require.Len(t, event["failure_victims"], 3)

		own := attribute.String("connector", "failure_detector/test")
		point := func(n int64) []metricdata.DataPoint[int64] {
			return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(own)}}
		}
		ignore := metricdatatest.IgnoreTimestamp()
		metadatatest.AssertEqualConnectorFailureDetectorTraces(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorFailedTraces(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorSuppressedIncidents(t, h.telemetry, point(3), ignore)
		h.wait(17 * time.Minute)
		require.Len(t, h.records(), 4, "the ends of the two that were told")
		metadatatest.AssertEqualConnectorFailureDetectorSuppressedEvents(t, h.telemetry, point(3), ignore)
	})
}

func TestALateVictimSaysWhoExplainedIt(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		h.sendTraces(brokenChain(1, "gateway", "stock"))
		h.wait(20 * time.Second)
		require.Len(t, h.records(), 2)
		id, _ := h.records()[1].Attributes().Get("failure_incident_id")
		for range 20 {
			h.wait(10 * time.Second)
			h.sendLogs(failed("gateway", "v1:gateway"))
		}
		late := h.records()[2]
		require.Equal(t, "failure.opened", late.EventName())
		by, _ := late.Attributes().Get("failure_suppressed_by")
		require.Equal(t, id.Str(), by.Str())
	})
}

func TestNothingWaitsWhereNothingCanExplainIt(t *testing.T) {
	for name, change := range map[string]func(*harness){
		"without the duty":     func(h *harness) { h.config.Duties.Cascades = false },
		"without spans at all": func(*harness) {},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				h := newHarness(t, defaultConfig())
				change(h)
				if h.config.Duties.Cascades {
					e, err := NewFactory().CreateLogsToLogs(t.Context(), h.settings, h.config, h.events)
					require.NoError(t, err)
					require.NoError(t, e.Start(t.Context(), h.host))
					defer func() { require.NoError(t, e.Shutdown(t.Context())) }()
					require.NoError(t, e.ConsumeLogs(t.Context(), failed("shop", "a", func(lr plog.LogRecord) { lr.SetTraceID(pcommon.TraceID{1}) })))
				} else {
					h.start()
					h.sendTraces(brokenChain(1, "shop"))
				}
				require.Equal(t, []string{"failure.opened"}, h.eventNames())
			})
		})
	}
}

func TestFailuresThatBeginTogether(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		for _, kind := range []string{"DATABASE_TIMEOUT", "NETWORK_ERROR", "APPLICATION_CRASH"} {
			h.sendLogs(failed("shop", kind, func(lr plog.LogRecord) { lr.Attributes().PutStr("failure_type", kind) }))
		}
		require.Equal(t, "CASCADING_FAILURES from shop (low): 3 failures of several types began within a minute, first DATABASE_TIMEOUT in shop.", h.bodies()[3])
		h.wait(17 * time.Minute)
		require.Contains(t, h.bodies(), "CASCADING_FAILURES from shop is over, quiet for 15m: there were 3 failures at once.")
	})
}

func TestACascadeSurvivesARestart(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		before, _ := stored(t, m)
		before.start()
		before.sendTraces(brokenChain(1, "gateway", "stock"))
		before.wait(31 * time.Second)
		before.stop()

		h, _ := stored(t, m)
		h.start()
		h.wait(time.Second)
		require.Equal(t, []string{"failure.ongoing", "failure.ongoing"}, h.eventNames())
		h.sendTraces(brokenChain(2, "gateway", "stock"))
		h.wait(31 * time.Second)
		require.Len(t, h.records(), 2, "the victim is still explained")
	})
}

func TestWhatACallSaysOfItsPeer(t *testing.T) {
	for name, tc := range map[string]struct {
		attributes map[string]any
		peer       string
		port       uint16
		fault      cascade.Fault
	}{
		"nothing":                 {nil, "", 0, cascade.FaultUnknown},
		"a service":               {map[string]any{"service.peer.name": "stock", "server.address": "10.0.0.1"}, "stock", 0, cascade.FaultUnknown},
		"a service, as of old":    {map[string]any{"peer.service": "stock"}, "stock", 0, cascade.FaultUnknown},
		"an address":              {map[string]any{"server.address": "stock", "server.port": 8080}, "stock", 8080, cascade.FaultUnknown},
		"a port that cannot be":   {map[string]any{"server.address": "stock", "server.port": 1 << 40}, "stock", 0, cascade.FaultUnknown},
		"a database":              {map[string]any{"db.system.name": "postgresql"}, "postgresql", 0, cascade.FaultUnknown},
		"a value of a wrong type": {map[string]any{"peer.service": 1, "http.response.status_code": "503"}, "", 0, cascade.FaultUnknown},
		"HTTP 503":                {map[string]any{"http.response.status_code": 503}, "", 0, cascade.FaultCallee},
		"HTTP 429":                {map[string]any{"http.response.status_code": 429}, "", 0, cascade.FaultCallee},
		"HTTP 404, as of old":     {map[string]any{"http.status_code": 404}, "", 0, cascade.FaultCaller},
		"HTTP 504":                {map[string]any{"http.response.status_code": 504}, "", 0, cascade.FaultTimeout},
		"HTTP 200":                {map[string]any{"http.response.status_code": 200}, "", 0, cascade.FaultUnknown},
		"gRPC 14":                 {map[string]any{"rpc.grpc.status_code": 14}, "", 0, cascade.FaultCallee},
		"gRPC by name":            {map[string]any{"rpc.response.status_code": "DEADLINE_EXCEEDED"}, "", 0, cascade.FaultTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			attributes := pcommon.NewMap()
			require.NoError(t, attributes.FromRaw(tc.attributes))
			peer, port := peerOf(attributes)
			require.Equal(t, tc.peer, peer)
			require.Equal(t, tc.port, port)
			require.Equal(t, tc.fault, faultOf(attributes))
		})
	}
}

// TestHostileSpans sends what no tracer would, and saves and loads what comes of it.
func TestHostileSpans(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		h, _ := stored(t, m)
		h.config.Limits.Traces, h.config.Limits.Spans = 20, 3_000
		h.start()
		traces := ptrace.NewTraces()
		spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
		for i := range 10_000 { // One trace, in which each is the parent of the other.
			span := exceptionSpan(spans, 1, byte(i%200), "a")
			span.SetParentSpanID(pcommon.SpanID{byte((i + 1) % 200)})
			span.SetKind(ptrace.SpanKind(i % 9))
			span.Status().SetCode(ptrace.StatusCodeError)
			span.SetStartTimestamp(pcommon.Timestamp(1) << (i % 64))
			span.TraceState().FromRaw("ot=th:\x00")
			span.Attributes().PutStr("server.address", string(make([]byte, 10_000)))
			link := span.Links().AppendEmpty()
			link.SetTraceID(pcommon.TraceID{byte(i)})
		}
		h.sendTraces(traces)
		for i := range 200 {
			h.sendTraces(brokenChain(byte(i), "gateway", string(rune(i)), "stock"))
		}
		h.wait(2 * time.Minute)
		require.NotEmpty(t, h.records())
		h.stop()
		again, _ := stored(t, m)
		again.start()
		require.NotContains(t, m.values, asideKey)
	})
}
