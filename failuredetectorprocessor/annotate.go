package failuredetectorprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
)

// annotate writes a record's detections, primary first, on its attributes.
func (c *AnnotateConfig) annotate(attributes pcommon.Map, detections []detect.Detection) {
	primary := &detections[0]
	attributes.PutStr(failure.AttrType, primary.Rule.Type)
	attributes.PutStr(failure.AttrSeverity, primary.Rule.Severity.String())
	attributes.PutStr(failure.AttrCategory, primary.Rule.Category)
	attributes.PutDouble(failure.AttrConfidence, primary.Rule.Confidence)
	attributes.PutStr(failure.AttrRule, primary.Rule.ID)
	attributes.PutStr(failure.AttrFingerprint, primary.Fingerprint)
	if len(detections) > 1 {
		names := attributes.PutEmptySlice(failure.AttrTypes)
		names.EnsureCapacity(len(detections))
		for i := range detections {
			names.AppendEmpty().SetStr(detections[i].Rule.Type)
		}
	}
	if c.Captures {
		for _, captured := range primary.Captures {
			attributes.PutStr(failure.AttrCapturePrefix+captured.Name, captured.Value)
		}
	}
	if c.Explanation {
		attributes.PutStr(failure.AttrCause, primary.Cause())
		putStrings(attributes, failure.AttrActions, primary.Actions())
	}
}

// putFingerprint identifies an exception that no rule recognised.
func putFingerprint(attributes pcommon.Map, verdict *detect.Verdict) {
	if verdict.Fingerprint != "" {
		attributes.PutStr(failure.AttrFingerprint, verdict.Fingerprint)
	}
}

func putStrings(attributes pcommon.Map, key string, values []string) {
	list := attributes.PutEmptySlice(key)
	list.EnsureCapacity(len(values))
	for _, value := range values {
		list.AppendEmpty().SetStr(value)
	}
}

// trusted says whether a record carries a verdict that is to be kept.
func trusted(attributes pcommon.Map) bool {
	_, annotated := attributes.Get(failure.AttrType)
	return annotated
}

// distrust removes what only this processor may write, and reports whether
// there was any.
func distrust(attributes pcommon.Map) bool {
	for key := range attributes.All() {
		// The first letter tells nearly all keys apart.
		if key != "" && key[0] == failure.Prefix[0] && strings.HasPrefix(key, failure.Prefix) {
			attributes.RemoveIf(func(key string, _ pcommon.Value) bool { return strings.HasPrefix(key, failure.Prefix) })
			return true
		}
	}
	return false
}
