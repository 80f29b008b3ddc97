package automaton

import (
	"regexp/syntax"
	"slices"
)

const (
	// maxNodes bounds the graph of an expression. The largest of the catalogue has
	// some thousand nodes.
	maxNodes = 8192
	// maxGaps bounds the clocks of an expression: a set of them is a word.
	maxGaps = 64
	// maxCopies is how many optional runes are nodes of their own; from more on they are a gap.
	maxCopies = 4
)

type opcode uint8

const (
	// opRune takes a rune of a set.
	opRune opcode = iota
	// opGap takes a rune of a set and stays, until its clock has run out. It leads
	// on without taking any.
	opGap
	// opSplit leads on to several nodes.
	opSplit
	// opLook leads on where the place in the text is of a kind.
	opLook
	// opMatch is the end of one of the expressions.
	opMatch
)

type node struct {
	op   opcode
	look look
	set  uint16
	gap  uint8
	// which is the number of the expression that ends.
	which uint8
	out   int32
	// more are the nodes that a split leads to.
	more []int32
}

// look is a kind of place in a text. Begin and end are those of the walk, which
// may go backwards.
type look uint8

const (
	beginText look = 1 << iota
	endText
	beginLine
	endLine
	wordBoundary
	noWordBoundary
)

// program is the graph of one or several expressions in one direction.
type program struct {
	nodes []node
	start int32
	sets  []runeSet
	// widths has for each gap how many runes it takes.
	widths []int32
	looks  look
}

// builder makes a program. Each of its methods gives the node where a part
// begins, of which the part behind it is known.
type builder struct {
	program

	backward bool
	tooLarge bool
}

// direction is the way that a program takes through a text.
type direction uint8

const (
	forwards direction = iota
	backwards
	// wholly is forwards without leaving out what is optional.
	wholly
)

// newProgram makes the graph of expressions; it is false where that is too large.
func newProgram(trees []*syntax.Regexp, way direction) (*program, bool) {
	b := &builder{backward: way == backwards}
	starts := make([]int32, 0, len(trees))
	for i, tree := range trees {
		starts = append(starts, b.part(least(tree, way), b.add(node{op: opMatch, which: uint8(i)})))
	}
	b.start = b.add(node{op: opSplit, more: starts})
	return &b.program, !b.tooLarge
}

// least gives an expression without what a walk need not see. Forwards it looks for
// where a match ends first, backwards for where one begins last: what is optional
// at the end that it comes to makes no match come to its end sooner. And what is
// optional where it sets out is not needed for one to end where it does.
func least(tree *syntax.Regexp, way direction) *syntax.Regexp {
	switch way {
	case forwards:
		return trimmed(trimmed(tree, false), true)
	case backwards:
		return trimmed(tree, true)
	default:
		return tree
	}
}

// trimmed gives an expression without what is optional at its begin, or at its end.
func trimmed(re *syntax.Regexp, atEnd bool) *syntax.Regexp {
	switch re.Op {
	case syntax.OpStar, syntax.OpQuest:
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	case syntax.OpPlus, syntax.OpCapture:
		return trimmed(re.Sub[0], atEnd)
	case syntax.OpRepeat:
		if re.Min == 0 {
			return &syntax.Regexp{Op: syntax.OpEmptyMatch}
		}
		fewest := *re
		fewest.Max = re.Min
		return &fewest
	case syntax.OpAlternate:
		each := *re
		each.Sub = make([]*syntax.Regexp, 0, len(re.Sub))
		for _, sub := range re.Sub {
			each.Sub = append(each.Sub, trimmed(sub, atEnd))
		}
		return &each
	case syntax.OpConcat:
		rest := *re
		rest.Sub = slices.Clone(re.Sub)
		for len(rest.Sub) > 0 {
			edge := 0
			if atEnd {
				edge = len(rest.Sub) - 1
			}
			rest.Sub[edge] = trimmed(rest.Sub[edge], atEnd)
			if rest.Sub[edge].Op != syntax.OpEmptyMatch {
				break
			}
			rest.Sub = slices.Delete(rest.Sub, edge, edge+1)
		}
		if len(rest.Sub) == 0 {
			return &syntax.Regexp{Op: syntax.OpEmptyMatch}
		}
		return &rest
	default:
		return re
	}
}

func (b *builder) add(n node) int32 {
	if len(b.nodes) == maxNodes {
		b.tooLarge = true
		return 0
	}
	b.nodes = append(b.nodes, n)
	return int32(len(b.nodes) - 1)
}

