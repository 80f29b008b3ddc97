package failuredetectorconnector

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// probeKinds are the events of probes.
var probeKinds = map[string]incident.Kind{
	failure.EventObserved:  incident.Observed,
	failure.EventCleared:   incident.Cleared,
	failure.EventPredicted: incident.Predicted,
}

// readLogs gathers the failures of log records. Those that are events of incidents already are left
// to forward.
func (r *reader) readLogs(logs plog.Logs) {
	for _, rl := range logs.ResourceLogs().All() {
		r.enter(rl.Resource())
		if r.silence && rl.ScopeLogs().Len() > 0 && rl.ScopeLogs().At(0).LogRecords().Len() > 0 {
			r.place()
		}
		for _, sl := range rl.ScopeLogs().All() {
			for i, lr := range sl.LogRecords().All() {
				if annotated(lr.Attributes()) || detect.IsException(lr.EventName()) || r.novelty && lr.SeverityNumber() >= plog.SeverityNumberError {
					r.inScope = i + 1
					r.readLog(lr)
				}
			}
			r.countRecords(sl.LogRecords().Len())
		}
	}
}

func (r *reader) readLog(lr plog.LogRecord) {
	a := readAnnotation(lr.Attributes())
	if a.hasIncident {
		r.incidentEvents = true
		return
	}
	at := lr.Timestamp()
	if at == 0 {
		at = lr.ObservedTimestamp()
	}
	name := lr.EventName()
	if name == "" {
		name = a.event
	}
	kind, probed := probeKinds[name]
	switch {
	case probed && a.Type != "":
		if lr.Body().Type() == pcommon.ValueTypeStr {
			a.probe.Says = clip(lr.Body().Str(), maxSentence)
		}
		r.add(&a, kind, lr.Attributes(), at, lr.TraceID(), lr.SpanID())
	case strings.HasPrefix(name, failure.EventPrefix): // An event that is none of ours.
	case a.Type != "":
		a.Sample = func() string { return logSample(lr) }
		r.add(&a, incident.Failure, lr.Attributes(), at, lr.TraceID(), lr.SpanID())
	case len(a.Clears) > 0:
		r.add(&a, incident.Clear, lr.Attributes(), at, lr.TraceID(), lr.SpanID())
	case isException(name, &a):
		r.addException(&a, lr.Attributes(), at, lr.TraceID(), lr.SpanID())
		if r.unclassified != incident.UnclassifiedIncident { // There each is announced already.
			r.addUnknownLog(lr, at)
		}
	default:
		r.addUnknownLog(lr, at)
	}
}

// incidentEvents copies the events of incidents that another connector keeps out of a batch.
func incidentEvents(logs plog.Logs) plog.Logs {
	events := plog.NewLogs()
	logs.CopyTo(events)
	events.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool {
			sl.LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
				_, found := lr.Attributes().Get(failure.AttrIncidentID)
				return !found
			})
			return sl.LogRecords().Len() == 0
		})
		return rl.ScopeLogs().Len() == 0
	})
	return events
}
