package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/failuredetector/failuredetector/failure"
)

// Level says how much a change of rules can break, in the terms of semantic versioning.
type Level int

// The levels, from the least. docs/rules.md tells which change has which.
const (
	// Patch changes what people read.
	Patch Level = iota + 1
	// Minor changes what is found.
	Minor
	// Major breaks what others have built on stable rules and on types.
	Major
)

// String gives the word for a level.
func (l Level) String() string { return [...]string{"", "patch", "minor", "major"}[l] }

// MarshalText writes the word for a level.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Change is one difference between two sets.
type Change struct {
	Level Level `json:"level"`
	// Veto, Type or Rule is what changed; the others are empty.
	Veto string `json:"veto,omitempty"`
	Type string `json:"type,omitempty"`
	Rule string `json:"rule,omitempty"`
	// What tells the difference in words, after the key where one key changed.
	What string `json:"what"`
}

// Subject names what changed, as errors name it.
func (c Change) Subject() string {
	switch {
	case c.Rule != "":
		return fmt.Sprintf("rule %q", c.Rule)
	case c.Veto != "":
		return fmt.Sprintf("veto %q", c.Veto)
	default:
		return "type " + c.Type
	}
}

// Diff tells what changed from one set to another: the gravest changes first,
// then vetoes before types before rules, then by name.
func Diff(before, after *Set) []Change {
	d := differ{before: before, after: after}
	for _, name := range both(before.Vetoes, after.Vetoes, func(v *Veto) string { return v.Name }) {
		d.subject = Change{Veto: name}
		d.diffVeto(before.veto(name), after.veto(name))
	}
	for _, name := range both(before.Types, after.Types, func(t *Type) string { return t.Name }) {
		d.subject = Change{Type: name}
		d.diffType(find(before.Types, func(t *Type) bool { return t.Name == name }), find(after.Types, func(t *Type) bool { return t.Name == name }))
	}
	for _, id := range both(before.Rules, after.Rules, func(r *Rule) string { return r.ID }) {
		d.subject = Change{Rule: id}
		d.diffRule(find(before.Rules, func(r *Rule) bool { return r.ID == id }), find(after.Rules, func(r *Rule) bool { return r.ID == id }))
	}
	slices.SortStableFunc(d.changes, func(a, b Change) int { return cmp.Compare(b.Level, a.Level) })
	return d.changes
}

// both gives the names in either list, sorted.
func both[T any](a, b []T, name func(T) string) []string {
	var names []string
	for _, item := range slices.Concat(a, b) {
		names = append(names, name(item))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func find[T any](list []*T, is func(*T) bool) *T {
	if at := slices.IndexFunc(list, is); at >= 0 {
		return list[at]
	}
	return nil
}

type differ struct {
	before, after *Set
	subject       Change
	changes       []Change
}

func (d *differ) note(level Level, format string, args ...any) {
	change := d.subject
	change.Level, change.What = level, fmt.Sprintf(format, args...)
	d.changes = append(d.changes, change)
}

// value notes a key whose value differs.
func (d *differ) value(level Level, key string, before, after any) {
	if from, to := shown(before), shown(after); from != to {
		d.note(level, "%s: from %s to %s", key, from, to)
	}
}

// lowered notes a key whose value differs; a lower one weighs more than a higher one.
func lowered[T cmp.Ordered](d *differ, down Level, key string, before, after T, words func(T) string) {
	switch {
	case after < before:
		d.note(down, "%s: lowered from %s to %s", key, words(before), words(after))
	case after > before:
		d.note(Minor, "%s: raised from %s to %s", key, words(before), words(after))
	}
}

func shown(value any) string {
	text := fmt.Sprint(value)
	if text == "" || text == "[]" {
		return "nothing"
	}
	return text
}

// diffVeto weighs little whatever it is: what a veto did is seen in no record,
// and a rule that names one that is gone cannot be loaded.
func (d *differ) diffVeto(before, after *Veto) {
	switch {
	case after == nil:
		d.note(Minor, "removed")
	case before == nil:
		d.note(Minor, "added")
	default:
		d.list("patterns", expressions(before.Patterns), expressions(after.Patterns))
	}
}

func (d *differ) diffType(before, after *Type) {
	switch {
	case after == nil:
		d.note(Major, "removed")
		return
	case before == nil:
		d.note(Minor, "added")
		return
	}
	d.value(Major, "category", before.Category, after.Category)
	d.value(Major, "refines", before.Refines, after.Refines)
	lowered(d, Major, "severity", before.Severity, after.Severity, failure.Severity.String)
	d.value(Minor, "precedence", before.Precedence, after.Precedence)
	d.value(Minor, "pack", before.Pack, after.Pack)
	d.value(Minor, "resolve.after", before.Resolve.After, after.Resolve.After)
	d.explain(before.Explain, after.Explain)
}

// explain notes what a person is told, and apart from it what programs go by.
func (d *differ) explain(before, after Explain) {
	d.value(Minor, "explain.transient", told(before.Transient), told(after.Transient))
	d.value(Minor, "explain.user_action_required", told(before.UserActionRequired), told(after.UserActionRequired))
	if before.Cause != after.Cause || before.RunbookURL != after.RunbookURL || !slices.Equal(before.Actions, after.Actions) {
		d.note(Patch, "explain: other words")
	}
}

func told(answer *bool) string {
	if answer == nil {
		return ""
	}
	return strconv.FormatBool(*answer)
}
