package detect

import (
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

// oracle judges a record as a plain loop over all rules does, with package regexp
// and without a look for literals.
type oracle struct{ d *Detector }

func newOracle(d *Detector) *oracle { return &oracle{d: d} }

// compiled are the expressions of all oracles.
var compiled sync.Map

func (o *oracle) regexp(p rules.Pattern) *regexp.Regexp {
	if known, ok := compiled.Load(p.Expr); ok {
		return known.(*regexp.Regexp)
	}
	re := regexp.MustCompile(p.Flagged())
	compiled.Store(p.Expr, re)
	return re
}

func (o *oracle) anyMatches(patterns []rules.Pattern, text string) bool {
	return slices.ContainsFunc(patterns, func(p rules.Pattern) bool { return o.regexp(p).MatchString(text) })
}

// find gives the first match of a rule that no exclusion vetoes, and its pattern.
func (o *oracle) find(r *rules.Rule, text string) ([]int, rules.Pattern) {
	for _, p := range r.Match.Patterns {
		for _, match := range o.regexp(p).FindAllStringSubmatchIndex(text, -1) {
			start, end := lines(text, match[0], match[1])
			if !o.anyMatches(slices.Concat(o.d.set.Exclusions(r)...), text[start:end]) {
				return match, p
			}
		}
	}
	return nil, rules.Pattern{}
}

// check compares what the detector finds in the record that was read with what the
// loop over some rules finds: the same rules with the same patterns, places and groups.
func (o *oracle) check(tb testing.TB, s *scratch, some []*rules.Rule) {
	tb.Helper()
	o.d.look(s)
	o.d.gather(s)
	text := s.input.text
	for _, r := range some {
		i := o.d.number[slices.Index(o.d.set.Rules, r)]
		s.spent = 0
		own := slices.DeleteFunc(slices.Clone(s.candidates), func(c candidate) bool { return o.d.triggers[c.expression].rule != i })
		var verdict Verdict
		found, ok := o.d.confirm(&o.d.rules[i], own, false, s, &verdict)
		match, pattern := o.find(r, text)
		supported := !slices.ContainsFunc(r.AllOf, func(p rules.Pattern) bool { return !o.regexp(p).MatchString(text) })
		require.False(tb, s.cutShort, "%s on %d bytes: %d", r.ID, len(text), s.spent)
		if match == nil || !supported {
			require.False(tb, ok, "%s matches %q", r.ID, text)
			require.Equal(tb, o.anyMatches(r.ClearPatterns, text), o.d.cleared(&o.d.rules[i], own, s), "%s clears %q", r.ID, text)
			continue
		}
		if r.Condition != (rules.Condition{}) {
			continue
		}
		require.True(tb, ok, "%s does not match %q", r.ID, text)
		source, start, end := s.input.locate(match[0], match[1])
		require.Equal(tb, []any{pattern.Expr, source, start, end}, []any{found.Pattern, found.Source, found.Start, found.End}, "%s: %q", r.ID, text)
		require.Equal(tb, groups(o.regexp(pattern), match), groupsFound(o.d, i, pattern, s, match), "%s: %q", r.ID, text)
	}
}

// groups gives the positions of all groups by name.
func groups(re *regexp.Regexp, match []int) map[string][2]int {
	all := map[string][2]int{}
	for g, name := range re.SubexpNames() {
		all[name] = [2]int{match[2*g], match[2*g+1]}
	}
	return all
}

func groupsFound(d *Detector, rule int32, p rules.Pattern, s *scratch, match []int) map[string][2]int {
	index := slices.IndexFunc(d.rules[rule].rule.Match.Patterns, func(q rules.Pattern) bool { return q.Expr == p.Expr })
	e := d.rules[rule].patterns[index]
	found, _ := e.Find(s.input.text, match[0], 0, len(s.input.text))
	all := map[string][2]int{}
	for g, name := range e.Groups() {
		all[name] = [2]int{found[2*g], found[2*g+1]}
	}
	return all
}
