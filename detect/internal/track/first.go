package track

import (
	"regexp/syntax"
	"unicode/utf8"
)

// single gives the bytes of a part that takes exactly one rune.
func single(tree *syntax.Regexp) (set class, ok bool) {
	switch tree.Op {
	case syntax.OpAnyChar:
		return all, true
	case syntax.OpAnyCharNotNL:
		set = all
		set[0] &^= 1 << '\n'
		return set, true
	case syntax.OpCharClass:
		for i := 0; i < len(tree.Rune); i += 2 {
			for r := tree.Rune[i]; r <= min(tree.Rune[i+1], utf8.RuneSelf-1); r++ {
				set.add(byte(r))
			}
		}
		return set, true
	case syntax.OpLiteral:
		if len(tree.Rune) != 1 {
			return set, false
		}
		// A letter that only folds to one of ASCII is noted as that.
		if r := tree.Rune[0]; r < utf8.RuneSelf {
			set = letter(byte(r), tree.Flags)
		}
		return set, true
	default:
		return set, false
	}
}

// letter gives a byte in the cases that flags allow.
func letter(b byte, flags syntax.Flags) (set class) {
	set.add(b)
	if low := fold(b); flags&syntax.FoldCase != 0 && 'a' <= low && low <= 'z' {
		set.add(low)
		set.add(low &^ 0x20)
	}
	return set
}

// begin gives the bytes that a part can begin with, and whether it can be empty.
func begin(tree *syntax.Regexp) (first class, empty bool) {
	if set, ok := single(tree); ok {
		return set, false
	}
	switch tree.Op {
	case syntax.OpNoMatch:
		return class{}, false
	case syntax.OpLiteral:
		if len(tree.Rune) == 0 {
			return class{}, true
		}
		if r := tree.Rune[0]; r < utf8.RuneSelf {
			first = letter(byte(r), tree.Flags)
		}
		return first, false
	case syntax.OpCapture, syntax.OpPlus:
		return begin(tree.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		first, _ = begin(tree.Sub[0])
		return first, true
	case syntax.OpRepeat:
		first, empty = begin(tree.Sub[0])
		return first, empty || tree.Min == 0
	case syntax.OpConcat:
		for _, part := range tree.Sub {
			set, none := begin(part)
			first.join(set)
			if !none {
				return first, false
			}
		}
		return first, true
	case syntax.OpAlternate:
		for _, part := range tree.Sub {
			set, none := begin(part)
			first.join(set)
			empty = empty || none
		}
		return first, empty
	default:
		// Looks take nothing.
		return class{}, true
	}
}

// follow gives the bytes that parts one behind the other can begin with, of which the last is
// followed by others.
func follow(parts []*syntax.Regexp, next class) class {
	var first class
	for _, part := range parts {
		set, empty := begin(part)
		first.join(set)
		if !empty {
			return first
		}
	}
	first.join(next)
	return first
}

// leads says whether every match begins at a place of a kind.
func leads(tree *syntax.Regexp, look syntax.Op) bool {
	switch tree.Op {
	case look:
		return true
	case syntax.OpCapture:
		return leads(tree.Sub[0], look)
	case syntax.OpConcat:
		return leads(tree.Sub[0], look)
	case syntax.OpAlternate:
		for _, part := range tree.Sub {
			if !leads(part, look) {
				return false
			}
		}
		return true
	default:
		return false
	}
}
