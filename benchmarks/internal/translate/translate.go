// Package translate gives the shipped catalogue in the terms of other engines.
//
// A rule becomes its match patterns, any one of which makes a match. What else
// a rule may ask for, all_of, none_of, vetoes, conditions, clear patterns, codes
// and exception types, is not translated: the others have less to do.
package translate

import (
	"strconv"
	"strings"

	"github.com/failuredetector/failuredetector/benchmarks/internal/plain"
	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// Expression is one match pattern of a rule.
type Expression struct {
	// Rule is the rule's id.
	Rule string
	// Expr is what the file has: read case-insensitively, with a dot that matches a newline.
	Expr string
}

// Flagged is the expression with its flags, for engines that read RE2.
func (e Expression) Flagged() string { return "(?is)" + e.Expr }

// Expressions lists the match patterns of a set in its order.
func Expressions(set *rules.Set) []Expression {
	var list []Expression
	for _, r := range set.Rules {
		for _, p := range r.Match.Patterns {
			list = append(list, Expression{Rule: r.ID, Expr: p.Expr})
		}
	}
	return list
}

// Flagged gives the expressions as Expression.Flagged does.
func Flagged(list []Expression) []string {
	flagged := make([]string, 0, len(list))
	for _, e := range list {
		flagged = append(flagged, e.Flagged())
	}
	return flagged
}

// Statements gives what the same would be in the transform processor: one
// statement for each rule, which sets the type where any of its patterns matches
// the path.
func Statements(set *rules.Set, path string) []string {
	list := make([]string, 0, len(set.Rules))
	for _, r := range set.Rules {
		conditions := make([]string, 0, len(r.Match.Patterns))
		for _, p := range r.Match.Patterns {
			conditions = append(conditions, "IsMatch("+path+", "+strconv.Quote(p.Flagged())+")")
		}
		if len(conditions) > 0 {
			list = append(list, `set(attributes["failure_type"], `+strconv.Quote(r.Type)+`) where `+strings.Join(conditions, " or "))
		}
	}
	return list
}

// Bare compiles what the others are given: the match patterns alone. Each rule
// has a type of its own, so that all that match are found and not only the one
// that speaks for its type. Text on which it finds nothing matches for no engine.
func Bare(set *rules.Set) (*detect.Detector, error) {
	list := make([]plain.Rule, 0, len(set.Rules))
	for _, r := range set.Rules {
		if len(r.Match.Patterns) == 0 {
			continue
		}
		rule := plain.Rule{ID: r.ID, Type: "OF_" + strings.ToUpper(strings.ReplaceAll(r.ID, "-", "_"))}
		for _, p := range r.Match.Patterns {
			rule.Patterns = append(rule.Patterns, p.Expr)
		}
		list = append(list, rule)
	}
	bare, err := plain.Set(list)
	if err != nil {
		return nil, err
	}
	return detect.New(bare, detect.Options{})
}
