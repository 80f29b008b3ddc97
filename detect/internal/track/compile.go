package track

import (
	"encoding/binary"
	"regexp/syntax"
	"unicode/utf8"
)

const (
	// maxCode is how long code is at most, in bytes. Nine out of ten expressions of the
	// catalogue have less than a kilobyte.
	maxCode = 16 << 10
	// maxSlots is how many places of a text are noted at most: begin and end of 15 groups
	// and of the match.
	maxSlots = 32
)

// compiler appends the code of one part after the other. Each is given the bytes with which
// what comes behind it can begin.
type compiler struct {
	code []byte
	// unfit says that the expression can have no code.
	unfit bool
}

// Compile gives an expression's code; nil where it can have none.
func Compile(tree *syntax.Regexp) *Program {
	if 2*(tree.MaxCap()+1) > maxSlots {
		return nil
	}
	var c compiler
	c.part(tree, all)
	c.code = append(c.code, opMatch)
	if c.unfit || len(c.code) > maxCode {
		return nil
	}
	first, empty := begin(tree)
	return &Program{
		code:     c.code,
		begins:   first,
		anywhere: empty,
		atText:   leads(tree, syntax.OpBeginText),
		atLine:   leads(tree, syntax.OpBeginLine),
		atWord:   leads(tree, syntax.OpWordBoundary),
		groups:   tree.CapNames(),
	}
}

func (c *compiler) part(tree *syntax.Regexp, next class) {
	if c.unfit || len(c.code) > maxCode {
		c.unfit = true
		return
	}
	if set, ok := single(tree); ok {
		c.single(set)
		return
	}
	switch tree.Op {
	case syntax.OpNoMatch:
		c.code = append(c.code, opFail)
	case syntax.OpEmptyMatch:
	case syntax.OpLiteral:
		c.literal(tree)
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		c.code = append(c.code, opLook, byte(tree.Op))
	case syntax.OpCapture:
		c.code = append(c.code, opSave, byte(2*tree.Cap))
		c.part(tree.Sub[0], next)
		c.code = append(c.code, opSave, byte(2*tree.Cap+1))
	case syntax.OpConcat:
		c.concat(tree.Sub, next)
	case syntax.OpAlternate:
		c.alternate(tree.Sub, next)
	case syntax.OpStar:
		c.repeat(tree, 0, -1, next)
	case syntax.OpPlus:
		c.repeat(tree, 1, -1, next)
	case syntax.OpQuest:
		c.repeat(tree, 0, 1, next)
	case syntax.OpRepeat:
		c.repeat(tree, tree.Min, tree.Max, next)
	default:
		c.unfit = true
	}
}

func (c *compiler) concat(parts []*syntax.Regexp, next class) {
	for i, part := range parts {
		c.part(part, follow(parts[i+1:], next))
	}
}

// single takes one byte of a class.
func (c *compiler) single(set class) {
	only, count := byte(0), 0
	for b := range byte(utf8.RuneSelf) {
		if set.has(b) {
			only = b
			count++
		}
	}
	switch {
	case count == 0:
		c.code = append(c.code, opFail)
	case count == 1:
		c.code = append(c.code, opByte, only)
	case count == 2 && 'a' <= only && only <= 'z' && set.has(only&^0x20):
		c.code = append(c.code, opFolded, only)
	default:
		c.code = append(c.code, opClass)
		c.code = appendClass(c.code, set)
	}
}

func (c *compiler) literal(tree *syntax.Regexp) {
	op := opString
	if tree.Flags&syntax.FoldCase != 0 {
		op = opFoldedString
	}
	text := make([]byte, 0, len(tree.Rune))
	for _, r := range tree.Rune {
		if r >= utf8.RuneSelf {
			c.code = append(c.code, opFail)
			return
		}
		b := byte(r)
		if op == opFoldedString {
			b = fold(b)
		}
		text = append(text, b)
	}
	for len(text) > 0 {
		some := text[:min(len(text), 255)]
		c.code = append(append(c.code, op, byte(len(some))), some...)
		text = text[len(some):]
	}
}

