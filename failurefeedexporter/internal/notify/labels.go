package notify

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/failuredetector/failuredetector/failure"
)

// Bounds of a label and of an annotation, in bytes.
const (
	maxLabel      = 256
	maxAnnotation = 2048
)

// labelNames are the names of the resource attributes that become labels.
type labelNames map[string]string

func newLabelNames(attributes []string) labelNames {
	names := labelNames{}
	for _, key := range attributes {
		names[key] = labelName(key)
	}
	return names
}

// labelName makes a name that Alertmanager takes, as Prometheus names attributes.
func labelName(key string) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, key)
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}

// labels are the identity of an alert, so all of them are the same from each sender and after each start:
// neither the id of an incident is among them, nor a count, nor a time.
func (n labelNames) of(f *Failure, o origins) map[string]string {
	labels := map[string]string{}
	put := func(name, value string) {
		if value = oneLine(value); value != "" {
			labels[name] = value
		}
	}
	for key, name := range n {
		put(name, f.Resource[key])
	}
	put("alertname", f.FailureType)
	put("severity", f.Severity)
	put("failure_type", f.FailureType)
	put("failure_category", f.Category)
	put("failure_entity", f.Entity)
	put("failure_fingerprint", f.Fingerprint)
	if f.Transient {
		labels["failure_transient"] = "true"
	}
	if f.Status == failure.StatusPredicted {
		labels["failure_status"] = failure.StatusPredicted
	}
	if name, role := o.of(f); name != "" {
		put("failure_origin", name)
		labels["failure_cascade"] = role
	}
	return labels
}

// identity is the same for the same labels.
func identity(labels map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		text.WriteString(strconv.Quote(name))
		text.WriteString(strconv.Quote(labels[name]))
	}
	return text.String()
}

// oneLine bounds a text and takes out what could break a line or a terminal.
func oneLine(text string) string {
	return clip(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")), maxLabel)
}

// lines is oneLine for a text of several lines.
func lines(text string) string {
	return clip(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")), maxAnnotation)
}
