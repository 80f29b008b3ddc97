package failuredetectorconnector

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/internal/novelty"
	"github.com/failuredetector/failuredetector/internal/redact"
)

const (
	// attrTemplate is the attribute by which a logger tells what a message was made from.
	attrTemplate = "log.record.template"
	// maxCompared bounds what of a message is compared, in bytes, and maxTrace what is read to find the type
	// of the exception whose trace stands in it.
	maxCompared, maxTrace = 1 << 10, 16 << 10
)

// countRecords counts what the resource that was entered sent, where that says how much of it is errors.
func (r *reader) countRecords(n int) {
	if !r.novelty || n == 0 {
		return
	}
	place := r.place()
	for len(r.arrived.Counts) <= place {
		r.arrived.Counts = append(r.arrived.Counts, 0)
	}
	r.arrived.Counts[place] += n
}

// addUnknownLog takes an error that no rule recognised.
func (r *reader) addUnknownLog(lr plog.LogRecord, at pcommon.Timestamp) {
	if !r.novelty {
		return
	}
	// What a logger adds to a message of many lines is told by the first of them.
	message := novelty.Headline(clip(detect.Message(lr.Body()), maxTrace))
	r.addUnknown(lr.Attributes(), message, at, lr.TraceID(), lr.SpanID())
}

// addUnknown takes what an error says: its template where the logger tells that, else a message with the
// type of the exception, or what that says where there is no message.
func (r *reader) addUnknown(attributes pcommon.Map, message string, at pcommon.Timestamp, trace pcommon.TraceID, span pcommon.SpanID) {
	if !r.novelty {
		return
	}
	exception := text(attributes, "exception.type")
	switch {
	case message == "":
		said, _, _ := strings.Cut(textUpTo(attributes, "exception.message", maxCompared), "\n")
		message = strings.Trim(exception+": "+said, ": ")
	case exception != "" && !strings.Contains(message, exception):
		message = clip(message, maxCompared) + " " + exception
	}
	// A secret must not become a part of a template. Whether a part of a text is one, the whole tells.
	message = redact.String(clip(message, 2*maxCompared))
	compared := novelty.FromTemplate(redact.String(textUpTo(attributes, attrTemplate, maxCompared)))
	if compared.Empty() {
		// In brackets it would end the word that it is in.
		compared = novelty.FromText(strings.ReplaceAll(message, redact.Mask, strings.Trim(redact.Mask, "[]")))
	}
	if compared.Empty() {
		return
	}
	when := int64(at) // What does not fit is negative, which the state takes for no time.
	place, records := r.place(), r.inScope
	if place < len(r.arrived.Counts) {
		records += r.arrived.Counts[place]
	}
	r.arrived.Unknown = append(r.arrived.Unknown, incident.Unknown{
		Service: place, Records: records, Place: r.here(), Time: when, TraceID: trace, SpanID: span, Text: compared, Sample: message,
	})
}
