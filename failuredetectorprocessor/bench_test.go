package failuredetectorprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
)

// batchSize is the records of one batch; benchmarks report the cost of one record.
const batchSize = 1_000

// BenchmarkHealthyLogs is the cost of a log record of six attributes that
// matches nothing, through the factory into a sink that drops.
func BenchmarkHealthyLogs(b *testing.B) {
	ctx := context.Background()
	p, err := NewFactory().CreateLogs(ctx, processortest.NewNopSettings(metadata.Type), createDefaultConfig(), consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(ctx, componenttest.NewNopHost()))
	defer func() { require.NoError(b, p.Shutdown(ctx)) }()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range batchSize {
		lr := records.AppendEmpty()
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.Body().SetStr("2026-03-04T10:15:32.482Z INFO  [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 accepted for customer 9917 in 38 ms")
		lr.Attributes().PutStr("code.function.name", "OrderController.accept")
		lr.Attributes().PutInt("code.line.number", 117)
		lr.Attributes().PutStr("thread.name", "http-nio-8080-exec-7")
		lr.Attributes().PutStr("url.path", "/orders")
		lr.Attributes().PutInt("http.response.status_code", 200)
		lr.Attributes().PutStr("customer.tier", "gold")
	}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, p.ConsumeLogs(ctx, logs))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSize, "ns/record")
}

// BenchmarkHealthySpans is the same for a span without events and errors.
func BenchmarkHealthySpans(b *testing.B) {
	ctx := context.Background()
	p, err := NewFactory().CreateTraces(ctx, processortest.NewNopSettings(metadata.Type), createDefaultConfig(), consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(ctx, componenttest.NewNopHost()))
	defer func() { require.NoError(b, p.Shutdown(ctx)) }()
	traces := ptrace.NewTraces()
	spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for range batchSize {
		span := spans.AppendEmpty()
		span.SetKind(ptrace.SpanKindServer)
		span.Attributes().PutStr("http.request.method", "GET")
		span.Attributes().PutStr("url.path", "/orders")
		span.Attributes().PutStr("url.scheme", "https")
		span.Attributes().PutStr("http.route", "/orders")
		span.Attributes().PutInt("http.response.status_code", 200)
		span.Attributes().PutStr("server.address", "shop.example")
	}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, p.ConsumeTraces(ctx, traces))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSize, "ns/record")
}
