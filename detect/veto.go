package detect

import (
	"encoding/binary"
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
	// lists has those of a rule once for all rules with the same.
	lists map[string]*vetoList
	// sieve is made when it is first needed.
	sieve func() *sieve
}

// vetoList is vetoes that rules have together.
type vetoList struct {
	numbers []int32
	// union tells in one walk whether any matches; nil if they are too many for one.
	union *automaton.Union
	// tellsDigitsApart says whether digits are not all the same to one of them.
	tellsDigitsApart func() bool
}

func newVetoes() *vetoes {
	v := &vetoes{number: map[string]int32{}, lists: map[string]*vetoList{}}
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

// addAll gives lists of patterns. Those that many rules have are lists of their own, so that
// their automata stay in the processor's caches.
func (v *vetoes) addAll(c compiler, lists [][]rules.Pattern) []*vetoList {
	all := make([]*vetoList, 0, len(lists))
	for _, patterns := range lists {
		if len(patterns) > 0 {
			all = append(all, v.add(c, patterns))
		}
	}
	return all
}

func (v *vetoes) add(c compiler, patterns []rules.Pattern) *vetoList {
	numbers := make([]int32, 0, len(patterns))
	var key []byte
	for _, p := range patterns {
		number, known := v.number[p.Expr]
		if !known {
			number = int32(len(v.list))
			v.number[p.Expr] = number
			v.list = append(v.list, c.expression(p))
		}
		numbers = append(numbers, number)
		key = binary.LittleEndian.AppendUint32(key, uint32(number))
	}
	l := v.lists[string(key)]
	if l == nil {
		l = &vetoList{numbers: numbers, tellsDigitsApart: sync.OnceValue(func() bool {
			return slices.ContainsFunc(numbers, func(number int32) bool { return v.list[number].TellsDigitsApart() })
		})}
		if len(numbers) <= automaton.MaxUnion {
			expressions := make([]*automaton.Expression, 0, len(numbers))
			for _, number := range numbers {
				expressions = append(expressions, v.list[number])
			}
			l.union = automaton.NewUnion(expressions, c.pool)
		}
		v.lists[string(key)] = l
	}
	return l
}

// hearing is the working memory of vetoes for one record. Rules share most of
// their vetoes and match on the same lines, so each is tried once there.
type hearing struct {
	// start and end delimit the lines at hand.
	start, end int
	// heard has what was found out about these lines, list by list.
	heard []heardList
	// sifted says that candidates is about these lines.
	sifted bool
	found  scan.Found
	// candidates can match on these lines. Of those before tried it is known which do.
	candidates []candidate
	tried      int
	matched    []int32
}

type heardList struct {
	*vetoList

	vetoed bool
}

// begin forgets what was tried on the record before.
func (h *hearing) begin() { h.start, h.end = -1, -1 }

// turnTo begins to hear about lines.
func (h *hearing) turnTo(start, end int) {
	if start != h.start || end != h.end {
		h.start, h.end, h.sifted, h.heard = start, end, false, h.heard[:0]
	}
}

// vetoed says whether one of several lists of vetoes matches in a range of a text. Each
// looks only at the lines that a match touches, so that what one line says
// cannot hide a failure on another.
func (v *vetoes) vetoed(lists []*vetoList, s *scratch, start, end int) bool {
	s.hearing.turnTo(start, end)
	for _, l := range lists {
		if v.hear(l, s) {
			return true
		}
	}
	return false
}

// hear says whether one of a list of vetoes matches on the lines at hand.
func (v *vetoes) hear(l *vetoList, s *scratch) bool {
	h := &s.hearing
	for i := range h.heard {
		if h.heard[i].vetoList == l {
			return h.heard[i].vetoed
		}
	}
	lines := s.input.text[h.start:h.end]
	vetoed, known := false, false
	if l.union != nil {
		s.spent += len(lines)
		vetoed, known = l.union.Any(lines)
	}
	if !known {
		vetoed = v.sift(l, s, lines)
	}
	s.trail.heard(l, h.start, h.end, vetoed)
	h.heard = append(h.heard, heardList{l, vetoed})
	return vetoed
}

// sift tries the vetoes of a list one by one, of which the literals stand on the lines.
func (v *vetoes) sift(l *vetoList, s *scratch, lines string) bool {
	h := &s.hearing
	if !h.sifted {
		h.candidates = v.sieve().inWhole(h.candidates[:0], lines, &h.found)
		h.matched, h.tried, h.sifted = h.matched[:0], 0, true
		s.spent += len(lines)
	}
	for _, number := range l.numbers {
		if slices.Contains(h.matched, number) {
			return true
		}
	}
	for i := h.tried; i < len(h.candidates); i++ {
		c := h.candidates[i]
		if !slices.Contains(l.numbers, c.expression) {
			continue
		}
		// What was tried goes to the front.
		h.candidates[i], h.candidates[h.tried] = h.candidates[h.tried], c
		h.tried++
		s.spent += len(lines)
		if v.list[c.expression].Match(lines) {
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
