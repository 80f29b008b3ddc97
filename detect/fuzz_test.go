package detect

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/rules"
)

// FuzzMatch holds the matcher to what a loop over all rules finds, on any text.
func FuzzMatch(f *testing.F) {
	d := shippedDetector(f)
	// Every seed is run by go test too, through the plain loop.
	for i, r := range d.Rules().Rules {
		if i%50 == 0 {
			f.Add(r.Examples.Match[0].Text, r.Examples.Match[0].ExceptionType)
		}
	}
	plain := newOracle(d)
	f.Fuzz(func(t *testing.T, text, exceptionType string) {
		if len(text) > maxFuzzedText {
			return
		}
		s := d.borrow()
		defer d.giveBack(s)
		d.readExample(s, rules.Example{Text: text, ExceptionType: exceptionType})
		plain.check(t, s, d.set.Rules)
	})
}

// maxFuzzedText keeps a record below what is tried at most: beyond that the
// matcher leaves out what the loop does not.
const maxFuzzedText = 512

// FuzzText checks that whatever a sender puts into a record is read within the
// limit, and that positions lead back into it.
func FuzzText(f *testing.F) {
	f.Add("E", "message", "at f", "body")
	f.Add("", "\xff\x00", "\u212A", `{"msg":"a\ud83d`)
	f.Fuzz(func(t *testing.T, exceptionType, message, stack, body string) {
		lr := plog.NewLogRecord()
		lr.Attributes().PutStr("exception.type", exceptionType)
		lr.Attributes().PutStr("exception.message", message)
		lr.Attributes().PutStr("exception.stacktrace", stack)
		lr.Body().SetStr(body)
		r := newReader(defaultOptions())
		in := &input{}
		r.readLog(in, plog.NewResourceLogs(), plog.NewScopeLogs(), lr)
		checkReading(t, in)
	})
}

// FuzzJSON does the same for bodies that begin as JSON.
func FuzzJSON(f *testing.F) {
	f.Add(`"msg":"a"}`)
	f.Add(`"error":{"message":"\u00e9","detail":[1,{"a":"]"}]},"x":null}`)
	f.Add(`"err":{"err":{"err":"deep"}}}`)
	f.Fuzz(func(t *testing.T, rest string) {
		in := read(t, func(lr plog.LogRecord) { lr.Body().SetStr("{" + rest) })
		checkReading(t, in)
	})
}

func checkReading(t *testing.T, in *input) {
	t.Helper()
	require.LessOrEqual(t, len(in.text), TextLimit+len(cut))
	for _, at := range []int{0, len(in.text) / 2, len(in.text)} {
		_, start, end := in.locate(at, len(in.text))
		require.GreaterOrEqual(t, start, 0)
		require.GreaterOrEqual(t, end, 0)
	}
}
