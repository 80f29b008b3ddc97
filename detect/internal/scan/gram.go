package scan

import (
	"encoding/binary"
	"math"
)

const (
	// gramWidth is the number of bits that the hash of a sequence has.
	gramWidth = 16
	// A line has some hundred sequences and a text some thousand, so that one of them
	// that it lacks is taken for one it has in a few cases of a hundred.
	lineWidth = 12
	textWidth = gramWidth
	// longLine is the length in bytes up to which a text is a line.
	longLine = 512
)

// grams are the sequences of three bytes that a text has, by their hashes.
type grams struct {
	bits [1 << textWidth / 64]uint64
	// shift is how many bits of a hash are not looked at.
	shift uint
}

// fill notes the sequences of a padded text of a size.
func (g *grams) fill(text []byte, size int) {
	width := textWidth
	if size <= longLine {
		width = lineWidth
	}
	g.shift = uint(gramWidth - width)
	clear(g.bits[:1<<width/64])
	for at := range size - MinLength + 1 {
		h := gramOf(binary.LittleEndian.Uint32(text[at:])) >> g.shift
		g.bits[h/64] |= 1 << (h % 64)
	}
}

func (g *grams) has(gram uint16) bool {
	h := gram >> g.shift
	return g.bits[h/64]>>(h%64)&1 != 0
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
		found.grams.fill(found.Folded[:len(found.Folded)+padding], len(found.Folded))
	}
	return found.grams.has(s[0]) && found.grams.has(s[1])
}
