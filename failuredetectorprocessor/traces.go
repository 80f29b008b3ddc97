package failuredetectorprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/detect"
)

func (p *failureDetector) processTraces(ctx context.Context, traces ptrace.Traces) (ptrace.Traces, error) {
	detector := p.detector()
	if detector == nil {
		return traces, nil
	}
	var t tally
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				p.processSpan(detector, rs, ss, span, &t)
			}
		}
	}
	p.counters.report(ctx, &t)
	return traces, nil
}

// processSpan classifies a span's exception events and its own status. The span
// carries the primary failure of all of them, so that a trace backend finds it.
func (p *failureDetector) processSpan(detector *detect.Detector, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, t *tally) {
	if p.config.TrustIncoming {
		if trusted(span.Attributes()) {
			return
		}
	} else if distrust(span.Attributes()) {
		t.untrusted++
	}
	var all []detect.Detection
	failed := span.Status().Code() == ptrace.StatusCodeError
	for _, event := range span.Events().All() {
		if !p.config.TrustIncoming && distrust(event.Attributes()) {
			t.untrusted++
		}
		if !detect.IsException(event.Name()) || p.config.TrustIncoming && trusted(event.Attributes()) {
			continue
		}
		failed = true
		t.records++
		verdict := detector.SpanEvent(rs, ss, span, event)
		t.addVerdict(&verdict)
		if len(verdict.Detections) == 0 {
			putFingerprint(event.Attributes(), &verdict)
			continue
		}
		t.addFailure(verdict.Detections[0].Rule)
		p.config.Annotate.annotate(event.Attributes(), verdict.Detections)
		all = append(all, verdict.Detections...)
	}
	t.records++
	verdict := detector.Span(rs, ss, span)
	t.addVerdict(&verdict)
	all = append(all, verdict.Detections...)
	if len(all) == 0 {
		if failed {
			t.unclassified++
		}
		return
	}
	all = detector.Arrange(all)
	t.addFailure(all[0].Rule)
	p.config.Annotate.annotate(span.Attributes(), all)
}
