package detect

import (
	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/rules"
)

// compiledRule is a rule with its expressions ready for use.
type compiledRule struct {
	rule      *rules.Rule
	patterns  []*automaton.Expression
	clears    []*automaton.Expression
	allOf     []*automaton.Expression
	unions    []*automaton.Union
	vetoes    []*vetoList
	condition conditions
}

// statePoolSize bounds the memory of all automata of a detector, in bytes. Those
// that the logs of one system ask for stay far below; those that all messages in
// testdata/labelled do have room.
const statePoolSize = 96 << 20

// compiler makes one expression, however many rules share it.
type compiler struct {
	pool  *automaton.Pool
	known map[string]*automaton.Expression
}

func newCompiler() compiler {
	return compiler{pool: automaton.NewPool(statePoolSize), known: map[string]*automaton.Expression{}}
}

func (c compiler) expression(p rules.Pattern) *automaton.Expression {
	e := c.known[p.Expr]
	if e == nil {
		e = automaton.New(rules.PatternFlags, p.Expr, c.pool)
		c.known[p.Expr] = e
	}
	return e
}

func (c compiler) expressions(list []rules.Pattern) []*automaton.Expression {
	all := make([]*automaton.Expression, 0, len(list))
	for _, p := range list {
		all = append(all, c.expression(p))
	}
	return all
}

func (c compiler) rule(set *rules.Set, r *rules.Rule, parsers *conditionParsers, v *vetoes) (compiledRule, error) {
	condition, err := parsers.parse(r)
	patterns := c.expressions(r.Match.Patterns)
	return compiledRule{
		rule:      r,
		patterns:  patterns,
		unions:    unions(patterns, c.pool),
		clears:    c.expressions(r.ClearPatterns),
		allOf:     c.expressions(r.AllOf),
		vetoes:    v.addAll(c, set.Exclusions(r)),
		condition: condition,
	}, err
}

// supported says whether all further patterns hold.
func (c *compiledRule) supported(s *scratch) bool {
	for _, e := range c.allOf {
		matches := e.Match(s.input.text)
		s.trail.tried(e, matches)
		if !matches {
			return false
		}
	}
	return true
}
