package failuredetectorconnector

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// readTraces gathers the failures of spans and of their exceptions, and what cascades need of all spans.
func (r *reader) readTraces(traces ptrace.Traces) {
	for _, rs := range traces.ResourceSpans().All() {
		r.enter(rs.Resource())
		if r.silence && rs.ScopeSpans().Len() > 0 && rs.ScopeSpans().At(0).Spans().Len() > 0 {
			r.place()
		}
		for _, ss := range rs.ScopeSpans().All() {
			for i, span := range ss.Spans().All() {
				r.inScope = i + 1
				if r.cascades {
					r.addSpan(span)
				}
				if span.Events().Len() > 0 || annotated(span.Attributes()) {
					r.call, r.spanStage = r.callOf(span), r.stage(span.Attributes())
					r.readSpan(span)
				}
			}
			r.countRecords(ss.Spans().Len())
		}
	}
}

// readSpan takes the failures of a span's events, and its own only where none of those has one: the
// processor writes the failure of an exception on its span too.
func (r *reader) readSpan(span ptrace.Span) {
	classified := false
	for _, event := range span.Events().All() {
		if !annotated(event.Attributes()) {
			continue
		}
		if a := readAnnotation(event.Attributes()); a.Type != "" {
			classified = true
			a.Sample = func() string { return exceptionText(event.Attributes()) }
			r.add(&a, incident.Failure, event.Attributes(), event.Timestamp(), span.TraceID(), span.SpanID())
		}
	}
	if classified {
		return
	}
	if a := readAnnotation(span.Attributes()); a.Type != "" {
		a.Sample = func() string { return sample(span.Status().Message()) }
		r.add(&a, incident.Failure, span.Attributes(), span.EndTimestamp(), span.TraceID(), span.SpanID())
		return
	}
	for _, event := range span.Events().All() {
		if !detect.IsException(event.Name()) {
			continue
		}
		a := readAnnotation(event.Attributes())
		r.addException(&a, event.Attributes(), event.Timestamp(), span.TraceID(), span.SpanID())
		if r.unclassified != incident.UnclassifiedIncident {
			r.addUnknown(event.Attributes(), "", event.Timestamp(), span.TraceID(), span.SpanID())
		}
	}
}
