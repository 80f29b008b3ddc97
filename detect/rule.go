package detect

import (
	"regexp"
	"strings"
	"sync"

	"github.com/failuredetector/failuredetector/rules"
)

// compiledRule is a rule with its expressions ready for use.
type compiledRule struct {
	rule      *rules.Rule
	patterns  []*pattern
	clears    []*pattern
	allOf     []*pattern
	noneOf    []*pattern
	condition conditions
}

// pattern compiles its expression when it is first needed: of a large catalogue
// most are never needed, and compiling all takes longer than a start should.
type pattern struct {
	rules.Pattern
	compile func() *regexp.Regexp
}

// compiler makes one pattern of an expression, however many rules share it.
type compiler map[string]func() *regexp.Regexp

func (c compiler) patterns(list []rules.Pattern) []*pattern {
	patterns := make([]*pattern, 0, len(list))
	for _, p := range list {
		compile := c[p.Expr]
		if compile == nil {
			// A rule set was validated when it was loaded, so this cannot fail.
			compile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(p.Flagged()) })
			c[p.Expr] = compile
		}
		patterns = append(patterns, &pattern{Pattern: p, compile: compile})
	}
	return patterns
}

func (c compiler) rule(set *rules.Set, r *rules.Rule, parsers *conditionParsers) (compiledRule, error) {
	condition, err := parsers.parse(r)
	return compiledRule{
		rule:      r,
		patterns:  c.patterns(r.Match.Patterns),
		clears:    c.patterns(r.ClearPatterns),
		allOf:     c.patterns(r.AllOf),
		noneOf:    c.patterns(set.Exclusions(r)),
		condition: condition,
	}, err
}

// find gives the first match of a pattern that no exclusion vetoes, as
// regexp.FindStringSubmatchIndex does, or nil. An exclusion looks only at the
// lines that the match touches, so that what one line says cannot hide a
// failure on another.
func (c *compiledRule) find(re *regexp.Regexp, text string) []int {
	first := re.FindStringSubmatchIndex(text)
	if first == nil || len(c.noneOf) == 0 {
		return first
	}
	start, end := lines(text, first[0], first[1])
	if !c.vetoed(text[start:end]) {
		return first
	}
	for _, match := range re.FindAllStringSubmatchIndex(text, -1) {
		from, until := lines(text, match[0], match[1])
		if from == start && until == end {
			continue // The same lines have the same veto, however many matches they hold.
		}
		if start, end = from, until; !c.vetoed(text[start:end]) {
			return match
		}
	}
	return nil
}

func (c *compiledRule) vetoed(text string) bool {
	for _, p := range c.noneOf {
		if p.compile().MatchString(text) {
			return true
		}
	}
	return false
}

// supported says whether all further patterns hold.
func (c *compiledRule) supported(text string) bool {
	for _, p := range c.allOf {
		if !p.compile().MatchString(text) {
			return false
		}
	}
	return true
}

// lines widens a range to the whole lines that it touches.
func lines(text string, start, end int) (int, int) {
	start = strings.LastIndexByte(text[:start], '\n') + 1
	if next := strings.IndexByte(text[end:], '\n'); next >= 0 {
		return start, end + next
	}
	return start, len(text)
}
