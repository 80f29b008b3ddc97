package failuredetectorconnector

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/novelty"
	"github.com/failuredetector/failuredetector/internal/redact"
	"github.com/failuredetector/failuredetector/internal/stacktrace"
)

// logSample is what a log record says, without secrets, for who has to see it before believing a cause.
func logSample(lr plog.LogRecord) string {
	said := detect.Message(lr.Body())
	if lr.Body().Type() == pcommon.ValueTypeMap {
		said = withError(said, lr.Body().Map())
	}
	if said = sample(said); said != "" {
		return said
	}
	return exceptionText(lr.Attributes())
}

// withError adds the error to the message of a structured record, which often says only what did not work.
func withError(message string, body pcommon.Map) string {
	for _, key := range []string{"error", "err"} {
		value, found := body.Get(key)
		if found && value.Type() == pcommon.ValueTypeMap {
			value, found = value.Map().Get("message")
		}
		if found && value.Type() == pcommon.ValueTypeStr && !strings.Contains(message, value.Str()) {
			return message + ": " + value.Str()
		}
	}
	return message
}

// lineOf gives what the trace in a text says of an exception that is a cause, or "".
func lineOf(exception, text string) string {
	found := ""
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "Caused by: ")
		if exception != "" && strings.HasPrefix(line, exception+":") {
			found = line
		}
	}
	return found
}

// sample is one line of a text, without secrets: the first, with what the exception says whose trace follows,
// and the innermost of its causes.
func sample(text string) string {
	text = clip(text, maxTrace)
	line := novelty.Headline(text)
	if trace, ok := stacktrace.Parse(text); ok && trace.Message != "" {
		// Where the headline has the type at its end, it is without the message.
		if before, bare := strings.CutSuffix(line, trace.Type); bare && strings.Contains(before, trace.Message) {
			line = before
		} else if bare {
			line += ": " + trace.Message
		}
		if cause := lineOf(trace.Cause, text); cause != "" && !strings.Contains(line, cause) {
			line += ", caused by " + cause
		}
	}
	// Whether a part of a text is a secret, the whole tells.
	line = redact.String(clip(line, 2*maxCompared))
	return clip(strings.Join(strings.Fields(printable(line)), " "), maxText)
}
