package labelled

import (
	"errors"
	"fmt"
	"slices"

	"github.com/failuredetector/failuredetector/detect"
)

// Answer is what rules say of a message: its primary type, and the rule that
// gave it. Both are empty where nothing was recognised.
type Answer struct{ Type, Rule string }

// String names type and rule, or says that there is nothing.
func (a Answer) String() string {
	if a.Type == "" {
		return "nothing"
	}
	return fmt.Sprintf("%s by rule %q", a.Type, a.Rule)
}

// ask classifies a message as the processor would.
func ask(d *detect.Detector, m *Message) Answer {
	verdict, _ := d.Explain(m.record())
	if len(verdict.Detections) == 0 {
		return Answer{}
	}
	return Answer{Type: verdict.Detections[0].Rule.Type, Rule: verdict.Detections[0].Rule.ID}
}

// Difference is a message that two rule sets give different types.
type Difference struct {
	Message       *Message
	Before, After Answer
}

// Compare finds the messages whose primary type is another one with other rules.
func Compare(before, after *detect.Detector, messages []Message) []Difference {
	var list []Difference
	for i := range messages {
		m := &messages[i]
		if b, a := ask(before, m), ask(after, m); b.Type != a.Type {
			list = append(list, Difference{Message: m, Before: b, After: a})
		}
	}
	return list
}

func checkLabels(d *detect.Detector, messages []Message) error {
	var errs []error
	for i := range messages {
		m := &messages[i]
		for _, name := range slices.Concat(m.Labels, m.AlsoOK) {
			if d.Rules().TypeByName(name) == nil {
				errs = append(errs, fmt.Errorf("%s:%d: labels, also_ok: there is no failure type %q", m.File, m.Line, name))
			}
		}
	}
	return errors.Join(errs...)
}
