package failuredetectorprocessor

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// hostileBodies are what a sender may write, by accident or not.
var hostileBodies = map[string]func(pcommon.Value){
	"invalid UTF-8":         func(v pcommon.Value) { v.SetStr("a\xff\xfe\xc3(b") },
	"NUL bytes":             func(v pcommon.Value) { v.SetStr("a\x00b\x00") },
	"terminal escape codes": func(v pcommon.Value) { v.SetStr("\x1b[2J\x1b]0;title\x07") },
	"10 MB":                 func(v pcommon.Value) { v.SetStr(strings.Repeat("0123456789", 1<<20)) },
	"10 MB of JSON":         func(v pcommon.Value) { v.SetStr(`{"msg":"` + strings.Repeat(`\"`, 5<<20) + `"}`) },
	"10 MB of brackets":     func(v pcommon.Value) { v.SetStr(`{"a":` + strings.Repeat("[", 10<<20)) },
	"10 MB of spaces":       func(v pcommon.Value) { v.SetStr(strings.Repeat(" ", 10<<20)) },
	"empty":                 func(v pcommon.Value) { v.SetStr("") },
	"nothing":               func(pcommon.Value) {},
	"bytes":                 func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte{0, 255}) },
	"100 levels": func(v pcommon.Value) {
		for range 100 {
			v = v.SetEmptyMap().PutEmpty("error")
		}
		v.SetStr("deep")
	},
	"10,000 keys": func(v pcommon.Value) { _ = v.SetEmptyMap().FromRaw(manyKeys("message")) },
}

// manyKeys is for FromRaw: to put one after the other takes the square of 10,000.
func manyKeys(beginning string) map[string]any {
	keys := map[string]any{}
	for i := range 10_000 {
		keys[fmt.Sprint(beginning, i)] = "x"
	}
	return keys
}

func TestHostileRecordsPassUntouched(t *testing.T) {
	dots := strings.Repeat("a.", 5<<20)
	for name, body := range hostileBodies {
		t.Run(name, func(t *testing.T) {
			p, sink := newHarness(t, createDefaultConfig().(*Config)).logs(t)
			logs := plog.NewLogs()
			lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			body(lr.Body())
			require.NoError(t, lr.Attributes().FromRaw(manyKeys("exception.type")))
			lr.Attributes().PutEmptyMap("exception.message").PutStr("a", "b")
			lr.Attributes().PutStr("exception.type", dots)
			lr.Attributes().PutStr("db.response.status_code", dots)
			lr.SetSeverityNumber(plog.SeverityNumberWarn)
			want := marshalled(t, logs)
			require.NoError(t, p.ConsumeLogs(context.Background(), logs))
			require.True(t, bytes.Equal(want, marshalled(t, sink.AllLogs()[0])))
		})
	}
}

// marshalled gives logs as bytes: to compare them key by key takes that square too.
func marshalled(t *testing.T, logs plog.Logs) []byte {
	t.Helper()
	content, err := new(plog.ProtoMarshaler).MarshalLogs(logs)
	require.NoError(t, err)
	return content
}

func TestHostileSpansPass(t *testing.T) {
	span := processSpan(t, createDefaultConfig().(*Config), func(span ptrace.Span) {
		span.Status().SetCode(ptrace.StatusCodeError)
		span.Status().SetMessage("\xff\x00\x1b[31m")
		for range 1_000 {
			event := addException(span, "\xff", strings.Repeat("x", 1<<16))
			event.Attributes().PutEmptySlice("exception.stacktrace").AppendEmpty().SetInt(1)
		}
	})
	require.Equal(t, 1_000, span.Events().Len())
	require.Zero(t, span.Attributes().Len())
}

// TestCapturesAreBounded holds that what a sender writes cannot grow the
// annotations, nor put control characters or broken UTF-8 into them.
func TestCapturesAreBounded(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.Rules.Files = []string{packFile(t, `
pack: test
types: [{type: QTEST, category: c, severity: low, explain: {cause: c}}]
rules:
  - id: test-captures
    type: QTEST
    confidence: 0.5
    match: {patterns: ['qtest (?P<a>.+?)(?P<b>x)(?P<c>x)(?P<d>x)(?P<e>x)(?P<f>x)(?P<g>x)(?P<h>x)(?P<i>x) end']}
`)}
	lr := processLog(t, config, func(lr plog.LogRecord) {
		lr.Body().SetStr("qtest \x1b[31m\xff\x00é" + strings.Repeat("é", 500) + "xxxxxxxx end")
	})
	captures := 0
	for key, value := range lr.Attributes().All() {
		if !strings.HasPrefix(key, "failure_capture.") {
			continue
		}
		captures++
		require.LessOrEqual(t, len(value.Str()), 128)
		require.NotContains(t, value.Str(), "\x1b")
		require.NotContains(t, value.Str(), "\x00")
		require.NotContains(t, value.Str(), "\uFFFD")
	}
	require.Equal(t, 8, captures)
}
