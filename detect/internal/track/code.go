package track

import "encoding/binary"

// Program is an expression as code. It does not change.
type Program struct {
	code []byte
	// begins has the bytes that a match can begin with.
	begins class
	// anywhere says that a match can begin before any byte, or be empty.
	anywhere bool
	// atText says that a match begins where the text does, atLine where a line does, and
	// atWord that a boundary of a word is there.
	atText, atLine, atWord bool
	groups                 []string
}

// Groups has the names of the groups, as regexp.SubexpNames does.
func (p *Program) Groups() []string { return p.groups }

// Each instruction is one byte, and what follows it. Targets and counts have two bytes.
const (
	// opMatch is the end of the expression.
	opMatch byte = iota
	// opFail leads to nothing.
	opFail
	// opByte takes the byte that follows, opFolded the letter in either case.
	opByte
	opFolded
	// opString takes so many bytes, opFoldedString such letters. The count has one byte.
	opString
	opFoldedString
	// opClass takes a byte of a class.
	opClass
	// opSpan takes bytes of a class, as many as it can between two counts; opLazy as few. The
	// filter between the counts and the class is of what can follow.
	opSpan
	opLazy
	// opAlt goes one of several ways: their number, and for each a filter and a target.
	opAlt
	// opJump goes on elsewhere.
	opJump
	// opSave notes the place in the text in a slot.
	opSave
	// opLook goes on where the place is of a kind.
	opLook
)

const (
	filterSize = 8
	classSize  = 16
	waySize    = filterSize + 2
	spanSize   = 1 + 2 + 2 + filterSize + classSize
	// unbounded is the count of a span that has no limit.
	unbounded = 1<<16 - 1
)

// class is a set of bytes of ASCII.
type class [2]uint64

func (c *class) add(b byte) { c[b>>6&1] |= 1 << (b & 63) }

func (c *class) join(other class) {
	c[0] |= other[0]
	c[1] |= other[1]
}

func (c *class) has(b byte) bool { return c[b>>6&1]>>(b&63)&1 != 0 }

// filter tells of most bytes that are not in a class that they are not.
type filter uint64

func (c *class) filter() filter { return filter(c[0] | c[1]) }

func (f filter) passes(b byte) bool { return f>>(b&63)&1 != 0 }

// all is the class of all bytes.
var all = class{1<<64 - 1, 1<<64 - 1}

func number(code []byte, at int) int { return int(binary.LittleEndian.Uint16(code[at:])) }

func filterAt(code []byte, at int) filter { return filter(binary.LittleEndian.Uint64(code[at:])) }

// isIn says whether a byte is in the class that stands in the code.
func isIn(code []byte, at int, b byte) bool { return code[at+int(b>>3)]>>(b&7)&1 != 0 }

// fold gives a letter in lower case.
func fold(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b | 0x20
	}
	return b
}
