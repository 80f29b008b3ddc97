package failurefeedexporter

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// probeHeartbeat is how often a probe repeats what lasts.
const probeHeartbeat = 5 * time.Minute

// event is what one record says: a name, and the failure as it is then.
type event struct {
	name   string
	probed bool
	shownFailure
}

// reader makes events of records.
type reader struct {
	traceURL string
	// tenant is the resource attribute that tells whose a failure is, or "".
	tenant string
}

// read gives what a record says, or false where it is no failure event.
func (r *reader) read(resource pcommon.Resource, lr plog.LogRecord, now time.Time) (event, bool) {
	name := eventName(lr)
	if !ofIncident(name) && !ofProbe(name) {
		return event{}, false
	}
	e := event{name: name}
	for key, value := range lr.Attributes().All() {
		if strings.HasPrefix(key, failure.Prefix) {
			e.readAttribute(key, value)
		}
	}
	e.probed = e.ID == "" && ofProbe(name)
	if e.FailureType == "" || !e.probed && (e.ID == "" || !ofIncident(name)) {
		return event{}, false
	}
	e.readResource(resource.Attributes())
	r.readRecord(&e, lr, now)
	if e.probed {
		e.ID = probeID(&e.shownFailure, r.tenant)
	}
	e.complete()
	return e, true
}

// eventName gives the name of an event, which some backends drop from the record and leave in the attribute.
func eventName(lr plog.LogRecord) string {
	if name := lr.EventName(); name != "" {
		return name
	}
	if value, found := lr.Attributes().Get(failure.AttrEvent); found && value.Type() == pcommon.ValueTypeStr {
		return value.Str()
	}
	return ""
}

func ofProbe(name string) bool {
	return name == failure.EventObserved || name == failure.EventCleared || name == failure.EventPredicted
}

func ofIncident(name string) bool {
	switch name {
	case failure.EventOpened, failure.EventOngoing, failure.EventEscalated, failure.EventResolved, failure.EventRegressed, failure.EventPredicted:
		return true
	default:
		return false
	}
}

// readAttribute takes one attribute. One of a wrong type says nothing.
func (e *event) readAttribute(key string, value pcommon.Value) {
	if text := e.textOf(key); text != nil {
		if value.Type() == pcommon.ValueTypeStr {
			*text = clip(value.Str(), maxName)
		}
		return
	}
	switch key {
	case failure.AttrCause:
		e.RootCause = readText(value, maxText)
	case failure.AttrActions:
		for _, text := range readTexts(value, maxText) {
			e.RecoverySteps = append(e.RecoverySteps, newStep(text))
		}
	case failure.AttrEvidence:
		for _, text := range readTexts(value, maxText) {
			e.Evidence = append(e.Evidence, newEvidence(text))
		}
	case failure.AttrPath:
		e.Path = readTexts(value, maxName)
	case failure.AttrVictims:
		e.Victims = readTexts(value, maxName)
	default:
		e.readScalar(key, value)
	}
}

// textOf gives where the text of an attribute goes, or nil.
func (e *event) textOf(key string) *string {
	switch key {
	case failure.AttrIncidentID:
		return &e.ID
	case failure.AttrStatus:
		return &e.Status
	case failure.AttrType:
		return &e.FailureType
	case failure.AttrSeverity:
		return &e.Severity
	case failure.AttrCategory:
		return &e.Category
	case failure.AttrEntity:
		return &e.Entity
	case failure.AttrRule:
		return &e.Rule
	case failure.AttrFingerprint:
		return &e.Fingerprint
	case failure.AttrOrigin:
		return &e.Origin
	case failure.AttrSuppressedBy:
		return &e.SuppressedBy
	case failure.AttrRegressionOf:
		return &e.RegressionOf
	case failure.AttrScope:
		return &e.Scope
	default:
		return nil
	}
}

func (e *event) readScalar(key string, value pcommon.Value) {
	switch key {
	case failure.AttrSequence:
		e.sequence = max(0, readInt(value))
	case failure.AttrCount:
		e.Count = max(0, readInt(value))
	case failure.AttrReminderSeconds:
		// More than a year is nobody's reminder, and would not fit into a duration.
		e.reminder = time.Duration(min(max(0, readInt(value)), 366*24*3600)) * time.Second
	case failure.AttrFirstSeen:
		if t := readTime(value); t != nil {
			e.FirstSeen = *t
		}
	case failure.AttrLastSeen:
		if t := readTime(value); t != nil {
			e.LastSeen = *t
		}
	case failure.AttrPredictedEarliest:
		e.PredictedEarliest = readTime(value)
	case failure.AttrPredictedLatest:
		e.PredictedLatest = readTime(value)
	case failure.AttrConfidence:
		if c := readNumber(value); c != nil && *c >= 0 && *c <= 1 {
			e.Confidence = c
		}
	case failure.AttrValue:
		e.Value = readNumber(value)
	case failure.AttrThreshold:
		e.Threshold = readNumber(value)
	case failure.AttrUserActionRequired:
		e.UserActionRequired = readBool(value)
	case failure.AttrTransient:
		e.Transient = readBool(value)
	default:
		e.readCapture(key, value)
	}
}