func (b *builder) set(s runeSet) uint16 {
	for i, known := range b.sets {
		if slices.Equal(known, s) {
			return uint16(i)
		}
	}
	b.sets = append(b.sets, s)
	return uint16(len(b.sets) - 1)
}

func (b *builder) part(re *syntax.Regexp, next int32) int32 {
	if b.tooLarge {
		return next
	}
	if set, ok := oneRune(re); ok {
		return b.add(node{op: opRune, set: b.set(set), out: next})
	}
	switch re.Op {
	case syntax.OpEmptyMatch:
		return next
	case syntax.OpLiteral:
		return b.literal(re, next)
	case syntax.OpCapture:
		return b.part(re.Sub[0], next)
	case syntax.OpConcat:
		for i := range re.Sub {
			at := len(re.Sub) - 1 - i
			if b.backward {
				at = i
			}
			next = b.part(re.Sub[at], next)
		}
		return next
	case syntax.OpAlternate:
		more := make([]int32, 0, len(re.Sub))
		for _, sub := range re.Sub {
			more = append(more, b.part(sub, next))
		}
		return b.add(node{op: opSplit, more: more})
	case syntax.OpQuest:
		return b.add(node{op: opSplit, more: []int32{b.part(re.Sub[0], next), next}})
	case syntax.OpStar:
		return b.loop(re.Sub[0], next)
	case syntax.OpPlus:
		return b.part(re.Sub[0], b.loop(re.Sub[0], next))
	case syntax.OpRepeat:
		return b.repeat(re, next)
	default:
		return b.place(re.Op, next)
	}
}

// oneRune gives the set of an expression that takes exactly one rune.
func oneRune(re *syntax.Regexp) (runeSet, bool) {
	switch re.Op {
	case syntax.OpCharClass:
		return re.Rune, true
	case syntax.OpAnyChar:
		return anyRune, true
	case syntax.OpAnyCharNotNL:
		return notLine, true
	case syntax.OpLiteral:
		if len(re.Rune) == 1 {
			return literalRune(re, re.Rune[0]), true
		}
	case syntax.OpCapture:
		return oneRune(re.Sub[0])
	}
	return nil, false
}

func literalRune(re *syntax.Regexp, r rune) runeSet {
	if re.Flags&syntax.FoldCase != 0 {
		return foldedRune(r)
	}
	return runeSet{r, r}
}

func (b *builder) literal(re *syntax.Regexp, next int32) int32 {
	for i := range re.Rune {
		at := len(re.Rune) - 1 - i
		if b.backward {
			at = i
		}
		next = b.add(node{op: opRune, set: b.set(literalRune(re, re.Rune[at])), out: next})
	}
	return next
}

// loop is any number of a part.
func (b *builder) loop(re *syntax.Regexp, next int32) int32 {
	split := b.add(node{op: opSplit})
	again := b.part(re, split)
	b.nodes[split].more = []int32{again, next}
	return split
}

func (b *builder) repeat(re *syntax.Regexp, next int32) int32 {
	sub := re.Sub[0]
	switch set, single := oneRune(sub); {
	case re.Max < 0:
		next = b.loop(sub, next)
	case single && re.Max-re.Min > maxCopies:
		next = b.gap(set, re.Max-re.Min, next)
	default:
		after := next
		for range re.Max - re.Min {
			next = b.add(node{op: opSplit, more: []int32{b.part(sub, next), after}})
		}
	}
	for range re.Min {
		next = b.part(sub, next)
	}
	return next
}

func (b *builder) gap(set runeSet, width int, next int32) int32 {
	if len(b.widths) == maxGaps {
		b.tooLarge = true
		return next
	}
	b.widths = append(b.widths, int32(width))
	return b.add(node{op: opGap, set: b.set(set), gap: uint8(len(b.widths) - 1), out: next})
}

// place is a part that takes no rune. One that can never be, which only broken
// syntax trees have, makes the expression too large.
func (b *builder) place(op syntax.Op, next int32) int32 {
	var kind look
	switch op {
	case syntax.OpBeginText:
		kind = b.turned(beginText, endText)
	case syntax.OpEndText:
		kind = b.turned(endText, beginText)
	case syntax.OpBeginLine:
		kind = b.turned(beginLine, endLine)
	case syntax.OpEndLine:
		kind = b.turned(endLine, beginLine)
	case syntax.OpWordBoundary:
		kind = wordBoundary
	case syntax.OpNoWordBoundary:
		kind = noWordBoundary
	default:
		b.tooLarge = true
		return next
	}
	b.looks |= kind
	return b.add(node{op: opLook, look: kind, out: next})
}

func (b *builder) turned(forward, backward look) look {
	if b.backward {
		return backward
	}
	return forward
}
