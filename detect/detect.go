package detect

import (
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Log classifies a log record. Its resource and scope are for conditions only.
func (d *Detector) Log(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) Verdict {
	s := d.borrow()
	defer d.giveBack(s)
	d.reader.readLog(&s.input, rl, sl, lr)
	return d.classify(s)
}

// Span classifies what a span says itself: its status if that is an error, and
// its codes if it is a client's. Its events are classified by SpanEvent.
func (d *Detector) Span(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) Verdict {
	if !speaks(span) {
		return Verdict{}
	}
	s := d.borrow()
	defer d.giveBack(s)
	d.reader.readSpan(&s.input, rs, ss, span)
	return d.classify(s)
}

// SpanEvent classifies an exception event of a span; see IsException.
func (d *Detector) SpanEvent(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, event ptrace.SpanEvent) Verdict {
	s := d.borrow()
	defer d.giveBack(s)
	d.reader.readSpanEvent(&s.input, rs, ss, span, event)
	return d.classify(s)
}

// Text classifies a bare text, as the body of a log record.
func (d *Detector) Text(text string) Verdict {
	rl := plog.NewResourceLogs()
	sl := rl.ScopeLogs().AppendEmpty()
	lr := sl.LogRecords().AppendEmpty()
	lr.Body().SetStr(text)
	return d.Log(rl, sl, lr)
}

// IsException says whether an event or log record of this name is an exception:
// `exception`, or a name that ends in `.exception`.
func IsException(eventName string) bool { return isExceptionEvent(eventName) }

// Arrange joins the detections of several records that are about one thing, as
// a span and its events are: one detection for each type, the primary one first
// and the others from the most specific. It reorders the slice it is given.
func (d *Detector) Arrange(detections []Detection) []Detection { return d.order.arrange(detections) }

func (d *Detector) borrow() *scratch { return d.scratch.Get().(*scratch) }

func (d *Detector) giveBack(s *scratch) {
	s.input.release()
	d.scratch.Put(s)
}
