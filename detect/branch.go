package detect

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/rules"
)

// branch is one of the alternatives that make an expression. To ask whether the
// expression matches is to ask whether one of them does, and most need a string
// that a text does not have.
type branch struct {
	compile func() *regexp.Regexp
	// required gives the strings without which it cannot match, as package
	// literal does.
	required []literal.Conjunction
}

// branchesOf splits a pattern at its alternations.
func branchesOf(p rules.Pattern) []branch {
	tree, err := syntax.Parse(p.Flagged(), syntax.Perl)
	if err != nil {
		return nil // A rule set was validated when it was loaded, so this cannot happen.
	}
	alternatives := split(tree)
	if len(alternatives) > maxBranches {
		alternatives = []*syntax.Regexp{tree}
	}
	branches := make([]branch, 0, len(alternatives))
	for _, alternative := range alternatives {
		expr := alternative.String()
		required, err := literal.Required(expr)
		if err != nil {
			required = nil
		}
		branches = append(branches, branch{
			compile:  sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }),
			required: required,
		})
	}
	return branches
}

// maxBranches bounds the branches of an expression. The longest exclusions of
// the catalogue have about thirty.
const maxBranches = 64

// split gives the alternatives of an expression: those of an alternation, also
// where the parser has taken what they begin with out of it.
func split(tree *syntax.Regexp) []*syntax.Regexp {
	var all []*syntax.Regexp
	switch last := len(tree.Sub) - 1; {
	case tree.Op == syntax.OpAlternate:
		for _, sub := range tree.Sub {
			all = append(all, split(sub)...)
		}
	case tree.Op == syntax.OpConcat && last == 1 && tree.Sub[last].Op == syntax.OpAlternate:
		for _, sub := range split(tree.Sub[last]) {
			all = append(all, &syntax.Regexp{Op: syntax.OpConcat, Flags: tree.Flags, Sub: []*syntax.Regexp{tree.Sub[0], sub}})
		}
	default:
		all = append(all, tree)
	}
	return all
}

// mayMatch says whether a folded text has what the branch cannot match without.
func (b *branch) mayMatch(folded string) bool {
	return b.required == nil || slices.ContainsFunc(b.required, func(c literal.Conjunction) bool {
		return !slices.ContainsFunc(c, func(s string) bool { return !strings.Contains(folded, s) })
	})
}