// alternate tries parts in their order.
func (c *compiler) alternate(parts []*syntax.Regexp, next class) {
	ways := make([]class, 0, len(parts))
	for _, part := range parts {
		ways = append(ways, follow([]*syntax.Regexp{part}, next))
	}
	at := c.alt(ways)
	ends := make([]int, 0, len(parts))
	for i, part := range parts {
		c.direct(at, i, len(c.code))
		c.part(part, next)
		if i < len(parts)-1 {
			ends = append(ends, c.jump())
		}
	}
	for _, end := range ends {
		c.land(end, len(c.code))
	}
}

// repeat takes a part so many times. A limit below zero is none.
func (c *compiler) repeat(tree *syntax.Regexp, least, most int, next class) {
	part, lazy := tree.Sub[0], tree.Flags&syntax.NonGreedy != 0
	if set, ok := single(part); ok {
		c.span(set, least, most, lazy, next)
		return
	}
	first, empty := begin(part)
	if empty {
		// Package regexp has rules of its own for what repeats without taking anything.
		c.unfit = c.unfit || most != 1
	}
	again := first
	again.join(next)
	for range least {
		c.part(part, again)
	}
	if most < 0 {
		loop := c.choice(first, next, lazy)
		c.part(part, again)
		c.land(c.jump(), loop.at)
		c.skip(loop, len(c.code))
		return
	}
	var optional []choice
	for range most - least {
		optional = append(optional, c.choice(joined(first, empty, next), next, lazy))
		c.part(part, again)
	}
	for _, o := range optional {
		c.skip(o, len(c.code))
	}
}

// joined adds what can follow to what a part begins with, if that can be empty.
func joined(first class, empty bool, next class) class {
	if empty {
		first.join(next)
	}
	return first
}

// choice is between a part and what is behind it.
type choice struct {
	at   int
	lazy bool
}

// choice leads into the part that comes next.
func (c *compiler) choice(part, behind class, lazy bool) choice {
	ways, inside := []class{part, behind}, 0
	if lazy {
		ways, inside = []class{behind, part}, 1
	}
	at := c.alt(ways)
	c.direct(at, inside, len(c.code))
	return choice{at: at, lazy: lazy}
}

// skip says where what is behind the part begins.
func (c *compiler) skip(o choice, target int) {
	way := 1
	if o.lazy {
		way = 0
	}
	c.direct(o.at, way, target)
}

func (c *compiler) span(set class, least, most int, lazy bool, next class) {
	if most < 0 {
		most = unbounded
	}
	op := opSpan
	if lazy {
		op = opLazy
	}
	c.code = append(c.code, op)
	c.code = binary.LittleEndian.AppendUint16(c.code, uint16(least))
	c.code = binary.LittleEndian.AppendUint16(c.code, uint16(most))
	c.code = binary.LittleEndian.AppendUint64(c.code, uint64(next.filter()))
	c.code = appendClass(c.code, set)
}

func appendClass(code []byte, set class) []byte {
	code = binary.LittleEndian.AppendUint64(code, set[0])
	return binary.LittleEndian.AppendUint64(code, set[1])
}

// alt opens several ways of which the targets are not known yet, and gives where it stands.
func (c *compiler) alt(ways []class) int {
	at := len(c.code)
	c.code = append(c.code, opAlt)
	c.code = binary.LittleEndian.AppendUint16(c.code, uint16(len(ways)))
	for _, way := range ways {
		c.code = binary.LittleEndian.AppendUint64(c.code, uint64(way.filter()))
		c.code = append(c.code, 0, 0)
	}
	return at
}

// direct gives the target of a way.
func (c *compiler) direct(alt, way, target int) {
	c.land(alt+3+way*waySize+filterSize-1, target)
}

// jump gives where it stands, for land to say where it leads.
func (c *compiler) jump() int {
	c.code = append(c.code, opJump, 0, 0)
	return len(c.code) - 3
}

// land writes a target behind the byte at a place.
func (c *compiler) land(at, target int) {
	if target > maxCode {
		c.unfit = true
		return
	}
	binary.LittleEndian.PutUint16(c.code[at+1:], uint16(target))
}
