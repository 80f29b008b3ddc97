package probe

import (
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// typeStale is the failure type of what cannot be measured any more, and categoryStale its category.
const (
	typeStale     = "COLLECTION_STALE"
	categoryStale = "resource"
)

// Captures that only the end of a condition has.
const (
	captureReason   = "reason"
	captureDuration = "duration"
	capturePeak     = "peak"
)

// ReasonStart is the reason in events of conditions that do not hold when a probe starts.
const ReasonStart = "start"

// maxEvidence is how many entries of evidence an event has, as many as the connector keeps.
const maxEvidence = 16

// eventWriter writes the events of one scan.
type eventWriter struct {
	set     *Set
	logs    plog.Logs
	records plog.LogRecordSlice
	begun   bool
}

// event begins an event of a condition.
func (w *eventWriter) event(c *condition, name, failureType, category string, severity failure.Severity) plog.LogRecord {
	if !w.begun {
		rl := w.logs.ResourceLogs().AppendEmpty()
		if resource := w.set.settings.Resource; resource != (pcommon.Resource{}) {
			resource.CopyTo(rl.Resource())
		}
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName(w.set.settings.ScopeName)
		w.records, w.begun = sl.LogRecords(), true
	}
	lr := w.records.AppendEmpty()
	at := pcommon.NewTimestampFromTime(w.set.wall)
	lr.SetTimestamp(at)
	lr.SetObservedTimestamp(at)
	lr.SetEventName(name)
	lr.SetSeverityNumber(severity.Number())
	if name == failure.EventCleared {
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
	}
	lr.SetSeverityText(lr.SeverityNumber().String())

	attributes := lr.Attributes()
	for _, a := range c.entity.Attributes {
		attributes.PutStr(a.Key, a.Value)
	}
	attributes.PutStr(failure.AttrEvent, name)
	attributes.PutStr(failure.AttrType, failureType)
	attributes.PutStr(failure.AttrSeverity, severity.String())
	attributes.PutStr(failure.AttrCategory, category)
	attributes.PutDouble(failure.AttrConfidence, 1)
	attributes.PutStr(failure.AttrRule, w.set.settings.Component+"/"+c.signal.ID)
	attributes.PutStr(failure.AttrFingerprint, fingerprint.Probe(failureType, c.signal.ID, c.entity.ID))
	attributes.PutStr(failure.AttrEntity, c.entity.ID)
	attributes.PutStr(failure.AttrScope, c.entity.Scope)
	for _, a := range c.entity.Captures {
		attributes.PutStr(failure.AttrCapturePrefix+a.Key, a.Value)
	}
	return lr
}

// ofSignal begins an event about the signal itself, with its value.
func (w *eventWriter) ofSignal(c *condition, name string, severity failure.Severity) plog.LogRecord {
	lr := w.event(c, name, c.signal.Type, c.signal.Category, severity)
	if c.seen == measured {
		lr.Attributes().PutDouble(failure.AttrValue, c.reading.Sample.Value)
	}
	lr.Attributes().PutDouble(failure.AttrThreshold, c.threshold())
	return lr
}

// observed tells that a condition holds: when it is raised, when it changed, and that it goes on.
func (w *eventWriter) observed(c *condition, change signal.Change) {
	c.told = w.set.now
	lr := w.ofSignal(c, failure.EventObserved, c.severity())
	lr.Body().SetStr(w.observedSentence(c, change))
	evidence := append([]string{failure.EvidenceObserved + w.valueAndThreshold(c)}, w.evidence(c)...)
	if c.foreseen {
		evidence = append(evidence, failure.EvidenceInferred+"at this rate it is exhausted in "+between(c.forecast))
	}
	putEvidence(lr, evidence)
}

// predicted tells that it is about to hold.
func (w *eventWriter) predicted(c *condition) {
	c.told = w.set.now
	lr := w.ofSignal(c, failure.EventPredicted, c.severity())
	lr.Body().SetStr(w.predictedSentence(c))
	if c.foreseen {
		lr.Attributes().PutStr(failure.AttrPredictedEarliest, w.ahead(c.forecast.Earliest))
		lr.Attributes().PutStr(failure.AttrPredictedLatest, w.ahead(c.forecast.Latest))
	}
	evidence := []string{failure.EvidenceObserved + w.value(c)}
	if c.foreseen {
		evidence = append(evidence, failure.EvidenceInferred+rate(c.forecast))
	}
	putEvidence(lr, append(evidence, w.evidence(c)...))
}

// cleared tells that it is over, or that what had it is gone.
func (w *eventWriter) cleared(c *condition, was failure.Severity, reason string) {
	c.foretold = false
	peak, lasted := c.machine.Peak(), c.machine.Lasted(w.set.now)
	lr := w.ofSignal(c, failure.EventCleared, was)
	lr.Body().SetStr(w.clearedSentence(c, reason, lasted, peak))
	attributes := lr.Attributes()
	attributes.PutStr(failure.AttrCapturePrefix+captureDuration, lasted.Round(time.Second).String())
	attributes.PutStr(failure.AttrCapturePrefix+capturePeak, strconv.FormatFloat(peak, 'g', 6, 64))
	if reason != "" {
		attributes.PutStr(failure.AttrCapturePrefix+captureReason, reason)
	}
	putEvidence(lr, []string{failure.EvidenceObserved + "it lasted " + about(lasted) + w.atWorst(c, peak)})
}

// denied tells a connector that remembers the condition that it does not hold.
func (w *eventWriter) denied(c *condition) {
	lr := w.ofSignal(c, failure.EventCleared, c.severity())
	lr.Body().SetStr(c.signal.Title + " on " + c.entity.Name + ": it is not so since the probe started.")
	lr.Attributes().PutStr(failure.AttrCapturePrefix+captureReason, ReasonStart)
}

// unforetold tells that what was predicted is no longer to be expected.
func (w *eventWriter) unforetold(c *condition, was failure.Severity, reason string) {
	lr := w.ofSignal(c, failure.EventCleared, was)
	lr.Body().SetStr(w.unforetoldSentence(c, reason))
	lr.Attributes().PutStr(failure.AttrCapturePrefix+captureReason, reason)
	if c.seen == measured {
		putEvidence(lr, []string{failure.EvidenceObserved + w.value(c)})
	}
}

// observedStale tells that it is not known how things are.
func (w *eventWriter) observedStale(c *condition) {
	c.toldStale = w.set.now
	lr := w.event(c, failure.EventObserved, typeStale, categoryStale, failure.Medium)
	lr.Body().SetStr(w.staleSentence(c))
	putEvidence(lr, []string{failure.EvidenceUnknown + c.signal.Subject + " of " + c.entity.Name + ": " + c.reason})
}

// staleOver tells that it is known again, or that there is nothing left to know.
func (w *eventWriter) staleOver(c *condition, reason string) {
	lasted := w.set.now - c.unknownAt
	lr := w.event(c, failure.EventCleared, typeStale, categoryStale, failure.Medium)
	lr.Body().SetStr(w.staleOverSentence(c, reason, lasted))
	lr.Attributes().PutStr(failure.AttrCapturePrefix+captureDuration, lasted.Round(time.Second).String())
	if reason != "" {
		lr.Attributes().PutStr(failure.AttrCapturePrefix+captureReason, reason)
	}
}

// evidence is what else was seen: what supports the condition, and what the receiver adds.
func (w *eventWriter) evidence(c *condition) []string {
	var list []string
	for _, other := range w.set.supporters {
		if other.isUpFor(c) && other.seen == measured {
			list = append(list, failure.EvidenceObserved+other.signal.Subject+": "+w.valueAndThreshold(other))
		}
	}
	if c.reading.Evidence != nil {
		for _, text := range c.reading.Evidence() {
			list = append(list, failure.EvidenceObserved+text)
		}
	}
	return list
}

func putEvidence(lr plog.LogRecord, evidence []string) {
	list := lr.Attributes().PutEmptySlice(failure.AttrEvidence)
	for _, text := range evidence[:min(len(evidence), maxEvidence)] {
		list.AppendEmpty().SetStr(text)
	}
}

// ahead is the time on the wall clock after some time.
func (w *eventWriter) ahead(d time.Duration) string {
	return w.set.wall.Add(d).UTC().Format(time.RFC3339Nano)
}
