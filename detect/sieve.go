package detect

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// sieve tells which of many expressions can match in a text, and where: those of
// which the literals occur, around these. It is immutable.
type sieve struct {
	expressions []*automaton.Expression
	// sets are the literals that finder looks for, and owner has for each of them the
	// expression that requires it.
	sets   [][]string
	owner  []int32
	finder *scan.Finder
	// always are the expressions without a literal, which can match anywhere.
	always []int32
	// limit is sieveLimit, but where a test compares all that there is with the oracle.
	limit int
	// digits has the sets with a literal in which there are digits, and is made when it is
	// first needed.
	digits func() *sieve
}

// candidate is an expression that can match in a part of a text. It may have several.
type candidate struct {
	expression int32
	from, to   int32
}

// newSieve is given expressions and what each requires, as literal.Required does.
func newSieve(expressions []*automaton.Expression, required [][]literal.Conjunction) *sieve {
	count := 0
	for _, all := range required {
		count += len(all)
	}
	s := &sieve{limit: sieveLimit, expressions: expressions, sets: make([][]string, 0, count), owner: make([]int32, 0, count)}
	for expression, all := range required {
		if all == nil {
			s.always = append(s.always, int32(expression))
		}
		for _, c := range all {
			s.sets = append(s.sets, c)
			s.owner = append(s.owner, int32(expression))
		}
	}
	s.finder = scan.New(s.sets)
	s.digits = sync.OnceValue(s.withDigits)
	return s
}

// withDigits makes a sieve of the sets with a literal in which there are digits: what it finds
// in a text is all that depends on which digits that has.
func (s *sieve) withDigits() *sieve {
	required := make([][]literal.Conjunction, len(s.expressions))
	for i, set := range s.sets {
		if slices.ContainsFunc(set, func(literal string) bool { return strings.ContainsAny(literal, "0123456789") }) {
			required[s.owner[i]] = append(required[s.owner[i]], set)
		}
	}
	for i := range required {
		if required[i] == nil {
			required[i] = []literal.Conjunction{} // Nil would be what can match anywhere.
		}
	}
	return newSieve(s.expressions, required)
}

// longText is the length of a text, in bytes, from which on it is asked where in it an
// expression can match. A line is looked at as a whole.
const longText = 512

// sieveLimit bounds the text that is looked at to find out where in a record
// expressions can match, in bytes. Only a text that has the literals of dozens of
// rules, each many times, comes to it.
const sieveLimit = 3 * TextLimit

// candidates appends where expressions can match in a text that the finder looked at: in order,
// and those of an expression apart from each other. It is not whole where that was too much.
func (s *sieve) candidates(list []candidate, text string, found *scan.Found) (all []candidate, whole bool) {
	if len(text) < longText {
		return s.inLooked(list, text, found), true
	}
	for _, expression := range s.always {
		list = append(list, candidate{expression, 0, int32(len(text))})
	}
	s.finder.Find(found)
	hits := found.List
	// Sets are numbered in the order of their expressions.
	slices.SortFunc(hits, func(a, b scan.Hit) int { return cmp.Compare(a.Set, b.Set) })
	spent := 0
	for len(hits) > 0 {
		own := 1
		for own < len(hits) && s.owner[hits[own].Set] == s.owner[hits[0].Set] {
			own++
		}
		slices.SortFunc(hits[:own], func(a, b scan.Hit) int { return cmp.Compare(a.Anchor, b.Anchor) })
		for rest := hits[:own]; len(rest) > 0; {
			if spent >= s.limit {
				return joined(list), false
			}
			same := 1
			for same < len(rest) && rest[same].Anchor == rest[0].Anchor {
				same++
			}
			var walked int
			list, walked = s.around(list, text, rest[:same], found)
			spent += walked
			rest = rest[same:]
		}
		hits = hits[own:]
	}
	return joined(list), !found.Cut
}

