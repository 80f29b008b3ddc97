package failuredetectorconnector

import (
	"cmp"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/internal/redact"
)

// reader gathers what the records of one batch say about failures.
type reader struct {
	resources    resourceReader
	catalogue    *catalogue
	unclassified incident.UnclassifiedMode
	signal       incident.Signal
	// cascades says that spans are gathered too, silence who sent anything, and novelty errors that no rule
	// recognised, with how much was sent beside them.
	cascades, silence, novelty bool

	arrived incident.Batch
	// inScope is how many records of its scope are read, the current one included.
	inScope    int
	lastState  string
	lastWeight float32
	// stageKey is the attribute that says where a task is, and spanStage what that of the span is whose
	// failures are read.
	stageKey, spanStage string
	// call is what the span calls whose failures are read.
	call incident.Call

	batch []incident.Observation
	// incidentEvents says that the batch has events of incidents, which are forwarded.
	incidentEvents bool
	// resource is read once, and only where a record of it says something.
	attributes pcommon.Map
	resource   *incident.Resource
}

// enter begins with the records of a resource.
func (r *reader) enter(resource pcommon.Resource) {
	r.attributes, r.resource = resource.Attributes(), nil
}

// add takes an observation of the resource that was entered.
func (r *reader) add(a *annotation, kind incident.Kind, record pcommon.Map, at pcommon.Timestamp, trace pcommon.TraceID, span pcommon.SpanID) {
	if r.resource == nil {
		r.resource = r.resources.read(r.attributes)
	}
	a.Kind, a.Signal, a.Resource = kind, r.signal, r.resource
	a.Time = int64(at) // What does not fit is negative, which the state takes for no time.
	a.TraceID, a.SpanID = trace, span
	a.Call = r.call
	if stage := cmp.Or(r.stage(record), r.spanStage); stage != "" && len(a.Captures) < failure.MaxCaptures {
		a.Captures = append(a.Captures, incident.Attribute{Key: "stage", Value: clip(stage, failure.MaxCaptureBytes)})
	}
	a.EntityAttributes = entityAttributes(a.Entity, r.attributes, record)
	r.complete(a)
	r.batch = append(r.batch, a.Observation)
	r.arrived.Places = append(r.arrived.Places, r.here())
}

// here is the place in the batch of what is read.
func (r *reader) here() incident.Place {
	return incident.Place{Services: len(r.arrived.Services), Spans: len(r.arrived.Spans), Failures: len(r.batch)}
}

// complete fills in what an older sender may have left out.
func (r *reader) complete(a *annotation) {
	switch a.Kind {
	case incident.Clear:
		return
	case incident.Unclassified:
		a.Type, a.Category, a.Severity = failure.TypeUnclassified, failure.CategoryUnclassified, failure.Medium
	case incident.Observed, incident.Cleared, incident.Predicted:
		probe := a.probe
		a.Probe = &probe
	}
	if a.Severity == 0 || a.Category == "" {
		rule := r.catalogue.rule(a.Rule, a.Type)
		if a.Severity == 0 {
			a.Severity = rule.Severity
		}
		if a.Category == "" {
			a.Category = rule.Category
		}
	}
	if a.Fingerprint == "" {
		a.Fingerprint = a.Type
	}
}

// addException takes an exception that no rule recognised.
func (r *reader) addException(a *annotation, record pcommon.Map, at pcommon.Timestamp, trace pcommon.TraceID, span pcommon.SpanID) {
	if r.unclassified == incident.UnclassifiedOff {
		return
	}
	if name := text(record, "exception.type"); a.Fingerprint == "" {
		a.Fingerprint = "e:" + name
	}
	if r.unclassified == incident.UnclassifiedIncident {
		a.Text = exceptionText(record)
	}
	r.add(a, incident.Unclassified, record, at, trace, span)
}

// exceptionText is what an exception says, without secrets.
func exceptionText(record pcommon.Map) string {
	line := text(record, "exception.type")
	if message := text(record, "exception.message"); message != "" {
		line = strings.TrimPrefix(line+": "+message, ": ")
	}
	return clip(printable(redact.String(line)), maxText)
}

// isException says whether a record is an exception, whether or not a rule recognised it.
func isException(eventName string, a *annotation) bool {
	return a.Fingerprint != "" || detect.IsException(eventName)
}
