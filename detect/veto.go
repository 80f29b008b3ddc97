package detect

import (
	"slices"
	"strings"
	"sync"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/rules"
)

// vetoes are the exclusions of all rules, each once however many rules share it.
type vetoes struct {
	list   []*automaton.Expression
	number map[string]int32
	// sieve is made when a rule first matches: it is for nothing before.
	sieve func() *sieve
}

func newVetoes() *vetoes {
	v := &vetoes{number: map[string]int32{}}
	v.sieve = sync.OnceValue(func() *sieve {
		required := make([][]literal.Conjunction, len(v.list))
		for expr, number := range v.number {
			// Without literals it is always tried, which is right for any expression.
			required[number], _ = literal.Required(expr)
		}
		return newSieve(v.list, required)
	})
	return v
}

// add gives the numbers of patterns.
func (v *vetoes) add(c compiler, patterns []rules.Pattern) []int32 {
	numbers := make([]int32, 0, len(patterns))
	for _, p := range patterns {
		number, known := v.number[p.Expr]
		if !known {
			number = int32(len(v.list))
			v.number[p.Expr] = number
			v.list = append(v.list, c.expression(p))
		}
		numbers = append(numbers, number)
	}
	return numbers
}

// hearing is the working memory of vetoes for one record. Rules share most of
// their vetoes and match on the same lines, so each is tried once there.
type hearing struct {
	// start and end delimit the lines at hand.
	start, end int
	found      scan.Found
	// candidates can match on these lines. Of those before tried it is known which do.
	candidates []candidate
	tried      int
	matched    []int32
}

// begin forgets what was tried on the record before.
func (h *hearing) begin() { h.start, h.end = -1, -1 }

// vetoed says whether one of several vetoes matches in a range of a text. Each
// looks only at the lines that a match touches, so that what one line says
// cannot hide a failure on another.
func (v *vetoes) vetoed(numbers []int32, s *scratch, start, end int) bool {
	if len(numbers) == 0 {
		return false
	}
	h := &s.hearing
	lines := s.input.text[start:end]
	if start != h.start || end != h.end {
		h.start, h.end = start, end
		h.candidates = v.sieve().inWhole(h.candidates[:0], lines, &h.found)
		h.matched, h.tried = h.matched[:0], 0
		s.spent += len(lines)
	}
	for _, number := range numbers {
		if slices.Contains(h.matched, number) {
			return true
		}
	}
	for i := h.tried; i < len(h.candidates); i++ {
		c := h.candidates[i]
		if !slices.Contains(numbers, c.expression) {
			continue
		}
		// What was tried goes to the front.
		h.candidates[i], h.candidates[h.tried] = h.candidates[h.tried], c
		h.tried++
		s.spent += int(c.to - c.from)
		if v.list[c.expression].MatchIn(lines, int(c.from), int(c.to)) {
			h.matched = append(h.matched, c.expression)
			return true
		}
	}
	return false
}

// lines widens a range to the whole lines that it touches.
func lines(text string, start, end int) (int, int) {
	start = strings.LastIndexByte(text[:start], '\n') + 1
	if next := strings.IndexByte(text[end:], '\n'); next >= 0 {
		return start, end + next
	}
	return start, len(text)
}
