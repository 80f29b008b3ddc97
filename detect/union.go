package detect

import (
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
)

const (
	// unionFrom is how many patterns of a rule are tried together rather than one by one.
	unionFrom = 3
	// unionText is the length of a text, in bytes, from which on that pays: more
	// patterns together have more states, which are built when they are first needed.
	unionText = 1 << 10
)

// unions joins a rule's patterns, so many at a time as one walk can tell apart.
func unions(patterns []*automaton.Expression, pool *automaton.Pool) []*automaton.Union {
	if len(patterns) < unionFrom {
		return nil
	}
	var all []*automaton.Union
	for chunk := range slices.Chunk(patterns, automaton.MaxUnion) {
		all = append(all, automaton.NewUnion(chunk, pool))
	}
	return all
}

// matching drops of a rule's triggers those of which the pattern does not match, if
// one walk over the text tells that sooner than one for each of them. It reorders
// the slice it is given.
func (d *Detector) matching(c *compiledRule, triggers []candidate, s *scratch) []candidate {
	text := s.input.text
	if len(triggers) < unionFrom || len(text) < unionText {
		return triggers
	}
	for number, u := range c.unions {
		first := int32(number * automaton.MaxUnion)
		member := func(t candidate) (at int32, ok bool) {
			at = d.triggers[t.expression].index - first
			return at, !d.triggers[t.expression].clears && 0 <= at && at < automaton.MaxUnion
		}
		var wanted uint64
		from, to, alone := len(text), 0, 0
		for _, t := range triggers {
			if at, ok := member(t); ok {
				wanted |= 1 << at
				low, high := c.patterns[d.triggers[t.expression].index].Around(text, int(t.first), int(t.last))
				from, to, alone = min(from, low), max(to, high), alone+high-low
			}
		}
		if alone < unionFrom*(to-from) {
			continue
		}
		s.spent += to - from
		found, known := u.Which(text, from, to, wanted)
		if !known {
			continue
		}
		triggers = slices.DeleteFunc(triggers, func(t candidate) bool {
			at, ok := member(t)
			return ok && found>>at&1 == 0
		})
	}
	return triggers
}
