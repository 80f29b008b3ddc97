package detect

import (
	"cmp"
	"slices"
	"strings"
	"unsafe"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
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
	// sets are those that finder looks for, and expressions what requires them.
	sets        [][]string
	expressions []*automaton.Expression
}

// candidate is an expression that can match.
type candidate struct {
	expression int32
	// first and last are where a text that any match must have stands for the first
	// and for the last time, in bytes.
	first, last int32
}

// newSieve is given expressions and what each requires, as literal.Required does.
func newSieve(expressions []*automaton.Expression, required [][]literal.Conjunction) *sieve {
	s := &sieve{expressions: expressions}
	for expression, all := range required {
		if all == nil {
			s.always = append(s.always, int32(expression))
		}
		for _, c := range all {
			s.sets = append(s.sets, c)
			s.expressionOf = append(s.expressionOf, int32(expression))
		}
	}
	s.finder = scan.New(s.sets)
	return s
}

// candidates appends the expressions that can match in a text, each once and in order.
func (s *sieve) candidates(list []candidate, text string, found *scan.Found) []candidate {
	from := len(list)
	for _, expression := range s.always {
		list = append(list, candidate{expression: expression, last: int32(len(text))})
	}
	s.finder.Scan(text, found)
	for i := range found.List {
		hit := &found.List[i]
		if len(text) < farApart || s.together(hit, found) {
			list = append(list, candidate{s.expressionOf[hit.Set], hit.First, hit.Last + int32(found.Slack)})
		}
	}
	if len(list)-from > 1 {
		list = append(list[:from], joined(list[from:])...)
	}
	return list
}

// farApart is the length of a text, in bytes, in which literals of one set can stand
// further apart than any match is wide.
const farApart = 1 << 10

// together says whether all literals of a set stand where one match can have them.
func (s *sieve) together(hit *scan.Hit, found *scan.Found) bool {
	set := s.sets[hit.Set]
	if len(set) == 1 {
		return true
	}
	folded := unsafe.String(unsafe.SliceData(found.Folded), len(found.Folded))
	from, to := s.expressions[s.expressionOf[hit.Set]].Around(folded, int(hit.First), int(hit.Last))
	for _, literal := range set {
		if !strings.Contains(folded[from:to], literal) {
			return false
		}
	}
	return true
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
