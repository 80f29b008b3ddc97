package scan

import (
	"encoding/binary"
	"math"
)

const (
	// gramWidth is the number of bits that the hash of a sequence has.
	gramWidth = 16
	// lineWidth is how many of them are looked at in a line. A line has some hundred
	// sequences and a text some thousand, so that one of them that it lacks is taken for one
	// it has in a few cases of a hundred.
	lineWidth = 12
	// longLine is the length in bytes up to which a text is a line.
	longLine = 512
)

// grams are the sequences of three bytes that a text has, by their hashes.
type grams struct {
	// ofLine has for each hash the round in which a line had it last. A byte is written
	// without a look at what it was, and none is cleared before 255 lines were read.
	ofLine [1 << lineWidth]uint8
	round  uint8
	// ofText has a bit for each hash.
	ofText [1 << gramWidth / 64]uint64
	isText bool
}

// fill notes the sequences of a padded text of a size.
func (g *grams) fill(text []byte, size int) {
	if g.isText = size > longLine; g.isText {
		g.fillText(text, size)
		return
	}
	if g.round++; g.round == 0 {
		clear(g.ofLine[:])
		g.round = 1
	}
	for at := range size - MinLength + 1 {
		g.ofLine[gramOf(binary.LittleEndian.Uint32(text[at:]))>>(gramWidth-lineWidth)] = g.round
	}
}

func (g *grams) fillText(text []byte, size int) {
	clear(g.ofText[:])
	for at := range size - MinLength + 1 {
		h := gramOf(binary.LittleEndian.Uint32(text[at:]))
		g.ofText[h/64] |= 1 << (h % 64)
	}
}

func (g *grams) has(gram uint16) bool {
	if g.isText {
		return g.ofText[gram/64]>>(gram%64)&1 != 0
	}
	return g.ofLine[gram>>(gramWidth-lineWidth)] == g.round
}

// gramOf hashes the first three bytes of a narrow window.
func gramOf(window uint32) uint16 {
	return uint16((window & firstThree) * wordMultiplier >> (32 - gramWidth))
}

// Sign is what tells at a glance that a text lacks one of several literals: two
// sequences of three bytes that every text with all of them has.
type Sign [2]uint16

// SignOf chooses for literals, at least one, the sequences that healthy text has least.
func SignOf(literals []string) Sign {
	frequencies := healthy()
	var sign Sign
	lowest, taken := float32(math.Inf(1)), 0
	for i, literal := range literals {
		if gram, frequency, _ := frequencies.rarest(literal, -MinLength); frequency < lowest {
			sign[0], lowest, taken = gram, frequency, i
		}
	}
	// The second one stands in another literal if there is one, since those of one word come together.
	sign[1], lowest = sign[0], float32(math.Inf(1))
	for i, literal := range literals {
		apart := -MinLength
		if i == taken {
			if len(literals) > 1 {
				continue
			}
			_, _, apart = frequencies.rarest(literal, apart)
		}
		if gram, frequency, at := frequencies.rarest(literal, apart); at >= 0 && frequency < lowest {
			sign[1], lowest = gram, frequency
		}
	}
	return sign
}

// rarest gives the sequence of a literal that healthy text has least of those that do
// not touch the one at a place, and where it is; it is at -1 where there is none.
func (f *frequencies) rarest(literal string, apart int) (gram uint16, frequency float32, at int) {
	frequency, at = float32(math.Inf(1)), -1
	for i := range len(literal) - MinLength + 1 {
		if i > apart-MinLength && i < apart+MinLength {
			continue
		}
		three := keyOfThree(literal[i:])
		if often := f.ofThree(three); often < frequency {
			gram, frequency, at = gramOf(three), often, i
		}
	}
	return gram, frequency, at
}

// MayHave says whether the text of the last scan has the sequences of a sign, or may have.
func (found *Found) MayHave(s Sign) bool {
	if !found.signed {
		found.signed = true
		found.grams.fill(found.padded(), len(found.Folded))
	}
	return found.grams.has(s[0]) && found.grams.has(s[1])
}
