package detect

import (
	"fmt"
	"regexp/syntax"
	"slices"
)

// widestGap is how much text may lie between two parts of a pattern, in
// characters: it is more than a long log line, and what is further apart is
// seldom about the same thing.
const widestGap = 400

// gap is what is wrong with a part of a pattern that stands for any text.
type gap struct{ problem, advice string }

// gaps judges the parts of a pattern that stand for any text. One at an end of
// the pattern joins nothing, so it may be of any width.
func gaps(tree *syntax.Regexp) []gap {
	sequence := flatten(tree)
	from, to := 0, len(sequence)
	for from < to && (transparent(sequence[from]) || isGap(sequence[from])) {
		from++
	}
	for to > from && (transparent(sequence[to-1]) || isGap(sequence[to-1])) {
		to--
	}
	return append(adjacent(sequence), joining(sequence[from:to])...)
}

// joining judges gaps that have something on both sides.
func joining(sequence []*syntax.Regexp) []gap {
	var found []gap
	for _, re := range sequence {
		switch {
		case isGap(re) && unbounded(re):
			found = append(found, gap{
				problem: fmt.Sprintf("the gap %s has no bound, and a dot also matches the end of a line: it joins texts from anywhere in a record", gapText(re)),
				advice:  `write .{0,80}? with as much as the message needs, or [^\n]* to stay on the line`,
			})
		case isGap(re) && re.Max > widestGap:
			found = append(found, gap{
				problem: fmt.Sprintf("the gap %s is wider than %d characters: it joins texts that have nothing to do with each other", gapText(re), widestGap),
				advice:  "narrow it to what the message needs",
			})
		case !isGap(re):
			for _, sub := range re.Sub {
				parts := flatten(sub)
				found = append(append(found, adjacent(parts)...), joining(parts)...)
			}
		}
	}
	return found
}

// adjacent finds gaps without bound that have nothing between them that a match must have.
func adjacent(sequence []*syntax.Regexp) []gap {
	var found []gap
	var last *syntax.Regexp
	for _, re := range sequence {
		switch {
		case isGap(re) && unbounded(re):
			if last != nil {
				found = append(found, gap{
					problem: fmt.Sprintf("the gaps %s and %s meet, and share one text in every possible way", gapText(last), gapText(re)),
					advice:  "write one of them",
				})
			}
			last = re
		case !optional(re):
			last = nil
		}
	}
	return found
}

// flatten gives the parts of a sequence, those of groups among them.
func flatten(re *syntax.Regexp) []*syntax.Regexp {
	if re.Op != syntax.OpConcat && re.Op != syntax.OpCapture {
		return []*syntax.Regexp{re}
	}
	var parts []*syntax.Regexp
	for _, sub := range re.Sub {
		parts = append(parts, flatten(sub)...)
	}
	return parts
}

// isGap says whether a part stands for any text of some length.
func isGap(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return re.Sub[0].Op == syntax.OpAnyChar
	default:
		return false
	}
}

func unbounded(re *syntax.Regexp) bool {
	return re.Op != syntax.OpRepeat || re.Max < 0
}

// gapText writes a gap as a pattern has it.
func gapText(re *syntax.Regexp) string {
	text := "."
	switch {
	case re.Op == syntax.OpStar:
		text += "*"
	case re.Op == syntax.OpPlus:
		text += "+"
	case re.Max < 0:
		text += fmt.Sprintf("{%d,}", re.Min)
	default:
		text += fmt.Sprintf("{%d,%d}", re.Min, re.Max)
	}
	if re.Flags&syntax.NonGreedy != 0 {
		text += "?"
	}
	return text
}

// transparent says whether a part takes no text.
func transparent(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	default:
		return false
	}
}

// optional says whether a part can match without taking text.
func optional(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpQuest:
		return true
	case syntax.OpRepeat:
		return re.Min == 0 || optional(re.Sub[0])
	case syntax.OpPlus, syntax.OpCapture, syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !optional(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, optional)
	default:
		return transparent(re)
	}
}
