// Package fold maps runes that differ only in case to one rune, so that a
// literal and the text it is looked for in can be compared byte by byte.
//
// The representative is the smallest of the runes that are equal, so a folded
// text is never longer than the text: only the few runes whose representative
// takes fewer bytes (U+212A, the Kelvin sign, becomes k) make it shorter.
//
// Most bytes need no decoding. ASCII is folded eight bytes at once. Of the other
// bytes only the first one of a rune says whether the rune can have a case: CJK,
// kana, Hangul, the scripts of India and whatever is not UTF-8 are copied as they
// are, and runes of two bytes (Latin, Greek, Cyrillic) are looked up in a table.
package fold

import (
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Rune gives the representative of all runes that are equal to r when case is
// ignored: the smallest of them, or its lower case if that is an ASCII letter.
// So K, k and U+212A (the Kelvin sign) all become k.
func Rune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(Byte(byte(r)))
	}
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	if 'A' <= smallest && smallest <= 'Z' {
		smallest += 'a' - 'A'
	}
	return smallest
}

// Byte is Rune for ASCII.
func Byte(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// String folds a whole string.
func String(s string) string { return string(Append(nil, s)) }

// Append appends a folded string to a buffer. Bytes that are not UTF-8 stay as
// they are.
func Append(buffer []byte, s string) []byte {
	start := len(buffer)
	buffer = slices.Grow(buffer, len(s))
	out := buffer[start : start+len(s)]
	return buffer[:start+foldInto(out, s)]
}

// foldWords folds a string from a place on into a buffer of its size, and gives
// how much of that is used.
func foldWords(out []byte, s string, read, written int) int {
	for read+wordBytes <= len(s) {
		if word := load(s[read:]); word&highBits == 0 {
			binary.LittleEndian.PutUint64(out[written:], lowerWord(word))
			read += wordBytes
			written += wordBytes
			continue
		}
		read, written = foldRunes(out, s, read, written, read+wordBytes)
	}
	if last := len(s) - wordBytes; last >= 0 && read == written && read < len(s) {
		// The last word overlaps what is folded, which nothing has moved.
		if word := load(s[last:]); word&highBits == 0 {
			binary.LittleEndian.PutUint64(out[last:], lowerWord(word))
			return len(s)
		}
	}
	_, written = foldRunes(out, s, read, written, len(s))
	return written
}

// foldRunes folds rune by rune at least up to a place in the string.
func foldRunes(out []byte, s string, read, written, until int) (int, int) {
	for read < until {
		b := s[read]
		switch kinds[b] {
		case single:
			out[written] = singles[b]
			read++
			written++
		case double:
			if read+1 == len(s) || s[read+1]&0xC0 != 0x80 {
				out[written] = b
				read++
				written++
				break
			}
			folded := doubles[int(b)&0x1F<<6|int(s[read+1])&0x3F]
			out[written] = byte(folded)
			written++
			if folded > 0xFF {
				out[written] = byte(folded >> 8)
				written++
			}
			read += 2
		case rare:
			if read+1 == len(s) || seconds[b]>>(s[read+1]&0x3F)&1 == 0 {
				out[written] = b
				read++
				written++
				break
			}
			r, size := utf8.DecodeRuneInString(s[read:])
			if r == utf8.RuneError && size == 1 {
				out[written] = b
				written++
			} else {
				written += utf8.EncodeRune(out[written:], Rune(r))
			}
			read += size
		}
	}
	return read, written
}

// What the first byte of a rune says about folding it.
const (
	// single is a byte that folds by itself: ASCII, part of a script without case, or not UTF-8.
	single = iota
	// double begins a rune of two bytes.
	double
	// rare begins a rune that has to be decoded where the byte behind it says so too.
	rare
)

var kinds = func() (table [256]uint8) {
	for b := 0xC2; b <= 0xDF; b++ {
		table[b] = double
	}
	// The other first bytes have no letter with a case behind them.
	for b := range seconds {
		if seconds[b] != 0 {
			table[b] = rare
		}
	}
	return table
}()

// seconds has for the first byte of a rune of three or four bytes the second
// bytes of the runes that have a case, each as a bit.
var seconds = [256]uint64{
	0xE1: 0xFF04000000008000,
	0xE2: 0x001F000000080070,
	0xEA: 0x00006000F6000000,
	0xEF: 0x2000000000000000,
	0xF0: 0x0000000040430000,
}

var singles = func() (table [256]byte) {
	for b := range 256 {
		table[b] = Byte(byte(b))
	}
	return table
}()

// doubles has for each rune of two bytes the bytes of what it folds to, the
// first one lowest.
var doubles = func() (table [0x800]uint16) {
	for r := rune(utf8.RuneSelf); r < 0x800; r++ {
		encoded := utf8.AppendRune(nil, Rune(r))
		table[r] = uint16(encoded[0])
		if len(encoded) > 1 {
			table[r] |= uint16(encoded[1]) << 8
		}
	}
	return table
}()

const (
	// wordBytes is how many bytes of ASCII are folded at once.
	wordBytes = 8
	// ones and highBits have the lowest and the highest bit of each byte.
	ones     = 0x0101010101010101
	highBits = 0x80 * ones
)

// load gives the first bytes of a string as a word, the first one lowest.
func load(s string) uint64 {
	_ = s[wordBytes-1]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// lowerWord is Byte for each byte of a word of ASCII. No sum carries into the
// next byte, since each byte is below 0x80 and what is added at most that.
func lowerWord(word uint64) uint64 {
	fromA := word + (0x80-'A')*ones
	beyondZ := word + (0x80-'Z'-1)*ones
	return word | (fromA&^beyondZ&highBits)>>2
}
