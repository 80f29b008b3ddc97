package rules

import (
	"maps"
	"slices"

	"github.com/failuredetector/failuredetector/failure"
)

func (d *differ) diffRule(before, after *Rule) {
	// Only a stable rule is a promise; of another, nothing weighs more than minor.
	promised := Minor
	if before != nil && before.Maturity == Stable {
		promised = Major
	}
	switch {
	case after == nil:
		d.note(promised, "removed, a rule that is %s", before.Maturity)
		return
	case before == nil:
		d.note(Minor, "added, of type %s", after.Type)
		return
	}
	d.value(promised, "type", before.Type, after.Type)
	order := func(m Maturity) int { return slices.Index(maturities, m) }
	lowered(d, promised, "maturity", order(before.Maturity), order(after.Maturity), func(at int) string { return string(maturities[at]) })
	if before.Mode != after.Mode && after.Mode == Shadow {
		d.note(promised, "mode: from annotate to shadow")
	} else {
		d.value(Minor, "mode", before.Mode, after.Mode)
	}
	for _, name := range captureNames(before) {
		if !slices.Contains(captureNames(after), name) {
			d.note(promised, "no pattern captures %q any more", name)
		}
	}
	d.value(Minor, "confidence", before.Confidence, after.Confidence)
	d.value(Minor, "pack", before.Pack, after.Pack)
	d.diffMatch(before, after)
	d.diffInherited(before, after, promised)
	if !slices.EqualFunc(before.Examples.Match, after.Examples.Match, sameRecord) ||
		!slices.EqualFunc(before.Examples.Ignore, after.Examples.Ignore, sameRecord) {
		d.note(Patch, "examples: other records")
	}
}

func (d *differ) diffMatch(before, after *Rule) {
	d.list("match.patterns", expressions(before.Match.Patterns), expressions(after.Match.Patterns))
	d.list("match.exception_types", before.Match.ExceptionTypes, after.Match.ExceptionTypes)
	d.list("match.codes", flatCodes(before), flatCodes(after))
	d.list("all_of", expressions(before.AllOf), expressions(after.AllOf))
	d.list("none_of", expressions(before.NoneOf), expressions(after.NoneOf))
	d.list("vetoes", before.Vetoes, after.Vetoes)
	d.list("clear_patterns", expressions(before.ClearPatterns), expressions(after.ClearPatterns))
	if before.Condition != after.Condition {
		d.note(Minor, "condition: another one")
	}
}

// diffInherited notes what a rule says itself. What it takes from its type is
// noted there, once and not for each rule.
func (d *differ) diffInherited(before, after *Rule, promised Level) {
	from, to := d.before.TypeByName(before.Type), d.after.TypeByName(after.Type)
	if before.Type != after.Type || before.Severity != from.Severity || after.Severity != to.Severity {
		lowered(d, promised, "severity", before.Severity, after.Severity, failure.Severity.String)
	}
	if before.Type != after.Type || before.Resolve != from.Resolve || after.Resolve != to.Resolve {
		d.value(Minor, "resolve.after", before.Resolve.After, after.Resolve.After)
	}
	own := func(r *Rule, t *Type) Explain {
		e := r.Explain
		if e.Cause == t.Explain.Cause {
			e.Cause = ""
		}
		if slices.Equal(e.Actions, t.Explain.Actions) {
			e.Actions = nil
		}
		if e.RunbookURL == t.Explain.RunbookURL {
			e.RunbookURL = ""
		}
		if told(e.UserActionRequired) == told(t.Explain.UserActionRequired) {
			e.UserActionRequired = nil
		}
		if told(e.Transient) == told(t.Explain.Transient) {
			e.Transient = nil
		}
		return e
	}
	d.explain(own(before, from), own(after, to))
}

// list notes how many entries of a list came and went.
func (d *differ) list(key string, before, after []string) {
	count := func(of, without []string) int {
		return len(slices.DeleteFunc(slices.Clone(of), func(s string) bool { return slices.Contains(without, s) }))
	}
	if added, removed := count(after, before), count(before, after); added+removed > 0 {
		d.note(Minor, "%s: %d added, %d removed", key, added, removed)
	}
}

func expressions(patterns []Pattern) []string {
	list := make([]string, 0, len(patterns))
	for _, p := range patterns {
		list = append(list, p.Expr)
	}
	return list
}

func flatCodes(r *Rule) []string {
	var list []string
	for _, key := range mapKeys(r.Match.Codes) {
		for _, value := range r.Match.Codes[key] {
			list = append(list, key+"="+value)
		}
	}
	return list
}

// captureNames gives the names of what a rule's patterns capture, sorted.
func captureNames(r *Rule) []string {
	var names []string
	for _, p := range r.Match.Patterns {
		tree, err := p.parse()
		if err != nil {
			continue // A set was validated when it was loaded.
		}
		names = append(names, slices.DeleteFunc(tree.CapNames(), func(name string) bool { return name == "" })...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sameRecord says whether two examples are the same, wherever they stand.
func sameRecord(a, b Example) bool {
	return a.Text == b.Text && a.ExceptionType == b.ExceptionType && a.Severity == b.Severity && maps.Equal(a.Attributes, b.Attributes)
}
