// Package fold maps runes that differ only in case to one rune, so that a
// literal and the text it is looked for in can be compared byte by byte.
package fold

import (
	"encoding/binary"
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
	if uncased(r) {
		return r
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

// uncased says without a table look-up that r is of a large script without
// case: CJK, kana and Hangul, which fill whole log lines.
func uncased(r rune) bool {
	return 0x2E80 <= r && r <= 0xA63F || 0xAC00 <= r && r <= 0xD7FF
}

// String folds a whole string.
func String(s string) string { return string(Append(nil, s)) }

// Append appends a folded string to a buffer. Bytes that are not UTF-8 stay as
// they are.
func Append(buffer []byte, s string) []byte {
	for i := 0; i < len(s); {
		if i+wordBytes <= len(s) {
			if word := load(s[i:]); word&highBits == 0 {
				buffer = binary.LittleEndian.AppendUint64(buffer, lowerWord(word))
				i += wordBytes
				continue
			}
		}
		if s[i] < utf8.RuneSelf {
			buffer = append(buffer, lower[s[i]])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			buffer = append(buffer, s[i])
		} else {
			buffer = utf8.AppendRune(buffer, Rune(r))
		}
		i += size
	}
	return buffer
}

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

var lower = func() (table [utf8.RuneSelf]byte) {
	for b := range byte(utf8.RuneSelf) {
		table[b] = Byte(b)
	}
	return table
}()
