package detect

import (
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

// identify gives every detection and every exception its fingerprint. What the
// record is to the sender decides: an exception is one whatever rule matched.
func (in *input) identify(v *Verdict) {
	if id, ok := in.exceptionPrint(); ok {
		v.Fingerprint = id
		for i := range v.Detections {
			v.Detections[i].Fingerprint = id
		}
		return
	}
	var last masked
	for i := range v.Detections {
		found := &v.Detections[i]
		found.Fingerprint = in.messagePrint(found, &last)
	}
	if len(v.Detections) > 0 {
		v.Fingerprint = v.Detections[0].Fingerprint
	}
}

// exceptionPrint gives the fingerprint of the exception that the record is, or
// whose trace stands in its body.
func (in *input) exceptionPrint() (string, bool) {
	if in.typeName != "" || in.exceptionMessage != "" || in.exceptionStacktrace != "" {
		return fingerprint.Exception(in.typeName, in.exceptionMessage, in.exceptionStacktrace), true
	}
	if in.kind != kindLog {
		return "", false
	}
	for i := range in.pieces {
		// A trace has at least two lines.
		text := in.pieces[i].text
		if strings.IndexByte(text, '\n') < 0 {
			continue
		}
		if id, ok := fingerprint.Printed(withoutColour(text)); ok {
			return id, true
		}
	}
	return "", false
}

// masked is a text and its mask. Detections of a record are mostly in the same text.
type masked struct{ text, mask string }

func (m *masked) of(text string) string {
	if text != m.text {
		m.text, m.mask = text, fingerprint.Mask(text)
	}
	return m.mask
}

// messagePrint gives the fingerprint of a detection in a record that is no
// exception: by the text in which it was found, or by the code that told of it.
func (in *input) messagePrint(found *Detection, last *masked) string {
	if found.Pattern == "" {
		return fingerprint.Code(found.Rule.Type, found.Source, found.Text)
	}
	text := found.Text
	for i := range in.pieces {
		if p := &in.pieces[i]; p.source == found.Source {
			text = withoutColour(p.text)
			break
		}
	}
	return fingerprint.Masked(found.Rule.Type, last.of(text))
}

// anyDigits says whether the fingerprints of all detections by a pattern are the same for every
// record that differs in nothing but which digits it has.
func (in *input) anyDigits() bool {
	if _, ok := in.exceptionPrint(); ok {
		return false
	}
	return !slices.ContainsFunc(in.pieces, func(p piece) bool { return !fingerprint.AnyDigits(withoutColour(p.text)) })
}
