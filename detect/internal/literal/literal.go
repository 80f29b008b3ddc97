// Package literal finds the strings that a regular expression cannot match
// without: a text that lacks them need not be given to the expression.
//
// The result is a disjunction of conjunctions. For
//
//	(?:deadlock|lock wait).{0,40}transaction
//
// it is {deadlock, transaction} or {lock wait, transaction}. All strings are
// folded as package fold does it.
package literal

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

const (
	// maxExact bounds how many strings one part of an expression is expanded to.
	maxExact = 128
	// maxClass bounds how many characters a class is expanded to.
	maxClass = 8
	// maxExactLength bounds the length of an expanded string.
	maxExactLength = 64
	// maxConjunctions bounds the disjunction; beyond it the weaker half of a product is given up.
	maxConjunctions = 128
)

// Conjunction is a set of strings that must all occur.
type Conjunction []string

// Required gives the conjunctions of which at least one holds in every text
// that the expression matches when case is ignored. Nil means that nothing is
// known: the expression must be tried on every text.
func Required(expr string) ([]Conjunction, error) {
	tree, err := syntax.Parse(expr, syntax.Perl|syntax.FoldCase|syntax.DotNL)
	if err != nil {
		return nil, err
	}
	return weakest(analyse(tree).all()), nil
}

// part is what is known of the texts that a part of an expression matches.
type part struct {
	// exact lists all strings it can match; nil if they are too many or unknown.
	exact []string
	// first and last list strings of which each match begins or ends with one,
	// where exact is nil; they are nil where that is unknown too.
	first, last []string
	// required is as the result of Required.
	required []Conjunction
}

var empty = part{exact: []string{""}}

// exactRequired turns a full list of strings into conjunctions of one string
// each. A string that is too short makes the list worthless.
func (p part) exactRequired() []Conjunction {
	if p.exact == nil {
		return nil
	}
	var all []Conjunction
	for _, s := range p.exact {
		if len(s) < scan.MinLength {
			return nil
		}
		all = append(all, Conjunction{s})
	}
	return weakest(all)
}

// begin lists strings of which each match begins with one, or is nil.
func (p part) begin() []string {
	if p.exact != nil {
		return p.exact
	}
	return p.first
}

// end is as begin for the end of a match.
func (p part) end() []string {
	if p.exact != nil {
		return p.exact
	}
	return p.last
}

// edge gives the strings at the begin or end of a part to join with those beside
// it. Where the part requires strings by itself, several ones at its edge are
// mostly these, and to ask for both would only multiply the conjunctions.
func (p part) edge(list []string) []string {
	if p.exact == nil && p.required != nil && len(list) > 1 {
		return nil
	}
	return list
}

// repeated is what is known of one or more of a part in a row. That it begins
// with one of several characters, as white space does, makes more strings and
// hardly rarer ones, so it is not counted.
func (p part) repeated() part {
	more := part{required: p.all()}
	if len(p.begin()) == 1 && len(p.end()) == 1 {
		more.first, more.last = p.begin(), p.end()
	}
	return more
}

// all is everything known as a requirement.
func (p part) all() []Conjunction { return and(p.required, p.exactRequired()) }

func analyse(re *syntax.Regexp) part {
	switch re.Op {
	case syntax.OpLiteral:
		if slices.Contains(re.Rune, utf8.RuneError) {
			return part{} // It also matches any byte that is not UTF-8.
		}
		return part{exact: []string{fold.String(string(re.Rune))}}
	case syntax.OpCharClass:
		return charClass(re.Rune)
	case syntax.OpCapture:
		return analyse(re.Sub[0])
	case syntax.OpConcat:
		return concat(re.Sub)
	case syntax.OpAlternate:
		return alternate(re.Sub)
	case syntax.OpQuest:
		return alternate([]*syntax.Regexp{re.Sub[0], {Op: syntax.OpEmptyMatch}})
	case syntax.OpPlus:
		return analyse(re.Sub[0]).repeated()
	case syntax.OpRepeat:
		return repeat(re)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return empty
	default: // Any character, star: nothing is known.
		return part{}
	}
}

// charClass gives the members of a class after folding, if they are few.
func charClass(ranges []rune) part {
	var exact []string
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] > maxClass {
			return part{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if r == utf8.RuneError {
				return part{}
			}
			s := string(fold.Rune(r))
			if !slices.Contains(exact, s) {
				exact = append(exact, s)
			}
		}
		if len(exact) > maxClass {
			return part{}
		}
	}
	return part{exact: exact}
}

