package automaton

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// runeSet is a sorted list of ranges, each a lowest and a highest rune.
type runeSet []rune

func (s runeSet) has(r rune) bool {
	for i := 0; i < len(s); i += 2 {
		if s[i] <= r && r <= s[i+1] {
			return true
		}
	}
	return false
}

var (
	anyRune   = runeSet{0, unicode.MaxRune}
	notLine   = runeSet{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	newline   = runeSet{'\n', '\n'}
	wordRunes = runeSet{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
)

// foldedRune is the set of all runes that equal one when case is ignored.
func foldedRune(r rune) runeSet {
	orbit := []rune{r}
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		orbit = append(orbit, next)
	}
	slices.Sort(orbit)
	set := make(runeSet, 0, 2*len(orbit))
	for _, member := range orbit {
		set = append(set, member, member)
	}
	return set
}

// maxClasses bounds the alphabet: a class is a byte in the tables.
const maxClasses = 255

// alphabet sorts runes into the classes that an expression tells apart.
type alphabet struct {
	ascii [utf8.RuneSelf]uint8
	// from has the first rune of each range beyond ASCII, and class its class.
	from  []rune
	class []uint8
	// broken is the class of what is no UTF-8, which a text can be full of.
	broken uint8
	// size is the number of classes.
	size int
	// member says of each set which classes it has.
	member [][]bool
}

// newAlphabet gives the coarsest classes of which every set is a union. It is
// false if these are too many.
func newAlphabet(sets []runeSet) (*alphabet, bool) {
	bounds := []rune{0, utf8.RuneSelf}
	for _, set := range sets {
		for i := 0; i < len(set); i += 2 {
			bounds = append(bounds, set[i], set[i+1]+1)
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	a := &alphabet{member: make([][]bool, len(sets))}
	known := map[string]uint8{}
	signature := make([]byte, len(sets))
	for i, low := range bounds {
		if low > unicode.MaxRune {
			break
		}
		for j, set := range sets {
			signature[j] = 0
			if set.has(low) {
				signature[j] = 1
			}
		}
		class, ok := known[string(signature)]
		if !ok {
			if a.size == maxClasses {
				return nil, false
			}
			class = uint8(a.size)
			known[string(signature)] = class
			for j := range sets {
				a.member[j] = append(a.member[j], signature[j] == 1)
			}
			a.size++
		}
		if low >= utf8.RuneSelf {
			a.from = append(a.from, low)
			a.class = append(a.class, class)
			continue
		}
		high := rune(utf8.RuneSelf)
		if i+1 < len(bounds) {
			high = min(high, bounds[i+1])
		}
		for r := low; r < high; r++ {
			a.ascii[r] = class
		}
	}
	a.broken = a.search(utf8.RuneError)
	return a, true
}

// wide gives the class of a rune beyond ASCII.
func (a *alphabet) wide(r rune) uint8 {
	if len(a.from) == 1 {
		return a.class[0]
	}
	if r == utf8.RuneError {
		return a.broken
	}
	return a.search(r)
}

func (a *alphabet) search(r rune) uint8 {
	at, exact := slices.BinarySearch(a.from, r)
	if !exact {
		at--
	}
	return a.class[at]
}

// next gives the class of the rune that a text begins with, and its size.
func (a *alphabet) next(text string) (class uint8, size int) {
	r, size := utf8.DecodeRuneInString(text)
	if r < utf8.RuneSelf {
		return a.ascii[r], size
	}
	return a.wide(r), size
}

// last gives the class of the rune that a text ends with, and its size.
func (a *alphabet) last(text string) (class uint8, size int) {
	r, size := utf8.DecodeLastRuneInString(text)
	if r < utf8.RuneSelf {
		return a.ascii[r], size
	}
	return a.wide(r), size
}
