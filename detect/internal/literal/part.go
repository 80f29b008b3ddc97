package literal

import (
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

const (
	// maxExact bounds how many strings one part of an expression is expanded to.
	maxExact = 128
	// maxExactLength bounds the length of an expanded string.
	maxExactLength = 64
)

// part is what is known of the texts that a part of an expression matches. Its
// zero value is one of which nothing is known.
type part struct {
	// exact lists all strings it can match, each once; nil if they are too many or unknown.
	exact []string
	// first and last list strings of which each match begins or ends with one,
	// where exact is nil; they are nil where that is unknown too.
	first, last []string
	// required is as the result of Required.
	required []Conjunction
	// chained says that first and last are those of a sequence, and not of
	// branches that require strings of their own.
	chained bool
}

var empty = part{exact: []string{""}}

// all is everything known as a requirement.
func (p part) all() []Conjunction { return and(p.required, oneOf(p.exact)) }

// oneOf turns a full list of strings into conjunctions of one string each,
// without those that contain another one. A string that is too short makes the
// list worthless.
func oneOf(exact []string) []Conjunction {
	for _, s := range exact {
		if len(s) < scan.MinLength {
			return nil
		}
	}
	if len(exact) == 0 {
		return nil
	}
	all := make([]Conjunction, 0, len(exact))
	for i := range exact {
		all = append(all, exact[i:i+1:i+1])
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
	if p.exact == nil && !p.chained && p.required != nil && len(list) > 1 {
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

// optional is what is known of a part or nothing.
func (p part) optional() part {
	a := newAlternation()
	a.add(empty)
	a.add(p)
	return a.whole()
}

// times is what is known of a part that is repeated between two numbers of times.
func (p part) times(least, most int) part {
	switch {
	case least == 0:
		return part{}
	case least == most && p.exact != nil:
		whole := empty.exact
		for range least {
			if whole = product(whole, p.exact); whole == nil {
				return p.repeated()
			}
		}
		return part{exact: whole, required: p.required}
	default:
		return p.repeated()
	}
}

// product joins each string of a with each of b, or gives nil where that is too
// much or where b is unknown.
func product(a, b []string) []string {
	switch {
	case b == nil || len(a)*len(b) > maxExact:
		return nil
	case len(a) == 1 && a[0] == "":
		return b
	case len(b) == 1 && b[0] == "":
		return a
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
	if len(a) == 1 || len(b) == 1 {
		return joined
	}
	slices.Sort(joined)
	return slices.Compact(joined)
}
