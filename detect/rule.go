package detect

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/failuredetector/failuredetector/rules"
)

// compiledRule is a rule with its expressions compiled.
type compiledRule struct {
	rule      *rules.Rule
	patterns  []*regexp.Regexp
	clears    []*regexp.Regexp
	allOf     []*regexp.Regexp
	noneOf    []*regexp.Regexp
	condition conditions
}

func compileRule(r *rules.Rule, parsers *conditionParsers) (compiledRule, error) {
	condition, err := parsers.parse(r)
	if err != nil {
		return compiledRule{}, err
	}
	compiled := compiledRule{rule: r, condition: condition}
	for _, list := range []struct {
		from []rules.Pattern
		to   *[]*regexp.Regexp
	}{
		{r.Match.Patterns, &compiled.patterns},
		{r.ClearPatterns, &compiled.clears},
		{r.AllOf, &compiled.allOf},
		{r.NoneOf, &compiled.noneOf},
	} {
		for _, p := range list.from {
			re, err := regexp.Compile(p.Flagged())
			if err != nil {
				return compiledRule{}, fmt.Errorf("%s:%d: rule %q: %w", r.Source.File, p.Line, r.ID, err)
			}
			*list.to = append(*list.to, re)
		}
	}
	return compiled, nil
}

// find gives the first match of a pattern that no exclusion vetoes, as
// regexp.FindStringSubmatchIndex does, or nil. An exclusion looks only at the
// lines that the match touches, so that what one line says cannot hide a
// failure on another.
func (c *compiledRule) find(re *regexp.Regexp, text string) []int {
	first := re.FindStringSubmatchIndex(text)
	if first == nil || !c.vetoedAround(text, first) {
		return first
	}
	for _, match := range re.FindAllStringSubmatchIndex(text, -1) {
		if !c.vetoedAround(text, match) {
			return match
		}
	}
	return nil
}

func (c *compiledRule) vetoedAround(text string, match []int) bool {
	if len(c.noneOf) == 0 {
		return false
	}
	start, end := lines(text, match[0], match[1])
	return c.vetoed(text[start:end])
}

func (c *compiledRule) vetoed(text string) bool {
	for _, re := range c.noneOf {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// supported says whether all further patterns hold.
func (c *compiledRule) supported(text string) bool {
	for _, re := range c.allOf {
		if !re.MatchString(text) {
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
