package literal

import (
	"cmp"
	"slices"
	"strings"
)

// maxConjunctions bounds the disjunction; beyond it the weaker half of a product is given up.
const maxConjunctions = 128

// Conjunction is a set of strings that must all occur.
type Conjunction []string

// and requires both; where the product is too large, only the more selective one.
func and(a, b []Conjunction) []Conjunction {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case len(a)*len(b) > maxConjunctions:
		if selectivity(b) > selectivity(a) {
			return b
		}
		return a
	}
	joined := make([]Conjunction, 0, len(a)*len(b))
	for _, left := range a {
		for _, right := range b {
			joined = append(joined, tidyOne(slices.Concat(left, right)))
		}
	}
	return tidy(joined)
}

// selectivity is the length of the longest string that the weakest conjunction
// has: the longer, the rarer.
func selectivity(all []Conjunction) int {
	weakest := 1 << 30
	for _, c := range all {
		longest := 0
		for _, s := range c {
			longest = max(longest, len(s))
		}
		weakest = min(weakest, longest)
	}
	return weakest
}

// shorten keeps of every conjunction only its longest string where there are
// too many of them: a branch more must not make the whole expression unlimited.
func shorten(all []Conjunction) []Conjunction {
	if all = tidy(all); len(all) <= maxConjunctions {
		return all
	}
	single := make([]Conjunction, 0, len(all))
	for _, c := range all {
		single = append(single, c[:1])
	}
	return tidy(single)
}

// tidyOne sorts a conjunction, the longest string first, and drops strings that
// others contain.
func tidyOne(c Conjunction) Conjunction {
	slices.SortFunc(c, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	kept := c[:0]
	for _, s := range c {
		if !containedIn(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func containedIn(c Conjunction, s string) bool {
	for _, longer := range c {
		if strings.Contains(longer, s) {
			return true
		}
	}
	return false
}

func tidy(all []Conjunction) []Conjunction {
	if len(all) < 2 {
		return all
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}

// weakest drops every conjunction that implies another one. It reuses the list.
func weakest(all []Conjunction) []Conjunction {
	if len(all) < 2 {
		return all
	}
	pairs := make([]uint64, 0, maxConjunctions)
	for _, c := range all {
		pairs = append(pairs, c.pairs())
	}
	stronger := make([]bool, 0, maxConjunctions)
	for i, c := range all {
		found := false
		for j, others := range pairs {
			if others&^pairs[i] == 0 && i != j && c.implies(all[j]) && (j < i || !all[j].implies(c)) {
				found = true
				break
			}
		}
		stronger = append(stronger, found)
	}
	kept := all[:0]
	for i, c := range all {
		if !stronger[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// implies says whether what has all strings of c has all those of a weaker
// conjunction.
func (c Conjunction) implies(weaker Conjunction) bool {
	for _, s := range weaker {
		if !containedIn(c, s) {
			return false
		}
	}
	return true
}

// pairs has a bit for each pair of bytes that follow one another in a string. A
// conjunction that implies another one has its pairs, and hardly any other has.
func (c Conjunction) pairs() uint64 {
	var set uint64
	for _, s := range c {
		for i := range len(s) - 1 {
			set |= 1 << ((uint32(s[i])*31 + uint32(s[i+1])*17) & 63)
		}
	}
	return set
}
