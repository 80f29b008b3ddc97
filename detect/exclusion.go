package detect

import (
	"regexp"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// exclusions is the working memory of vetoes for one record. Rules share most of
// their vetoes and match on the same lines, so each is tried once there.
type exclusions struct {
	// start and end delimit the lines at hand, and folded is their text.
	start, end int
	folded     string
	tried      []triedExclusion
}

type triedExclusion struct {
	*expression

	matches bool
}

// begin forgets what was tried on the record before.
func (x *exclusions) begin() {
	clear(x.tried)
	*x = exclusions{end: -1, tried: x.tried[:0]}
}

// veto says whether an expression matches in a range of a text.
func (x *exclusions) veto(e *expression, text string, start, end int) bool {
	if start != x.start || end != x.end {
		x.start, x.end, x.folded = start, end, fold.String(text[start:end])
		x.tried = x.tried[:0]
	}
	for i := range x.tried {
		if x.tried[i].expression == e {
			return x.tried[i].matches
		}
	}
	matches := false
	for _, b := range e.branches() {
		if matches = b.mayMatch(x.folded) && b.compile().MatchString(text[start:end]); matches {
			break
		}
	}
	x.tried = append(x.tried, triedExclusion{e, matches})
	return matches
}

// find gives the first match of a pattern that no exclusion vetoes, as
// regexp.FindStringSubmatchIndex does, or nil. An exclusion looks only at the
// lines that the match touches, so that what one line says cannot hide a
// failure on another.
func (c *compiledRule) find(re *regexp.Regexp, text string, x *exclusions) []int {
	first := re.FindStringSubmatchIndex(text)
	if first == nil || len(c.noneOf) == 0 {
		return first
	}
	start, end := lines(text, first[0], first[1])
	if !c.vetoed(text, start, end, x) {
		return first
	}
	for _, match := range re.FindAllStringSubmatchIndex(text, -1) {
		from, until := lines(text, match[0], match[1])
		if from == start && until == end {
			continue // The same lines have the same veto, however many matches they hold.
		}
		if start, end = from, until; !c.vetoed(text, start, end, x) {
			return match
		}
	}
	return nil
}

// vetoed says whether an exclusion matches in a range of a text.
func (c *compiledRule) vetoed(text string, start, end int, x *exclusions) bool {
	for _, p := range c.noneOf {
		if x.veto(p.expression, text, start, end) {
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