// inWhole appends the expressions that can match in a text, each once and for the
// whole text, in order.
func (s *sieve) inWhole(list []candidate, text string, found *scan.Found) []candidate {
	s.finder.Look(text, found)
	return s.inLooked(list, text, found)
}

// inLooked does so in a text that the finder looked at.
func (s *sieve) inLooked(list []candidate, text string, found *scan.Found) []candidate {
	s.finder.Find(found)
	if len(s.always)+len(found.List) == 0 {
		return list
	}
	var room [64]int32
	possible := append(room[:0], s.always...)
	for i := range found.List {
		possible = append(possible, s.owner[found.List[i].Set])
	}
	slices.Sort(possible)
	for _, expression := range slices.Compact(possible) {
		list = append(list, candidate{expression, 0, int32(len(text))})
	}
	return list
}

const (
	// groupCost is what it costs to look at an anchor of an expression beside the text
	// around it, in bytes of that.
	groupCost = 128
	// findPace is how many times faster literals are looked for in a text than an
	// automaton walks over it.
	findPace = 8
)

// around appends the parts of a text around the places of an anchor that have all
// literals of one of its sets. Walked is how much text was looked at.
func (s *sieve) around(list []candidate, text string, sets []scan.Hit, found *scan.Found) (all []candidate, walked int) {
	expression := s.owner[sets[0].Set]
	if n := len(list); n > 0 && list[n-1] == (candidate{expression, 0, int32(len(text))}) {
		return list, 0
	}
	e := s.expressions[expression]
	folded := unsafe.String(unsafe.SliceData(found.Folded), len(found.Folded))
	var room [64]int32
	places := found.Places(room[:0], sets[0].Anchor)
	for len(places) > 0 {
		from, to, looked := e.Around(text, int(places[0]), int(places[0])+found.Slack)
		walked += groupCost + looked
		if to-from > len(text)/2 {
			// That the text has all literals of the sets is known already.
			return append(list, candidate{expression, 0, int32(len(text))}), walked
		}
		// A match may go on from the last place of the anchor in this part.
		for within := 1; within > 0; {
			within = 0
			for within+1 < len(places) && int(places[within+1]) < to {
				within++
			}
			if places = places[within:]; within > 0 && to < len(text) {
				_, to, looked = e.Around(text, int(places[0]), int(places[0])+found.Slack)
				walked += groupCost + looked
			}
		}
		places = places[1:]
		part := folded[max(from-found.Slack, 0):min(to, len(folded))]
		walked += len(part) / findPace
		if s.anyIn(part, sets) {
			list = append(list, candidate{expression, int32(from), int32(to)})
		}
	}
	return list, walked
}

// manySets is from how many sets on it costs less to try an expression than to look
// for their literals.
const manySets = 8

// anyIn says whether a text has all literals of one of several sets, or may have.
// Sets of an expression share most of theirs, so each is looked for once.
func (s *sieve) anyIn(text string, sets []scan.Hit) bool {
	if len(sets) >= manySets {
		return true
	}
	var room [2][16]string
	present, absent := room[0][:0], room[1][:0]
	has := func(literal string) bool {
		switch {
		case slices.Contains(present, literal):
			return true
		case slices.Contains(absent, literal):
			return false
		case strings.Contains(text, literal):
			present = append(present, literal)
			return true
		default:
			absent = append(absent, literal)
			return false
		}
	}
	for i := range sets {
		if !slices.ContainsFunc(s.sets[sets[i].Set], func(literal string) bool { return !has(literal) }) {
			return true
		}
	}
	return false
}

// joined sorts candidates and makes one of those of an expression that overlap.
func joined(list []candidate) []candidate {
	if len(list) < 2 {
		return list
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.expression, b.expression), cmp.Compare(a.from, b.from))
	})
	kept := list[:1]
	for _, c := range list[1:] {
		last := &kept[len(kept)-1]
		if c.expression != last.expression || c.from > last.to {
			kept = append(kept, c)
			continue
		}
		last.to = max(last.to, c.to)
	}
	return kept
}
