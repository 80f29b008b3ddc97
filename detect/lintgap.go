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
// the pattern joins nothing, so it may be of any width. The expression is the
// pattern as it is written.
func gaps(tree *syntax.Regexp, expr string) []gap {
	sequence := flatten(tree)
	from, to := 0, len(sequence)
	for from < to && (transparent(sequence[from]) || isGap(sequence[from])) {
		from++
	}
	for to > from && (transparent(sequence[to-1]) || isGap(sequence[to-1])) {
		to--
	}
	return append(adjacent(sequence), joining(sequence[from:to], expr)...)
}

// joining judges gaps that have something on both sides.
func joining(sequence []*syntax.Regexp, expr string) []gap {
	var found []gap
	for _, re := range sequence {
		switch {
		case isGap(re) && unbounded(re):
			found = append(found, gap{
				problem: fmt.Sprintf("the gap %s has no bound, and a dot also matches the end of a line: it joins texts from anywhere in a record", gapText(re)),
				advice:  fmt.Sprintf(`write %s with as much as the message needs, or %s to stay on the line`, between(expr, re, ".{0,80}?"), between(expr, re, `[^\n]*`)),
			})
		case isGap(re) && re.Max > widestGap:
			found = append(found, gap{
				problem: fmt.Sprintf("the gap %s is wider than %d characters: it joins texts that have nothing to do with each other", gapText(re), widestGap),
				advice:  fmt.Sprintf(`write %s with as much as the message needs, or %s to stay on the line`, between(expr, re, ".{0,80}?"), between(expr, re, `[^\n]{0,80}`)),
			})
		case !isGap(re):
			for _, sub := range re.Sub {
				parts := flatten(sub)
				found = append(append(found, adjacent(parts)...), joining(parts, expr)...)
			}
		}
	}
	return found
}

// between gives another gap with the words that stand around one in its expression.
func between(expr string, re *syntax.Regexp, instead string) string {
	before, behind := around(expr, gapText(re))
	return before + instead + behind
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
					advice:  fmt.Sprintf("write one of them, %s or %s", gapText(last), gapText(re)),
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
