package sample

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// HealthyLine is a log line of 128 bytes that matches nothing.
const HealthyLine = "2026-03-04T10:15:32.482Z INFO [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 accepted for customer 9917 in 380 ms"

// Logs gives one batch that has a record of six attributes for each body.
func Logs(bodies []string) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "checkout")
	records := resource.ScopeLogs().AppendEmpty().LogRecords()
	records.EnsureCapacity(len(bodies))
	for _, body := range bodies {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.Timestamp(1_772_619_332_482_000_000))
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.Body().SetStr(body)
		lr.Attributes().PutStr("code.function.name", "OrderController.accept")
		lr.Attributes().PutInt("code.line.number", 117)
		lr.Attributes().PutStr("thread.name", "http-nio-8080-exec-7")
		lr.Attributes().PutStr("url.path", "/orders")
		lr.Attributes().PutInt("http.response.status_code", 200)
		lr.Attributes().PutStr("customer.tier", "gold")
	}
	return logs
}

// Bare gives a record without attributes for each body, with what it belongs to.
func Bare(bodies []string) (plog.ResourceLogs, plog.ScopeLogs) {
	resource := plog.NewLogs().ResourceLogs().AppendEmpty()
	scope := resource.ScopeLogs().AppendEmpty()
	for _, body := range bodies {
		scope.LogRecords().AppendEmpty().Body().SetStr(body)
	}
	return resource, scope
}

// Spans gives a batch of server spans with six attributes, no event and no error.
func Spans(count int) ptrace.Traces {
	traces := ptrace.NewTraces()
	resource := traces.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "checkout")
	spans := resource.ScopeSpans().AppendEmpty().Spans()
	spans.EnsureCapacity(count)
	for range count {
		span := spans.AppendEmpty()
		span.SetName("GET /orders")
		span.SetKind(ptrace.SpanKindServer)
		span.Attributes().PutStr("http.request.method", "GET")
		span.Attributes().PutStr("url.path", "/orders")
		span.Attributes().PutStr("url.scheme", "https")
		span.Attributes().PutStr("http.route", "/orders")
		span.Attributes().PutInt("http.response.status_code", 200)
		span.Attributes().PutStr("server.address", "shop.example")
	}
	return traces
}

// Repeated gives a text so many times.
func Repeated(text string, count int) []string {
	list := make([]string, count)
	for i := range list {
		list[i] = text
	}
	return list
}
