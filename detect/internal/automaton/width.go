package automaton

import "regexp/syntax"

// unbounded is the width of an expression that can match any length.
const unbounded = -1

// width is how many runes a match has at most.
func width(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpQuest:
		return width(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return times(width(re.Sub[0]), unbounded)
	case syntax.OpRepeat:
		return times(width(re.Sub[0]), re.Max)
	case syntax.OpConcat:
		sum := 0
		for _, sub := range re.Sub {
			w := width(sub)
			if w == unbounded {
				return unbounded
			}
			sum += w
		}
		return sum
	case syntax.OpAlternate:
		most := 0
		for _, sub := range re.Sub {
			w := width(sub)
			if w == unbounded {
				return unbounded
			}
			most = max(most, w)
		}
		return most
	default:
		return 0
	}
}

func times(w, count int) int {
	switch {
	case w == 0:
		return 0
	case w == unbounded || count == unbounded:
		return unbounded
	default:
		return w * count
	}
}
