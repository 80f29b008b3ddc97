package failuredetectorconnector

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// annotation is what the attributes of one record say. Attributes of a wrong type say nothing.
type annotation struct {
	incident.Observation
	event       string
	hasIncident bool
	probe       incident.Probe
}

// annotated says whether a record may say anything about a failure. Nearly all say nothing, so this
// is what a record costs.
func annotated(attributes pcommon.Map) bool {
	for key := range attributes.All() {
		if strings.HasPrefix(key, failure.Prefix) {
			return true
		}
	}
	return false
}

func readAnnotation(attributes pcommon.Map) annotation {
	var a annotation
	for key, value := range attributes.All() {
		if !strings.HasPrefix(key, failure.Prefix) {
			continue
		}
		if key == failure.AttrIncidentID {
			a.hasIncident = true
			continue
		}
		switch value.Type() {
		case pcommon.ValueTypeStr:
			a.readText(key, value.Str())
		case pcommon.ValueTypeDouble:
			a.readNumber(key, value.Double())
		case pcommon.ValueTypeInt:
			a.readNumber(key, float64(value.Int()))
		case pcommon.ValueTypeSlice:
			a.readList(key, value.Slice())
		default: // No attribute of ours has another type.
		}
	}
	return a
}

func (a *annotation) readText(key, value string) {
	switch key {
	case failure.AttrType:
		a.Type = clip(value, maxName)
	case failure.AttrSeverity:
		if a.Severity.UnmarshalText([]byte(clip(value, maxName))) != nil {
			a.Severity = 0
		}
	case failure.AttrCategory:
		a.Category = clip(value, maxName)
	case failure.AttrRule:
		a.Rule = clip(value, maxName)
	case failure.AttrFingerprint:
		a.Fingerprint = clip(value, maxName)
	case failure.AttrEntity:
		a.Entity = clip(value, maxName)
	case failure.AttrEvent:
		a.event = clip(value, maxName)
	case failure.AttrScope:
		a.probe.Scope = clip(value, maxName)
	case failure.AttrPredictedEarliest:
		a.probe.Earliest = readTime(value)
	case failure.AttrPredictedLatest:
		a.probe.Latest = readTime(value)
	default:
		if name, captured := strings.CutPrefix(key, failure.AttrCapturePrefix); captured && len(a.Captures) < failure.MaxCaptures {
			a.Captures = append(a.Captures, incident.Attribute{Key: clip(name, failure.MaxCaptureBytes), Value: clip(value, failure.MaxCaptureBytes)})
		}
	}
}

func (a *annotation) readNumber(key string, value float64) {
	switch key {
	case failure.AttrConfidence:
		// A confidence outside its range, or none at all, is no confidence.
		if value >= 0 && value <= 1 {
			a.Confidence = value
		}
	case failure.AttrValue:
		a.probe.Value = finite(value)
	case failure.AttrThreshold:
		a.probe.Threshold = finite(value)
	}
}

func (a *annotation) readList(key string, values pcommon.Slice) {
	switch key {
	case failure.AttrClears:
		a.Clears = readTexts(values, maxName)
	case failure.AttrEvidence:
		a.probe.Evidence = readTexts(values, maxText)
	}
}

func readTexts(values pcommon.Slice, limit int) []string {
	var list []string
	for _, value := range values.All() {
		if len(list) == maxList {
			break
		}
		if value.Type() == pcommon.ValueTypeStr {
			list = append(list, clip(value.Str(), limit))
		}
	}
	return list
}

// finite leaves out what JSON cannot say, in which the state is saved.
func finite(value float64) *float64 {
	if value-value != 0 {
		return nil
	}
	return &value
}

func readTime(value string) int64 {
	t, err := time.Parse(time.RFC3339Nano, clip(value, maxName))
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return 0 // Beyond that nanoseconds do not fit, and nobody predicts as far.
	}
	return t.UnixNano()
}
