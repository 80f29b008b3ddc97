package novelty

import (
	"slices"
	"strings"
)

const (
	// settledAfter is in how many minutes a template was seen before what always was the same in it is
	// taken for a part of the message: a text with another word there is another message.
	settledAfter = 10
	// maxBucket is how many templates of one length a source has. It bounds the time for a record. Those that
	// loggers name are as many as there may be, since they are compared whole.
	maxBucket = 128
)

// maskSign begins what stands for something in a text; a template takes more than that to widen.
const maskSign = '<'

// Template is what errors of one source have in common. It keeps its identity whatever becomes of its words.
type Template struct {
	// Name is the first of its texts: its identity.
	Name string
	// First and Last are when it was seen, in nanoseconds since 1970, and Records how often.
	First, Last int64
	Records     int64
	// Told is the fingerprint of the incident that tells of it, or empty. It is the caller's.
	Told string

	tokens []string
	// wide says that there are wildcards among the words.
	wide bool
	// minutes is in how many minutes it was seen, and lastMinute the last of them.
	minutes, lastMinute int64
	// shifted is the version in which it is known to be more frequent.
	shifted string
	// era tells which comparison of versions the tallies are of.
	era     int
	tallies [maxVersions]tally
}

// tally is how often a version said something.
type tally struct{ records, minutes, lastMinute int64 }

func newTemplate(now int64, text Text) *Template {
	// A token may be a part of a far longer text.
	name := join(text.tokens)
	t := &Template{Name: name, First: now, tokens: make([]string, len(text.tokens))}
	for i, token := range text.tokens {
		t.tokens[i] = strings.Clone(token)
	}
	t.wide = slices.Contains(t.tokens, wildcard) // A sender may write one.
	return t
}

// String is the template with its wildcards.
func (t *Template) String() string { return join(t.tokens) }

// find gives the template that a text fits best, made wider where that takes it.
func find(bucket []*Template, tokens []string) (best *Template, widened bool) {
	allowed := allowedIn(tokens)
	fewest, most := allowed+1, 0
	for _, t := range bucket {
		same, differ, ok := t.compare(tokens, min(allowed, fewest))
		if ok && (differ < fewest || differ == fewest && same > most) {
			best, fewest, most = t, differ, same
		}
	}
	if best != nil && fewest > 0 {
		best.widen(tokens)
		return best, true
	}
	return best, false
}

// allowedIn is how many words of a text may differ from its template: two in five.
func allowedIn(tokens []string) int { return 2 * len(tokens) / 5 }

// compare counts the words that are the same, without masks, and those that differ where the template has
// none that may. It reports whether the text fits.
func (t *Template) compare(tokens []string, allowed int) (same, differ int, ok bool) {
	if t.minutes >= settledAfter {
		allowed = 0
	}
	wild := 0
	for i, token := range t.tokens {
		switch token {
		case tokens[i]:
			if token[0] != maskSign {
				same++
			}
		case wildcard:
			wild++
		default:
			if differ++; differ > allowed {
				return same, differ, false
			}
		}
	}
	// With more wildcards than words, or nothing but masks, anything would fit.
	return same, differ, wild+differ == 0 || same > 0 && wild+differ <= len(tokens)/2
}

// widen puts a wildcard where a text differs. The words are copied, since a snapshot may hold them.
func (t *Template) widen(tokens []string) {
	t.tokens, t.wide = slices.Clone(t.tokens), true
	for i := range t.tokens {
		if t.tokens[i] != tokens[i] {
			t.tokens[i] = wildcard
		}
	}
}

// longestGap is how many words a wildcard stands for at most, as names and lists have any number.
const longestGap = 4

// absorbs says whether a text of another length is one of the template's, where a wildcard of it stands for
// several words.
func (t *Template) absorbs(tokens []string) bool {
	n := len(t.tokens)
	if !t.wide || n > len(tokens) || t.tokens[0] != tokens[0] && t.tokens[0] != wildcard ||
		t.tokens[n-1] != tokens[len(tokens)-1] && t.tokens[n-1] != wildcard {
		return false
	}
	// Where a word does not fit, the last wildcard takes one more.
	at, gap, gapFrom, gapTook := 0, -1, 0, 0
	for i := 0; i < len(tokens) || at < n; {
		switch {
		case at < n && i < len(tokens) && t.tokens[at] == wildcard:
			gap, gapFrom, gapTook = at, i, 1
			at, i = at+1, i+1
		case at < n && i < len(tokens) && t.tokens[at] == tokens[i]:
			at, i = at+1, i+1
		case gap >= 0 && gapTook < longestGap && gapFrom+gapTook < len(tokens):
			gapTook++
			at, i = gap+1, gapFrom+gapTook
		default:
			return false
		}
	}
	return true
}

// see counts a record.
func (t *Template) see(now int64) {
	t.Records++
	t.Last = now
	if m := now / minute; m != t.lastMinute || t.minutes == 0 {
		t.minutes, t.lastMinute = t.minutes+1, m
	}
}

// least gives the place of the template that was seen in the fewest minutes, of those the one that was
// seen the longest ago.
func least(list []*Template) int {
	at := 0
	for i, t := range list {
		if t.less(list[at]) {
			at = i
		}
	}
	return at
}

func (t *Template) less(other *Template) bool {
	if t.minutes != other.minutes {
		return t.minutes < other.minutes
	}
	return t.Last < other.Last
}
