package detect

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
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
	*expression
}

// expression is what patterns that are written alike share.
type expression struct {
	compile func() *regexp.Regexp
	// literals gives the strings without which it cannot match, as package
	// literal does.
	literals func() []literal.Conjunction
}

// compiler makes one expression, however many rules share it.
type compiler map[string]*expression

func (c compiler) patterns(list []rules.Pattern) []*pattern {
	patterns := make([]*pattern, 0, len(list))
	for _, p := range list {
		shared := c[p.Expr]
		if shared == nil {
			// A rule set was validated when it was loaded, so this cannot fail.
			shared = &expression{
				compile: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(p.Flagged()) }),
				literals: sync.OnceValue(func() []literal.Conjunction {
					required, err := literal.Required(p.Expr)
					if err != nil {
						return nil
					}
					return required
				}),
			}
			c[p.Expr] = shared
		}
		patterns = append(patterns, &pattern{Pattern: p, expression: shared})
	}
	return patterns
}

// mayMatch says whether a folded text has what the expression cannot match without.
func (e *expression) mayMatch(folded string) bool {
	required := e.literals()
	return required == nil || slices.ContainsFunc(required, func(c literal.Conjunction) bool {
		return !slices.ContainsFunc(c, func(s string) bool { return !strings.Contains(folded, s) })
	})
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

// vetoed says whether an exclusion matches. A rule has many of them, few of
// which have anything to do with a text.
func (c *compiledRule) vetoed(text string) bool {
	if len(c.noneOf) == 0 {
		return false
	}
	folded := fold.String(text)
	for _, p := range c.noneOf {
		if p.mayMatch(folded) && p.compile().MatchString(text) {
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