func (e *event) readCapture(key string, value pcommon.Value) {
	name, captured := strings.CutPrefix(key, failure.AttrCapturePrefix)
	if !captured || len(e.Captures) >= failure.MaxCaptures {
		return
	}
	if e.Captures == nil {
		e.Captures = map[string]string{}
	}
	e.Captures[clip(name, failure.MaxCaptureBytes)] = readText(value, failure.MaxCaptureBytes)
}

// readResource takes who failed. The attributes of an event's resource are few, and all tell that.
func (e *event) readResource(attributes pcommon.Map) {
	for key, value := range attributes.All() {
		if len(e.Resource) == maxList {
			break
		}
		text := readText(value, maxName)
		if text == "" {
			continue
		}
		if e.Resource == nil {
			e.Resource = make(map[string]string, min(attributes.Len(), maxList))
		}
		e.Resource[clip(key, maxName)] = text
	}
	if name, found := attributes.Get("service.name"); found {
		e.Service = readText(name, maxName)
	}
}

func (r *reader) readRecord(e *event, lr plog.LogRecord, now time.Time) {
	e.Message = readText(lr.Body(), maxText)
	e.received = now
	e.Updated = recordTime(lr, now)
	if e.Severity = severityOf(e.Severity, lr.SeverityNumber()); e.probed {
		e.reminder = probeHeartbeat
	}
	if id := lr.TraceID(); !id.IsEmpty() {
		e.TraceID = id.String()
		if r.traceURL != "" {
			e.TraceURL = strings.ReplaceAll(r.traceURL, traceIDField, e.TraceID)
		}
	}
	if id := lr.SpanID(); !id.IsEmpty() {
		e.SpanID = id.String()
	}
}

// complete fills what clients rely on in with what follows from the rest.
func (e *event) complete() {
	switch e.Status {
	case failure.StatusActive, failure.StatusResolved, failure.StatusStale, failure.StatusPredicted:
	default:
		e.Status = statusOf(e.name)
	}
	if e.LastSeen.IsZero() {
		e.LastSeen = e.Updated
	}
	if e.FirstSeen.IsZero() {
		e.FirstSeen = e.LastSeen
	}
	if e.Message == "" {
		e.Message = e.FailureType
	}
	if e.Status == failure.StatusResolved {
		ended := e.Updated
		e.Ended = &ended
	}
}

func statusOf(name string) string {
	switch name {
	case failure.EventResolved, failure.EventCleared:
		return failure.StatusResolved
	case failure.EventPredicted:
		return failure.StatusPredicted
	default:
		return failure.StatusActive
	}
}

// severityOf reads a severity; where it is none of ours, the number of the record says how bad it is.
func severityOf(text string, number plog.SeverityNumber) string {
	var s failure.Severity
	if s.UnmarshalText([]byte(text)) == nil {
		return text
	}
	s = failure.Critical
	for s > failure.Low && number < s.Number() {
		s--
	}
	return s.String()
}

// probeID identifies a condition, as a probe gives it no id: by whose it is, who failed, what of it, and how.
func probeID(f *shownFailure, tenant string) string {
	what := f.Fingerprint
	if what == "" {
		what = f.FailureType + "\x1f" + f.Rule
	}
	fields := []string{f.Resource["service.namespace"], f.Service, f.Resource["deployment.environment.name"], f.Entity, what}
	if tenant != "" {
		fields = append(fields, f.Resource[tenant])
	}
	sum := sha256.Sum256([]byte(strings.Join(fields, "\x1f")))
	return hex.EncodeToString(sum[:16])
}

// recordTime gives when it happened. A time that JSON cannot say, or none, is now.
func recordTime(lr plog.LogRecord, now time.Time) time.Time {
	at := lr.Timestamp()
	if at == 0 {
		at = lr.ObservedTimestamp()
	}
	if t := at.AsTime(); at != 0 && t.Year() >= 1970 && t.Year() <= 2200 {
		return t
	}
	return now.UTC()
}

func readInt(value pcommon.Value) int64 {
	if value.Type() != pcommon.ValueTypeInt {
		return 0
	}
	return value.Int()
}

func readBool(value pcommon.Value) *bool {
	if value.Type() != pcommon.ValueTypeBool {
		return nil
	}
	said := value.Bool()
	return &said
}
