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
	// expressionOf has for each set of literals that finder looks for the expression
	// that requires it.
	expressionOf []int32
	// always are the expressions without a literal, which can match anywhere.
	always []int32
}

// candidate is an expression that can match.
type candidate struct {
	expression int32
	// first and last are where a text that any match must have stands for the first
	// and for the last time, in bytes.
	first, last int32
}

// newSieve is given what each expression requires, as literal.Required does.
func newSieve(required [][]literal.Conjunction) *sieve {
	s := &sieve{}
	var sets [][]string
	for expression, all := range required {
		if all == nil {
			s.always = append(s.always, int32(expression))
		}
		for _, c := range all {
			sets = append(sets, c)
			s.expressionOf = append(s.expressionOf, int32(expression))
		}
	}
	s.finder = scan.New(sets)
	return s
}

// candidates appends the expressions that can match in a text, each once and in order.
func (s *sieve) candidates(list []candidate, text string, found *scan.Found) []candidate {
	from := len(list)
	for _, expression := range s.always {
		list = append(list, candidate{expression: expression, last: int32(len(text))})
	}
	s.finder.Scan(text, found)
	for _, hit := range found.List {
		list = append(list, candidate{s.expressionOf[hit.Set], hit.First, hit.Last + int32(found.Slack)})
	}
	if len(list)-from > 1 {
		list = append(list[:from], joined(list[from:])...)
	}
	return list
}

// joined sorts candidates and makes one of those of an expression.
func joined(list []candidate) []candidate {
	slices.SortFunc(list, func(a, b candidate) int { return cmp.Compare(a.expression, b.expression) })
	kept := list[:1]
	for _, c := range list[1:] {
		last := &kept[len(kept)-1]
		if c.expression != last.expression {
			kept = append(kept, c)
			continue
		}
		last.first, last.last = min(last.first, c.first), max(last.last, c.last)
	}
	return kept
}
