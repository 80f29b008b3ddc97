package failuredetectorprocessor

import (
	"context"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
)

func (p *failureDetector) processLogs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	detector := p.detector()
	if detector == nil {
		return logs, nil
	}
	var t tally
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				p.processRecord(detector, rl, sl, lr, &t)
			}
		}
	}
	p.counters.report(ctx, &t)
	return logs, nil
}

func (p *failureDetector) processRecord(detector *detect.Detector, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord, t *tally) {
	if p.config.TrustIncoming {
		if trusted(lr.Attributes()) || strings.HasPrefix(lr.EventName(), failure.EventPrefix) {
			return
		}
	} else if distrust(lr.Attributes()) {
		t.untrusted++
	}
	t.records++
	verdict := detector.Log(rl, sl, lr)
	t.addVerdict(&verdict)
	if len(verdict.Detections) == 0 {
		if len(verdict.Clears) > 0 {
			putStrings(lr.Attributes(), failure.AttrClears, verdict.Clears)
		}
		putFingerprint(lr.Attributes(), &verdict)
		if lr.SeverityNumber() >= plog.SeverityNumberError || detect.IsException(lr.EventName()) {
			t.unclassified++
		}
		return
	}
	t.addFailure(verdict.Detections[0].Rule)
	p.config.Annotate.annotate(lr.Attributes(), verdict.Detections)
	if p.config.SetSeverity && lr.SeverityNumber() == plog.SeverityNumberUnspecified {
		lr.SetSeverityNumber(verdict.Detections[0].Rule.Severity.Number())
	}
}