func repeat(re *syntax.Regexp) part {
	sub := analyse(re.Sub[0])
	switch {
	case re.Min == 0:
		return part{}
	case re.Min == re.Max && sub.exact != nil:
		whole := empty.exact
		for range re.Min {
			if whole = product(whole, sub.exact); whole == nil {
				return sub.repeated()
			}
		}
		return part{exact: whole, required: sub.required}
	default:
		return sub.repeated()
	}
}

// concat joins neighbours whose strings are all known into longer strings, and
// requires each such run and whatever the other neighbours require. To a run
// belongs what is known of the end of the neighbour before it and of the begin
// of the one behind it.
func concat(subs []*syntax.Regexp) part {
	run := empty
	var whole part
	unbroken := true
	end := func(next part) {
		if joined := product(run.exact, next.edge(next.begin())); joined != nil {
			run.exact = joined
		}
		whole.required = and(whole.required, run.exactRequired())
		if unbroken {
			whole.first = run.exact
		}
		unbroken = false
	}
	for _, sub := range subs {
		next := analyse(sub)
		whole.required = and(whole.required, next.required)
		if next.exact != nil {
			if joined := product(run.exact, next.exact); joined != nil {
				run.exact = joined
				continue
			}
		}
		end(next)
		run.exact = next.edge(next.end())
		if run.exact == nil {
			run = empty
		}
	}
	if unbroken {
		return part{exact: run.exact, required: whole.required}
	}
	whole.last = run.exact
	whole.required = and(whole.required, run.exactRequired())
	return whole
}

// alternate knows all strings if it does so of every branch. Otherwise it
// requires what one of the branches does.
func alternate(subs []*syntax.Regexp) part {
	var exact []string
	var required []Conjunction
	first, last := []string{}, []string{}
	known, limited := true, true
	for _, sub := range subs {
		next := analyse(sub)
		known = known && next.exact != nil && len(exact)+len(next.exact) <= maxExact
		exact = append(exact, next.exact...)
		first, last = either(first, next.begin()), either(last, next.end())
		all := next.all()
		limited = limited && all != nil
		required = append(required, all...)
	}
	switch {
	case known:
		slices.Sort(exact)
		return part{exact: slices.Compact(exact)}
	case limited:
		return part{first: first, last: last, required: shorten(required)}
	default:
		return part{first: first, last: last}
	}
}

// either lists what is in one of two lists. It is nil where one of them is
// nil, or where that is too much.
func either(a, b []string) []string {
	if a == nil || b == nil || len(a)+len(b) > maxExact {
		return nil
	}
	joined := slices.Concat(a, b)
	slices.Sort(joined)
	return slices.Compact(joined)
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

// product joins each string of a with each of b, or gives nil where that is too
// much or where b is unknown.
func product(a, b []string) []string {
	if b == nil || len(a)*len(b) > maxExact {
		return nil
	}
	joined := make([]string, 0, len(a)*len(b))
	for _, head := range a {
		for _, tail := range b {
			if len(head)+len(tail) > maxExactLength {
				return nil
			}
			joined = append(joined, head+tail)
		}
	}
	slices.Sort(joined)
	return slices.Compact(joined)
}

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

// tidyOne sorts a conjunction and drops strings that others contain.
func tidyOne(c Conjunction) Conjunction {
	slices.SortFunc(c, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	kept := c[:0]
	for _, s := range c {
		if !slices.ContainsFunc(kept, func(longer string) bool { return strings.Contains(longer, s) }) {
			kept = append(kept, s)
		}
	}
	return kept
}

// weakest drops every conjunction that implies another one.
func weakest(all []Conjunction) []Conjunction {
	implies := func(strong, weak Conjunction) bool {
		return !slices.ContainsFunc(weak, func(s string) bool {
			return !slices.ContainsFunc(strong, func(longer string) bool { return strings.Contains(longer, s) })
		})
	}
	var kept []Conjunction
	for i, c := range all {
		if !slices.ContainsFunc(all[:i], func(d Conjunction) bool { return implies(c, d) }) &&
			!slices.ContainsFunc(all[i+1:], func(d Conjunction) bool { return implies(c, d) && !implies(d, c) }) {
			kept = append(kept, c)
		}
	}
	return kept
}

func tidy(all []Conjunction) []Conjunction {
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}
