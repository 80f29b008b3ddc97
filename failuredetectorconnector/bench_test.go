package failuredetectorconnector

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
)

// batchSize is the records of one batch; benchmarks report the cost of one record.
const batchSize = 1_000

// benchEdges are the two edges of logs, of which one feeds the state and forwards.
func benchEdges(tb testing.TB, change ...func(*Config)) (send func(plog.Logs), stop func()) {
	tb.Helper()
	ctx, host, factory := context.Background(), componenttest.NewNopHost(), NewFactory()
	config, set := defaultConfig(), connectortest.NewNopSettings(metadata.Type)
	for _, c := range change {
		c(config)
	}
	events, err := factory.CreateLogsToLogs(ctx, set, config, consumertest.NewNop())
	require.NoError(tb, err)
	metrics, err := factory.CreateLogsToMetrics(ctx, set, config, consumertest.NewNop())
	require.NoError(tb, err)
	require.NoError(tb, events.Start(ctx, host))
	require.NoError(tb, metrics.Start(ctx, host))
	send = func(logs plog.Logs) {
		require.NoError(tb, events.ConsumeLogs(ctx, logs))
		require.NoError(tb, metrics.ConsumeLogs(ctx, logs))
	}
	return send, func() {
		require.NoError(tb, events.Shutdown(ctx))
		require.NoError(tb, metrics.Shutdown(ctx))
	}
}

func healthyRecord(lr plog.LogRecord) {
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.Body().SetStr("order 48211 accepted for customer 9917 in 38 ms")
	lr.Attributes().PutStr("code.function.name", "OrderController.accept")
	lr.Attributes().PutInt("code.line.number", 117)
	lr.Attributes().PutStr("thread.name", "http-nio-8080-exec-7")
	lr.Attributes().PutStr("url.path", "/orders")
	lr.Attributes().PutInt("http.response.status_code", 200)
	lr.Attributes().PutStr("customer.tier", "gold")
}

func reportPerRecord(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSize, "ns/record")
}

// BenchmarkHealthyLogs is the cost of a log record of six attributes without a failure, which is to
// stay under 200 ns and without an allocation, also where new errors are looked for.
func BenchmarkHealthyLogs(b *testing.B) {
	for _, novelty := range []bool{false, true} {
		b.Run(fmt.Sprint("novelty=", novelty), func(b *testing.B) {
			send, stop := benchEdges(b, func(c *Config) { c.Duties.Novelty = novelty })
			defer stop()
			logs := plog.NewLogs()
			records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
			for range batchSize {
				healthyRecord(records.AppendEmpty())
			}
			b.ReportAllocs()
			for b.Loop() {
				send(logs)
			}
			reportPerRecord(b)
		})
	}
}

// BenchmarkUnknownLogs is the cost of an error that no rule recognised, of a service with twenty messages.
func BenchmarkUnknownLogs(b *testing.B) {
	send, stop := benchEdges(b, func(c *Config) { c.Duties.Novelty = true })
	defer stop()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range batchSize {
		lr := records.AppendEmpty()
		healthyRecord(lr)
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.Body().SetStr(fmt.Sprintf("cannot %c%c order %d of customer 'a%d' at 10.0.0.%d:8080 in %d ms", 'a'+i%20, 'b'+i%20, i, i, i%256, i%100))
	}
	b.ReportAllocs()
	for b.Loop() {
		send(logs)
	}
	reportPerRecord(b)
}

// BenchmarkHealthySpans is the same for a span, without a look for cascades and with one: then spans of
// ten make a trace.
func BenchmarkHealthySpans(b *testing.B) {
	for _, cascades := range []bool{false, true} {
		b.Run(fmt.Sprint("cascades=", cascades), func(b *testing.B) { benchSpans(b, cascades) })
	}
}

func benchSpans(b *testing.B, cascades bool) {
	b.Helper()
	ctx, config := context.Background(), defaultConfig()
	config.Duties.Cascades = cascades
	e, err := NewFactory().CreateTracesToMetrics(ctx, connectortest.NewNopSettings(metadata.Type), config, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, e.Start(ctx, componenttest.NewNopHost()))
	defer func() { require.NoError(b, e.Shutdown(ctx)) }()
	traces := ptrace.NewTraces()
	spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for i := range batchSize {
		span := spans.AppendEmpty()
		span.SetName("GET /orders")
		span.SetSpanID(pcommon.SpanID{1, byte(i % 10)})
		if i%10 > 0 {
			span.SetParentSpanID(pcommon.SpanID{1, byte(i%10 - 1)})
			span.SetKind(ptrace.SpanKindClient)
		}
		span.Attributes().PutStr("http.request.method", "GET")
		span.Attributes().PutStr("url.path", "/orders")
		span.Attributes().PutStr("url.scheme", "https")
		span.Attributes().PutStr("http.route", "/orders")
		span.Attributes().PutInt("http.response.status_code", 200)
		span.Attributes().PutStr("server.address", "shop.example")
	}
	b.ReportAllocs()
	batch := 0
	for b.Loop() {
		batch++
		for i, span := range spans.All() {
			span.SetTraceID(pcommon.TraceID{1, byte(i / 10), byte(batch), byte(batch >> 8), byte(batch >> 16)})
		}
		require.NoError(b, e.ConsumeTraces(ctx, traces))
	}
	reportPerRecord(b)
}

// BenchmarkFailedLogs is the cost of a log record with a failure, of a hundred services with ten
// failures each.
func BenchmarkFailedLogs(b *testing.B) {
	send, stop := benchEdges(b)
	defer stop()
	logs := plog.NewLogs()
	for i := range batchSize {
		failed(fmt.Sprint("service-", i%100), strconv.Itoa(i%10)).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	}
	b.ReportAllocs()
	for b.Loop() {
		send(logs)
	}
	reportPerRecord(b)
}

// maxHeap is what a million failures of ten thousand services may take.
const maxHeap = 256 << 20

// TestAMillionFailuresOfTenThousandServices sends them, each in a trace of its own, with ten
// fingerprints a service, and holds the heap of the whole process to its limit while they come.
func TestAMillionFailuresOfTenThousandServices(t *testing.T) {
	const services, failures, perBatch = 10_000, 1_000_000, 10_000
	send, stop := benchEdges(t)
	defer stop()
	peak := uint64(0)
	for sent := 0; sent < failures; sent += perBatch {
		logs := plog.NewLogs()
		for i := sent; i < sent+perBatch; i++ {
			failed(fmt.Sprint("service-", i%services), strconv.Itoa(i/services%10), func(lr plog.LogRecord) {
				lr.SetTraceID(pcommon.TraceID{1, byte(i >> 16), byte(i >> 8), byte(i)})
			}).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		}
		send(logs)
		if sent%(10*perBatch) == 0 {
			runtime.GC() // What is garbage does not count, and what the batch takes does.
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			peak = max(peak, memory.HeapAlloc)
		}
	}
	t.Logf("heap at its highest: %d MiB", peak>>20)
	require.Less(t, peak, uint64(maxHeap))
}
