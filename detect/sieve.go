package detect

import (
	"cmp"
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// sieve tells which of many expressions can match in a text: those of which
// the literals occur. It is immutable.
type sieve struct {
	finder *scan.Finder
	// conjunctions of a literal are those of which it is the rarest part: only
	// where that occurs, the other parts are asked for.
	conjunctions [][]conjunction
	// always are the expressions without a literal, which can match anywhere.
	always []int32
}

// conjunction makes an expression a candidate where its other literals occur too.
type conjunction struct {
	expression int32
	others     []int32
}

// newSieve is given what each expression requires, as literal.Required does.
func newSieve(required [][]literal.Conjunction) *sieve {
	s := &sieve{}
	position := map[string]int32{}
	var literals []string
	for expression, all := range required {
		if all == nil {
			s.always = append(s.always, int32(expression))
		}
		for _, c := range all {
			slices.SortFunc(c, func(a, b string) int { return cmp.Compare(scan.Commonness(a), scan.Commonness(b)) })
			parts := make([]int32, 0, len(c))
			for _, text := range c {
				at, known := position[text]
				if !known {
					at = int32(len(literals))
					position[text] = at
					literals = append(literals, text)
					s.conjunctions = append(s.conjunctions, nil)
				}
				parts = append(parts, at)
			}
			s.conjunctions[parts[0]] = append(s.conjunctions[parts[0]], conjunction{expression: int32(expression), others: parts[1:]})
		}
	}
	s.finder = scan.New(literals)
	return s
}

// candidates appends the expressions that can match in a text, each once and in order.
func (s *sieve) candidates(found []int32, text string, seen *scan.Seen) []int32 {
	from := len(found)
	found = append(found, s.always...)
	s.finder.Scan(text, seen)
	for _, rarest := range seen.List {
		for i := range s.conjunctions[rarest] {
			c := &s.conjunctions[rarest][i]
			if !slices.ContainsFunc(c.others, func(other int32) bool { return !seen.Has(other) }) {
				found = append(found, c.expression)
			}
		}
	}
	slices.Sort(found[from:])
	return found[:from+len(slices.Compact(found[from:]))]
}
