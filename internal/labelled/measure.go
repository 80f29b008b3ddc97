package labelled

import (
	"cmp"
	"slices"

	"github.com/failuredetector/failuredetector/detect"
)

// Result is what rules make of labelled messages.
type Result struct {
	// Total counts every message.
	Total Count
	// Types has a count for each type that owns a message or was found in one, by name.
	Types []TypeCount
	// Rules has a count for each rule that decided a message, by id.
	Rules []RuleCount
	// Faults are the messages that were not understood, in the order of the messages.
	Faults []Fault
}

// Count holds the figures of all messages, of a type or of a rule.
type Count struct {
	// Messages are those whose first label the type is; of a rule, those of its type.
	Messages int
	// Recognised are those among Messages that got a right type; of a rule, by this rule.
	Recognised int
	// Found are the messages that got this type, or got it from this rule.
	Found int
	// Wrong are those among Found that report another failure.
	Wrong int
	// FalsePositives are those among Found that report no failure.
	FalsePositives int
}

// Recall is the share of the messages that were recognised; 1 where there are none.
func (c Count) Recall() float64 { return share(c.Recognised, c.Messages) }

// Precision is the share of what was found that is right; 1 where nothing was found.
func (c Count) Precision() float64 { return share(c.Found-c.Wrong-c.FalsePositives, c.Found) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// countAnswer adds one answer to the figures of a type, a rule or all messages.
func countAnswer(c *Count, m *Message, primary string) {
	c.Found++
	switch {
	case m.accepts(primary):
	case m.Owner() == "":
		c.FalsePositives++
	default:
		c.Wrong++
	}
}

// TypeCount are the figures of one type.
type TypeCount struct {
	Type string
	Count
}

// RuleCount are the figures of one rule. It decides a message that gets its
// primary type from it.
type RuleCount struct {
	Rule string
	Type string
	Count
}

// Fault is a message that got a wrong answer.
type Fault struct {
	Message *Message
	Got     Answer
}

// Measure classifies every message as the processor would and compares the
// primary type with the labels. A label that no type of the rules has is an
// error: nothing could ever recognise that message.
func Measure(d *detect.Detector, messages []Message) (*Result, error) {
	if err := checkLabels(d, messages); err != nil {
		return nil, err
	}
	t := tally{types: map[string]*Count{}, rules: map[string]*RuleCount{}}
	for i := range messages {
		m := &messages[i]
		t.count(m, ask(d, m))
	}
	return t.result(), nil
}

// tally gathers counts.
type tally struct {
	total  Count
	types  map[string]*Count
	rules  map[string]*RuleCount
	faults []Fault
}

func (t *tally) count(m *Message, got Answer) {
	right := m.accepts(got.Type)
	if owner := m.Owner(); owner != "" {
		for _, c := range []*Count{&t.total, t.ofType(owner)} {
			c.Messages++
			if right {
				c.Recognised++
			}
		}
	}
	if got.Type != "" {
		r := t.ofRule(got)
		for _, c := range []*Count{&t.total, t.ofType(got.Type), &r.Count} {
			countAnswer(c, m, got.Type)
		}
		if right && m.Owner() == got.Type {
			r.Recognised++
		}
	}
	if !right && (got.Type != "" || m.Owner() != "") {
		t.faults = append(t.faults, Fault{Message: m, Got: got})
	}
}

func (t *tally) ofType(name string) *Count {
	if t.types[name] == nil {
		t.types[name] = &Count{}
	}
	return t.types[name]
}

func (t *tally) ofRule(got Answer) *RuleCount {
	if t.rules[got.Rule] == nil {
		t.rules[got.Rule] = &RuleCount{Rule: got.Rule, Type: got.Type}
	}
	return t.rules[got.Rule]
}

func (t *tally) result() *Result {
	r := &Result{Total: t.total, Faults: t.faults}
	for name, c := range t.types {
		r.Types = append(r.Types, TypeCount{Type: name, Count: *c})
	}
	for _, c := range t.rules {
		c.Messages = t.ofType(c.Type).Messages
		r.Rules = append(r.Rules, *c)
	}
	slices.SortFunc(r.Types, func(a, b TypeCount) int { return cmp.Compare(a.Type, b.Type) })
	slices.SortFunc(r.Rules, func(a, b RuleCount) int { return cmp.Compare(a.Rule, b.Rule) })
	return r
}
