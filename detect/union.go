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
// one walk over a part of the text tells that sooner than one for each of them.
func (d *Detector) matching(c *compiledRule, triggers []candidate, s *scratch) []candidate {
	if len(triggers) < unionFrom || len(s.input.text) < unionText {
		return triggers
	}
	for number, u := range c.unions {
		first := int32(number * automaton.MaxUnion)
		member := func(t candidate) (at int32, ok bool) {
			trigger := &d.triggers[t.expression]
			at = trigger.index - first
			return at, !trigger.clears && 0 <= at && at < automaton.MaxUnion
		}
		var wanted uint64
		from, to, alone := len(s.input.text), 0, 0
		for _, t := range triggers {
			if at, ok := member(t); ok {
				wanted |= 1 << at
				from, to, alone = min(from, int(t.from)), max(to, int(t.to)), alone+int(t.to-t.from)
			}
		}
		if alone < unionFrom*(to-from) {
			continue
		}
		s.spent += to - from
		found, known := u.Which(s.input.text, from, to, wanted)
		if !known {
			continue
		}
		triggers = slices.DeleteFunc(slices.Clone(triggers), func(t candidate) bool {
			at, ok := member(t)
			return ok && found>>at&1 == 0
		})
	}
	return triggers
}
