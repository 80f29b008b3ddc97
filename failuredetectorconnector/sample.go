package failuredetectorconnector

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/novelty"
	"github.com/failuredetector/failuredetector/internal/redact"
	"github.com/failuredetector/failuredetector/internal/stacktrace"
)

// logSample is what a log record says, without secrets, for who has to see it before believing a cause.
func logSample(lr plog.LogRecord) string {
	if said := sample(detect.Message(lr.Body())); said != "" {
		return said
	}
	return exceptionText(lr.Attributes())
}

// sample is one line of a text, without secrets: the first, with what the exception says whose trace follows.
func sample(text string) string {
	text = clip(text, maxTrace)
	line := novelty.Headline(text)
	if trace, ok := stacktrace.Parse(text); ok && trace.Message != "" && strings.HasSuffix(line, trace.Type) {
		line += ": " + trace.Message
	}
	// Whether a part of a text is a secret, the whole tells.
	line = redact.String(clip(line, 2*maxCompared))
	return clip(strings.Join(strings.Fields(printable(line)), " "), maxText)
}
