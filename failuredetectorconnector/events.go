package failuredetectorconnector

import (
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// eventWriter writes failure events as log records.
type eventWriter struct {
	groupBy  []string
	reminder int64
	version  string
}

func newEventWriter(config *Config, set connector.Settings) eventWriter {
	return eventWriter{groupBy: config.GroupBy, reminder: int64(config.ReminderInterval / time.Second), version: set.BuildInfo.Version}
}

func (w *eventWriter) write(events []incident.Event, c *catalogue) plog.Logs {
	logs := plog.NewLogs()
	logs.ResourceLogs().EnsureCapacity(len(events))
	for i := range events {
		rl := logs.ResourceLogs().AppendEmpty()
		w.writeResource(rl.Resource().Attributes(), &events[i].Incident)
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName(metadata.ScopeName)
		sl.Scope().SetVersion(w.version)
		w.writeRecord(sl.LogRecords().AppendEmpty(), &events[i], c)
	}
	return logs
}

// writeResource says who failed.
func (w *eventWriter) writeResource(attributes pcommon.Map, in *incident.Incident) {
	for i, key := range w.groupBy {
		if value := in.Group.Values[i]; value != "" {
			attributes.PutStr(key, value)
		}
	}
	for _, list := range [][]incident.Attribute{in.Group.Carried, in.EntityAttributes} {
		for _, a := range list {
			attributes.PutStr(a.Key, a.Value)
		}
	}
}

func (w *eventWriter) writeRecord(lr plog.LogRecord, e *incident.Event, c *catalogue) {
	in := &e.Incident
	told := c.explain(in)
	lr.SetEventName(e.Name)
	lr.SetTimestamp(pcommon.Timestamp(e.Time))
	lr.SetObservedTimestamp(pcommon.Timestamp(e.Time))
	lr.SetTraceID(in.TraceID)
	lr.SetSpanID(in.SpanID)
	lr.SetSeverityNumber(in.Severity.Number())
	if e.Name == failure.EventResolved {
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
	}
	lr.SetSeverityText(strings.ToUpper(lr.SeverityNumber().String()))
	lr.Body().SetStr(sentence(e, told.cause))

	attributes := lr.Attributes()
	attributes.EnsureCapacity(32)
	w.writeIdentity(attributes, e)
	writeFailure(attributes, in)
	attributes.PutStr(failure.AttrCause, told.cause)
	putTexts(attributes, failure.AttrActions, told.actions)
	if told.userActionRequired != nil {
		attributes.PutBool(failure.AttrUserActionRequired, *told.userActionRequired)
	}
	attributes.PutBool(failure.AttrTransient, in.Transient)
	putTexts(attributes, failure.AttrEvidence, evidence(e))
	if w.reminder > 0 {
		attributes.PutInt(failure.AttrReminderSeconds, w.reminder)
	}
}

// writeIdentity says which event of which incident it is.
func (*eventWriter) writeIdentity(attributes pcommon.Map, e *incident.Event) {
	in := &e.Incident
	attributes.PutStr(failure.AttrEvent, e.Name)
	attributes.PutStr(failure.AttrIncidentID, in.ID)
	attributes.PutInt(failure.AttrSequence, e.Sequence)
	attributes.PutStr(failure.AttrEventID, fmt.Sprintf("%s-%d", in.ID, e.Sequence))
	attributes.PutStr(failure.AttrStatus, e.Status)
	attributes.PutInt(failure.AttrCount, in.Count)
	attributes.PutStr(failure.AttrFirstSeen, timestamp(in.First))
	attributes.PutStr(failure.AttrLastSeen, timestamp(in.Last))
	if in.RegressionOf != "" {
		attributes.PutStr(failure.AttrRegressionOf, in.RegressionOf)
	}
	if e.Restored {
		attributes.PutBool(failure.AttrRestored, true)
	}
}

// writeFailure writes what a record of the failure has.
func writeFailure(attributes pcommon.Map, in *incident.Incident) {
	attributes.PutStr(failure.AttrType, in.Type)
	attributes.PutStr(failure.AttrSeverity, in.Severity.String())
	attributes.PutStr(failure.AttrCategory, in.Category)
	attributes.PutStr(failure.AttrFingerprint, in.Fingerprint)
	if in.Confidence > 0 {
		attributes.PutDouble(failure.AttrConfidence, in.Confidence)
	}
	for _, optional := range []incident.Attribute{
		{Key: failure.AttrRule, Value: in.Rule}, {Key: failure.AttrEntity, Value: in.Entity}, {Key: serviceVersion, Value: in.Version},
	} {
		if optional.Value != "" {
			attributes.PutStr(optional.Key, optional.Value)
		}
	}
	for _, captured := range in.Captures {
		attributes.PutStr(failure.AttrCapturePrefix+captured.Key, captured.Value)
	}
	if in.SuppressedBy != "" {
		attributes.PutStr(failure.AttrSuppressedBy, in.SuppressedBy)
	}
	if in.Cascade != nil {
		attributes.PutStr(failure.AttrOrigin, in.Cascade.Origin)
		putTexts(attributes, failure.AttrPath, in.Cascade.Path)
		putTexts(attributes, failure.AttrVictims, in.Cascade.Victims)
	}
	if in.Probe != nil {
		writeProbe(attributes, in.Probe)
	}
}

func writeProbe(attributes pcommon.Map, p *incident.Probe) {
	if p.Scope != "" {
		attributes.PutStr(failure.AttrScope, p.Scope)
	}
	if p.Value != nil {
		attributes.PutDouble(failure.AttrValue, *p.Value)
	}
	if p.Threshold != nil {
		attributes.PutDouble(failure.AttrThreshold, *p.Threshold)
	}
	if p.Earliest > 0 {
		attributes.PutStr(failure.AttrPredictedEarliest, timestamp(p.Earliest))
	}
	if p.Latest > 0 {
		attributes.PutStr(failure.AttrPredictedLatest, timestamp(p.Latest))
	}
}

// evidence is what the event rests on: what the probe saw, what the transition rests on, and the count
// with the record behind it.
func evidence(e *incident.Event) []string {
	in := &e.Incident
	var list []string
	if in.Probe != nil {
		list = append(list, in.Probe.Evidence...)
	}
	list = append(list, e.Evidence...)
	if in.Cascade != nil {
		return append(list, cascadeEvidence(in)...)
	}
	if in.Missing != nil {
		return append(list, silenceEvidence(in.Missing))
	}
	if in.News != nil {
		list = append(list, newsEvidence(in)...)
	}
	if in.Sample != "" {
		list = append(list, failure.EvidenceObserved+"the first says: "+in.Sample)
	}
	if in.Count > 0 && in.Origin != incident.FromTrend {
		list = append(list, failure.EvidenceObserved+counted(in))
	}
	return list
}

// counted says how many failures there were when, and where the record behind the event is.
func counted(in *incident.Incident) string {
	text := fmt.Sprintf("%s from %s to %s", plural(in.Count, "failure"), timestamp(in.First), timestamp(in.Last))
	if in.Count == 1 {
		text = "1 failure at " + timestamp(in.First)
	}
	if trace := pcommon.TraceID(in.TraceID); !trace.IsEmpty() {
		text += ", this event is from trace " + trace.String()
		if span := pcommon.SpanID(in.SpanID); !span.IsEmpty() {
			text += ", span " + span.String()
		}
	}
	return text
}

func putTexts(attributes pcommon.Map, key string, values []string) {
	if len(values) == 0 {
		return
	}
	list := attributes.PutEmptySlice(key)
	list.EnsureCapacity(len(values))
	for _, value := range values {
		list.AppendEmpty().SetStr(value)
	}
}

func timestamp(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339Nano) }

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
