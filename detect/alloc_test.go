//go:build !race

package detect

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// The race detector makes sync.Pool drop what it is given at random, so that a
// call allocates what it would otherwise find there.

func TestRecordThatMatchesNothingAllocatesNothing(t *testing.T) {
	d := shippedDetector(t)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	json := plog.NewLogRecord()
	json.Body().SetStr(`{"time":"2026-03-04T10:15:32Z","level":"info","msg":"order \"48211\" accepted","took_ms":38}`)
	body := plog.NewLogRecord()
	body.Body().SetEmptyMap().PutStr("message", "order accepted")
	lines := plog.NewLogRecord()
	lines.Body().SetStr("order accepted:\n  item at (shelf 3)\n  item #0 of 7: apples\n")
	for name, lr := range map[string]plog.LogRecord{"text": typicalRecord(), "JSON": json, "map": body, "several lines": lines} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, d.Log(rl, sl, lr).Detections)
			require.Zero(t, testing.AllocsPerRun(200, func() { d.Log(rl, sl, lr) }))
		})
	}
	t.Run("span", func(t *testing.T) {
		span := ptrace.NewSpan()
		span.SetKind(ptrace.SpanKindClient)
		span.Attributes().PutInt("http.response.status_code", 200)
		rs, ss := ptrace.NewResourceSpans(), ptrace.NewScopeSpans()
		require.Empty(t, d.Span(rs, ss, span).Detections)
		require.Zero(t, testing.AllocsPerRun(200, func() { d.Span(rs, ss, span) }))
	})
}
