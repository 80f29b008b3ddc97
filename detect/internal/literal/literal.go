// Package literal finds the strings that a regular expression cannot match
// without: a text that lacks them need not be given to the expression.
//
// The result is a disjunction of conjunctions. For
//
//	(?:deadlock|lock wait).{0,40}transaction
//
// it is {deadlock, transaction} or {lock wait, transaction}. All strings are
// folded as package fold does it.
//
// The expression is read here and not by package syntax, which makes a tree
// several times as costly as what is drawn from it.
package literal

import "regexp/syntax"

// Required gives the conjunctions of which at least one holds in every text
// that the expression matches when case is ignored. Nil means that nothing is
// known: the expression must be tried on every text.
func Required(expr string) ([]Conjunction, error) {
	whole, ok := read(expr)
	if !ok {
		// What is hardly ever written is read in the words of package syntax.
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return nil, err
		}
		if whole, ok = read(tree.String()); !ok {
			return nil, nil
		}
	}
	return weakest(whole.all()), nil
}
