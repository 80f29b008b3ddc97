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
func (d *Detector) matching(c *compiledRule, triggers []int32, s *scratch) []int32 {
	if len(triggers) < unionFrom || len(s.input.text) < unionText {
		return triggers
	}
	text := s.input.text
	for number, u := range c.unions {
		first := int32(number * automaton.MaxUnion)
		var wanted uint64
		for _, t := range triggers {
			if at := d.triggers[t].index - first; !d.triggers[t].clears && 0 <= at && at < automaton.MaxUnion {
				wanted |= 1 << at
			}
		}
		if wanted == 0 {
			continue
		}
		s.spent += len(text)
		found, known := u.Which(text, 0, len(text), wanted)
		if !known {
			continue
		}
		triggers = slices.DeleteFunc(triggers, func(t int32) bool {
			at := d.triggers[t].index - first
			return !d.triggers[t].clears && 0 <= at && at < automaton.MaxUnion && found>>at&1 == 0
		})
	}
	return triggers
}
