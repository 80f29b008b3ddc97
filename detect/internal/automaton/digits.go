package automaton

import (
	"regexp/syntax"
	"slices"
)

// TellsDigitsApart says whether the ten digits are not all the same to the expression. To one
// to which they are, texts that differ in nothing but which digits they have are the same.
func (e *Expression) TellsDigitsApart() bool {
	e.prepareShort()
	return e.short.digits
}

func tellsDigitsApart(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpLiteral:
		return slices.ContainsFunc(tree.Rune, func(r rune) bool { return '0' <= r && r <= '9' })
	case syntax.OpCharClass:
		set, count := runeSet(tree.Rune), 0
		for digit := '0'; digit <= '9'; digit++ {
			if set.has(digit) {
				count++
			}
		}
		return count%10 != 0
	}
	return slices.ContainsFunc(tree.Sub, tellsDigitsApart)
}
