package survey

import (
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/logfile"
)

// request classifies the records of an export request. A line that is none is
// counted and has no records.
func (c *classifier) request(r *logfile.Record) {
	// A request holds one signal. The key of the other one may stand in a text.
	if head := r.Text[:min(len(r.Text), 200)]; strings.Contains(head, `"resourceSpans"`) {
		traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces([]byte(r.Text))
		if err != nil {
			c.unreadable++
			return
		}
		c.traces(r, traces)
		return
	}
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs([]byte(r.Text))
	if err != nil || logs.ResourceLogs().Len() == 0 && !strings.Contains(r.Text, `"resource`) {
		c.unreadable++
		return
	}
	c.logs(r, logs)
}

func (c *classifier) logs(r *logfile.Record, logs plog.Logs) {
	for _, rl := range logs.ResourceLogs().All() {
		service := serviceOf(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				result := Result{Line: r.Line, Verdict: c.detector.Log(rl, sl, lr), service: service}
				if len(result.Verdict.Detections) > 0 {
					result.text = textOf(lr.Attributes(), lr.Body().AsString())
					result.time = firstTime(lr.Timestamp(), lr.ObservedTimestamp())
				} else if c.unknown && (result.Verdict.Fingerprint != "" || lr.SeverityNumber() >= plog.SeverityNumberError) {
					result.unknown = textOf(lr.Attributes(), lr.Body().AsString())
				}
				c.results = append(c.results, result)
			}
		}
	}
}

func (c *classifier) traces(r *logfile.Record, traces ptrace.Traces) {
	for _, rs := range traces.ResourceSpans().All() {
		service := serviceOf(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				c.span(rs, ss, span, Result{Line: r.Line, service: service})
			}
		}
	}
}

// span gives a result for each exception event of a span, and one for the span
// itself if it has no such event or fails as none of them says.
func (c *classifier) span(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, result Result) {
	before := len(c.results)
	for _, event := range span.Events().All() {
		if !detect.IsException(event.Name()) {
			continue
		}
		own := result
		own.Verdict = c.detector.SpanEvent(rs, ss, span, event)
		if len(own.Verdict.Detections) > 0 {
			own.text = textOf(event.Attributes(), span.Name())
			own.time = firstTime(event.Timestamp(), span.EndTimestamp())
		} else if c.unknown {
			own.unknown = textOf(event.Attributes(), "")
		}
		c.results = append(c.results, own)
	}
	result.Verdict = c.detector.Span(rs, ss, span)
	if len(result.Verdict.Detections) > 0 {
		result.text = textOf(span.Attributes(), span.Name()+": "+span.Status().Message())
		result.time = firstTime(span.EndTimestamp(), span.StartTimestamp())
	}
	if events := c.results[before:]; len(events) == 0 || saysMore(&result.Verdict, events) {
		c.results = append(c.results, result)
	}
}

// saysMore says whether a span is a failure of a type that none of its events is.
func saysMore(verdict *detect.Verdict, events []Result) bool {
	return len(verdict.Detections) > 0 && !slices.ContainsFunc(events, func(event Result) bool {
		return slices.ContainsFunc(event.Verdict.Detections, func(d detect.Detection) bool {
			return d.Rule.Type == verdict.Detections[0].Rule.Type
		})
	})
}

func serviceOf(resource pcommon.Resource) string {
	if name, ok := resource.Attributes().Get(attrService); ok {
		return name.AsString()
	}
	return ""
}

// textOf gives what an exception says, or another text where there is none.
func textOf(attributes pcommon.Map, other string) string {
	message, ok := attributes.Get("exception.message")
	if !ok {
		return strings.TrimSuffix(other, ": ")
	}
	kind, ok := attributes.Get("exception.type")
	if !ok || strings.HasPrefix(message.AsString(), kind.AsString()) {
		return message.AsString()
	}
	return kind.AsString() + ": " + message.AsString()
}

func firstTime(times ...pcommon.Timestamp) time.Time {
	for _, t := range times {
		if t != 0 {
			return t.AsTime()
		}
	}
	return time.Time{}
}
