package fingerprint

// kind says what a byte is in a word, as bits.
type kind uint8

const (
	// letter has all bytes beyond ASCII as well.
	letter kind = 1 << iota
	digit
	// within has what belongs to a word, path, address or time.
	within
	// trailing has the signs that at the end of a word are no part of it, leading those that
	// at its begin are none.
	trailing
	leading
	// slash has both of them; every path has one.
	slash
	// joint has the signs of which every address has one.
	joint
)

var kinds = func() (table [256]kind) {
	for c := range table {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 {
			table[c] = letter | within
		}
	}
	for signs, of := range map[string]kind{"0123456789": digit | within, `_/\.:-@+%~$&#`: within, ".:-,+&#@%": trailing, ":-+&#%@": leading, `/\`: slash, ".:@": joint} {
		for i := range len(signs) {
			table[signs[i]] |= of
		}
	}
	return table
}()

func (k kind) has(other kind) bool { return k&other != 0 }

func isDigit(c byte) bool { return kinds[c].has(digit) }

func isLetter(c byte) bool { return kinds[c].has(letter) }

func isAlphanumeric(c byte) bool { return kinds[c].has(letter|digit) || c == '_' }

// isWord says whether a byte belongs to a word, path, address or time.
func isWord(c byte) bool { return kinds[c].has(within) }
