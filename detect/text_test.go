package detect

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// read gives what is read of a log record.
func read(tb testing.TB, fill func(plog.LogRecord)) *input {
	tb.Helper()
	r := newReader(defaultOptions())
	lr := plog.NewLogRecord()
	fill(lr)
	in := &input{}
	r.readLog(in, plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
	return in
}

func TestTextOfABody(t *testing.T) {
	for _, tc := range []struct {
		name string
		fill func(pcommon.Value)
		want string
	}{
		{"empty", func(pcommon.Value) {}, ""},
		{"a text", func(v pcommon.Value) { v.SetStr("plain") }, "plain"},
		{"a number says nothing", func(v pcommon.Value) { v.SetInt(500) }, ""},
		{"bytes say nothing", func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("plain")) }, ""},
		{"a level in brackets is no JSON", func(v pcommon.Value) { v.SetStr(`[main] INFO "a"`) }, `[main] INFO "a"`},
		{"JSON", func(v pcommon.Value) { v.SetStr(` {"level":"error", "msg" : "it\n\"broke\" \u00e9\ud83d\ude00\/"}`) }, "it\n\"broke\" é😀/"},
		{"JSON, several keys in their order", func(v pcommon.Value) { v.SetStr(`{"err":"b","n":[1,{"msg":"x"}],"msg":"a"}`) }, "b\na"},
		{"JSON, one level down", func(v pcommon.Value) { v.SetStr(`{"error":{"code":"E1","n":1,"message":"deep"}}`) }, "E1\ndeep"},
		{"JSON, of the Elastic Common Schema", func(v pcommon.Value) {
			v.SetStr(`{"@timestamp":"t","message":"failed","error.type":"E","error.message":"m","error.stack_trace":"E: m\n\tat a"}`)
		}, "failed\nm\nE: m\n\tat a"},
		{"JSON, an object without a known key", func(v pcommon.Value) { v.SetStr(`{"error":{"x":{"msg":1}}}`) }, `{"x":{"msg":1}}`},
		{"JSON, a list", func(v pcommon.Value) { v.SetStr(`{"detail":[{"type":"missing"}],"a":1}`) }, `[{"type":"missing"}]`},
		{"JSON, numbers and null say nothing", func(v pcommon.Value) { v.SetStr(`{"error":null,"message":3,"msg":"a"}`) }, "a"},
		{"JSON without a known key is taken as it is", func(v pcommon.Value) { v.SetStr(`{"a":"b\nc"}`) }, `{"a":"b\nc"}`},
		{"JSON that breaks off in a text", func(v pcommon.Value) { v.SetStr(`{"msg":"it bro`) }, "it bro"},
		{"JSON that breaks off between keys", func(v pcommon.Value) { v.SetStr(`{"msg":"broke", ...}`) }, "broke\n...}"},
		{"JSON with something behind", func(v pcommon.Value) { v.SetStr(`{"msg":"broke"} and more`) }, "broke\n and more"},
		{"an escape that is none", func(v pcommon.Value) { v.SetStr(`{"msg":"a\xb \u12"}`) }, `a\xb \u12`},
		{"half a surrogate", func(v pcommon.Value) { v.SetStr(`{"msg":"a\ud83d b"}`) }, "a\uFFFD b"},
		{"a map", func(v pcommon.Value) {
			m := v.SetEmptyMap()
			m.PutStr("level", "error")
			m.PutStr("message", "broke")
			m.PutInt("error", 3)
		}, "broke"},
		{"a map one level down", func(v pcommon.Value) {
			m := v.SetEmptyMap().PutEmptyMap("error")
			m.PutStr("message", "deep")
			m.PutStr("other", "no")
		}, "deep"},
		{"a map with a list", func(v pcommon.Value) {
			l := v.SetEmptyMap().PutEmptySlice("detail")
			l.AppendEmpty().SetEmptyMap().PutStr("type", "missing")
			l.AppendEmpty().SetDouble(1.5)
			l.AppendEmpty().SetBool(true)
			l.AppendEmpty()
		}, `[{"type":"missing"},1.5,true,null]`},
		{"a list", func(v pcommon.Value) {
			s := v.SetEmptySlice()
			s.AppendEmpty().SetStr("a")
			s.AppendEmpty().SetInt(2)
		}, `["a",2]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := read(t, func(lr plog.LogRecord) { tc.fill(lr.Body()) })
			require.Equal(t, tc.want, in.text)
		})
	}
}

func TestColoursAreNoText(t *testing.T) {
	body := "\x1b[1;31mERROR\x1b[0m \x1b[33mbroken pipe\x1b[0m \x1b]0;title\x07 \x1b[31"
	in := read(t, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	require.Equal(t, "ERROR broken pipe \x1b]0;title\x07 \x1b[31", in.text)
	at := strings.Index(in.text, "broken")
	source, start, end := in.locate(at, at+len("broken"))
	require.Equal(t, "body", source)
	require.Equal(t, "broken", body[start:end])
}

func TestTextOfAnException(t *testing.T) {
	for _, tc := range []struct {
		name, exceptionType, message, stack, body, other, want string
	}{
		{"type and message make one line", "E", "broke", "", "", "", "E: broke"},
		{"all in order", "E", "broke", "at f", "body", "more", "E: broke\nat f\nbody\nmore"},
		{"a message that has the type", "E", "E: broke", "", "", "", "E: broke"},
		{"type alone", "E", "", "", "", "", "E"},
		{"message alone", "", "broke", "", "", "", "broke"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := read(t, func(lr plog.LogRecord) {
				for key, value := range map[string]string{
					"exception.type": tc.exceptionType, "exception.message": tc.message,
					"exception.stacktrace": tc.stack, "error.message": tc.other,
				} {
					lr.Attributes().PutStr(key, value)
				}
				lr.Body().SetStr(tc.body)
			})
			require.Equal(t, tc.want, in.text)
		})
	}
}

func TestAttributesOfTheWrongKind(t *testing.T) {
	in := read(t, func(lr plog.LogRecord) {
		lr.Attributes().PutInt("exception.message", 5)
		lr.Attributes().PutEmptyMap("exception.type").PutStr("a", "b")
		lr.Attributes().PutEmptySlice("exception.stacktrace").AppendEmpty().SetStr("x")
		lr.Attributes().PutDouble("error.message", 1)
	})
	require.Empty(t, in.text)
	require.Empty(t, in.exceptionType)
}

func TestLongTextKeepsHeadAndTail(t *testing.T) {
	body := "head" + strings.Repeat("x", TextLimit) + "tail"
	in := read(t, func(lr plog.LogRecord) {
		lr.Attributes().PutStr("exception.message", "first")
		lr.Body().SetStr(body)
	})
	require.Len(t, in.text, TextLimit+len(cut))
	require.True(t, strings.HasPrefix(in.text, "first\nheadxxx"))
	require.True(t, strings.HasSuffix(in.text, "xxxtail"))

	source, start, end := in.locate(len(in.text)-4, len(in.text))
	require.Equal(t, "body", source)
	require.Equal(t, "tail", body[start:end])
	source, start, end = in.locate(6, 10)
	require.Equal(t, "body", source)
	require.Equal(t, "head", body[start:end])
}

func TestLongJSONKeepsHeadAndTail(t *testing.T) {
	body := `{"msg":"head` + strings.Repeat("x", 10<<20) + `tail"}`
	in := read(t, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	require.LessOrEqual(t, len(in.text), TextLimit+len(cut))
	require.True(t, strings.HasPrefix(in.text, "headxxx"))
	require.True(t, strings.HasSuffix(in.text, `xxxtail"}`))
}

func TestDeepAndWideBodiesAreBounded(t *testing.T) {
	in := read(t, func(lr plog.LogRecord) {
		value := lr.Body().SetEmptyMap().PutEmptySlice("detail").AppendEmpty()
		for range 100 {
			value = value.SetEmptySlice().AppendEmpty()
		}
		value.SetStr("deep")
	})
	require.Equal(t, "[[[[[[[[[]]]]]]]]]", in.text)

	in = read(t, func(lr plog.LogRecord) {
		list := lr.Body().SetEmptyMap().PutEmptySlice("detail")
		for range 100_000 {
			list.AppendEmpty().SetStr("wide")
		}
	})
	require.LessOrEqual(t, len(in.text), TextLimit)

	deep := strings.Repeat(`{"error":`, 100) + `"x"` + strings.Repeat("}", 100)
	in = read(t, func(lr plog.LogRecord) { lr.Body().SetStr(deep) })
	require.NotEmpty(t, in.text)
}

func TestCodesCount(t *testing.T) {
	r := newReader(defaultOptions())
	log := func(severity plog.SeverityNumber, event string) bool {
		lr := plog.NewLogRecord()
		lr.SetSeverityNumber(severity)
		lr.SetEventName(event)
		in := &input{}
		r.readLog(in, plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
		return in.codesCount
	}
	require.False(t, log(plog.SeverityNumberUnspecified, ""))
	require.False(t, log(plog.SeverityNumberInfo4, ""))
	require.True(t, log(plog.SeverityNumberWarn, ""))
	require.True(t, log(plog.SeverityNumberInfo, "exception"))
	require.True(t, log(plog.SeverityNumberInfo, "http.client.request.exception"))
	require.False(t, log(plog.SeverityNumberInfo, "exceptional"))

	for kind, want := range map[ptrace.SpanKind]bool{
		ptrace.SpanKindClient: true, ptrace.SpanKindServer: false, ptrace.SpanKindInternal: false,
	} {
		span := ptrace.NewSpan()
		span.SetKind(kind)
		span.Status().SetCode(ptrace.StatusCodeError)
		in := &input{}
		r.readSpan(in, ptrace.NewResourceSpans(), ptrace.NewScopeSpans(), span)
		require.Equal(t, want, in.codesCount, kind)
	}
}

func TestCodesAsEvidence(t *testing.T) {
	d := detectorOf(t, `
pack: test
types: [{type: BAD, category: c, severity: low, explain: {cause: bad}}]
rules:
  - {id: test-code, type: BAD, confidence: 0.5, match: {codes: {http.response.status_code: ['429'], db.response.status_code: ['08*']}}}
`)
	span := func(fill func(ptrace.Span)) Verdict {
		s := ptrace.NewSpan()
		fill(s)
		return d.Span(ptrace.NewResourceSpans(), ptrace.NewScopeSpans(), s)
	}
	v := span(func(s ptrace.Span) {
		s.SetKind(ptrace.SpanKindClient)
		s.Attributes().PutInt("http.response.status_code", 429)
	})
	require.Equal(t, []string{"BAD"}, types(v))
	require.Equal(t, "http.response.status_code", v.Detections[0].Source)
	require.Equal(t, "429", v.Detections[0].Text)

	require.Empty(t, span(func(s ptrace.Span) {
		s.SetKind(ptrace.SpanKindServer)
		s.Status().SetCode(ptrace.StatusCodeError)
		s.Attributes().PutInt("http.response.status_code", 429)
	}).Detections, "a server's own 429 is no failure of it")
	require.NotEmpty(t, span(func(s ptrace.Span) {
		s.SetKind(ptrace.SpanKindClient)
		s.Attributes().PutStr("db.response.status_code", "08006")
	}).Detections)
	require.Empty(t, span(func(s ptrace.Span) {
		s.SetKind(ptrace.SpanKindClient)
		s.Attributes().PutStr("db.response.status_code", "42P01")
		s.Attributes().PutDouble("http.response.status_code", 429)
	}).Detections)
}
