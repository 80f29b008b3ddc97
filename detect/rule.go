package detect

import (
	"regexp"
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
	*expression
}

// expression is what patterns that are written alike share.
type expression struct {
	compile func() *regexp.Regexp
	// branches are what it can match, one or the other.
	branches func() []branch
}

// compiler makes one expression, however many rules share it.
type compiler map[string]*expression

func (c compiler) patterns(list []rules.Pattern) []*pattern {
	patterns := make([]*pattern, 0, len(list))
	for _, p := range list {
		shared := c[p.Expr]
		if shared == nil {
			shared = &expression{
				// A rule set was validated when it was loaded, so this cannot fail.
				compile:  sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(p.Flagged()) }),
				branches: sync.OnceValue(func() []branch { return branchesOf(p) }),
			}
			c[p.Expr] = shared
		}
		patterns = append(patterns, &pattern{Pattern: p, expression: shared})
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

// supported says whether all further patterns hold.
func (c *compiledRule) supported(text string) bool {
	for _, p := range c.allOf {
		if !p.compile().MatchString(text) {
			return false
		}
	}
	return true
}
