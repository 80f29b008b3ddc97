// Package scan looks for many strings in a text at once, ignoring case.
//
// Every string is known by its rarest window of four bytes. The scan moves a
// window over the text and asks a bitmap whether it is one of those; for most
// windows of a healthy line it is not. Where it is, a table gives the strings
// to compare. The cost depends on the text and hardly on the number of strings,
// and the tables stay small enough for the processor's caches.
package scan

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

const (
	window = 4
	// MinLength is the shortest string that can be looked for. A string of this
	// length has a window of three bytes, asked for apart.
	MinLength = 3
	// bitmapShare is how many bits of a bitmap there are for each key at the least,
	// so that one in sixteen is set, and the bitmaps stay in the nearest cache.
	bitmapShare = 16
)

// Finder finds a fixed list of strings. It is immutable.
type Finder struct {
	strings []string
	long    table
	short   table
}

// table finds the strings whose window has a given key.
type table struct {
	bitmap []uint64
	// shift makes a place in the bitmap of a product of 32 bits.
	shift uint8
	// slots is an open-addressed hash table, twice as large as its content.
	slots []slot
	mask  uint32
	// entries of a slot stand together.
	entries []entry
}

type slot struct {
	key        uint32
	from, upto int32
}

// entry says where the window lies in a string.
type entry struct {
	text   int32
	offset int32
	// probe are bytes of the string around the window, as many as a word holds, at
	// a distance from the window's begin; mask says which bytes of the word they
	// are. One comparison rules nearly all strings out without a look at them.
	probe, mask uint64
	probeAt     int32
}

// wordBytes is the size of a probe.
const wordBytes = 8

func newEntry(text int, s string, offset int) entry {
	from := max(min(offset, len(s)-wordBytes), 0)
	e := entry{text: int32(text), offset: int32(offset), probeAt: int32(from - offset)}
	for i := range min(wordBytes, len(s)-from) {
		e.probe |= uint64(s[from+i]) << (8 * i)
		e.mask |= 0xFF << (8 * i)
	}
	return e
}

// Seen collects which strings occurred. Its zero value is ready for use, and it
// may be used again for any Finder.
type Seen struct {
	// List has the index of each string that occurred, once, in order of first occurrence.
	List []int32

	folded []byte
	mark   []uint32
	round  uint32
}

// Has says whether a string occurred.
func (s *Seen) Has(index int32) bool { return s.mark[index] == s.round }

// begin forgets the last text in constant time: a mark of an earlier round is no mark.
func (s *Seen) begin(n int) {
	if len(s.mark) < n {
		s.mark = make([]uint32, n)
		s.round = 0
	}
	s.round++
	if s.round == 0 {
		clear(s.mark)
		s.round = 1
	}
	s.List = s.List[:0]
}

// New prepares a list of strings that are folded as package fold does it, each
// at least MinLength bytes long.
func New(folded []string) *Finder {
	long, short := map[uint32][]entry{}, map[uint32][]entry{}
	for i, s := range folded {
		if len(s) < window {
			key := shortKey(s[0], s[1], s[2])
			short[key] = append(short[key], newEntry(i, s, 0))
			continue
		}
		offset := rarestWindow(s, long)
		key := binary.LittleEndian.Uint32([]byte(s[offset:]))
		long[key] = append(long[key], newEntry(i, s, offset))
	}
	return &Finder{strings: folded, long: newTable(long), short: newTable(short)}
}

func shortKey(a, b, c byte) uint32 { return uint32(a)<<8 | uint32(b)<<16 | uint32(c)<<24 }

func newTable(content map[uint32][]entry) table {
	size := 4
	for size < 2*len(content) {
		size *= 2
	}
	bits := 6
	for 1<<bits < bitmapShare*len(content) {
		bits++
	}
	t := table{bitmap: make([]uint64, 1<<bits/64), shift: uint8(32 - bits), slots: make([]slot, size), mask: uint32(size - 1)}
	keys := make([]uint32, 0, len(content))
	for key := range content {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, cmp.Compare)
	for _, key := range keys {
		set := t.bit(key)
		t.bitmap[set/64] |= 1 << (set % 64)
		at := t.home(key)
		for t.slots[at].upto > 0 {
			at = (at + 1) & t.mask
		}
		from := int32(len(t.entries))
		t.entries = append(t.entries, content[key]...)
		t.slots[at] = slot{key: key, from: from, upto: int32(len(t.entries))}
	}
	return t
}

// bit gives a key's place in the bitmap: the upper bits of a product with the
// golden ratio, which one multiplication spreads evenly.
func (t *table) bit(key uint32) uint32 { return key * 0x9E3779B1 >> (t.shift & 31) }

// home gives the slot where the search for a key begins.
func (t *table) home(key uint32) uint32 { return key * 0x85EBCA6B >> 7 & t.mask }

// mayHave says whether a key can be in the table.
func (t *table) mayHave(key uint32) bool {
	at := t.bit(key)
	return t.bitmap[at/64]>>(at%64)&1 != 0
}

// commonness ranks bytes by how often they stand in English log text, most
// frequent first. What is not listed is rare.
const commonness = " etaoinrs0ld1cup2mh.fg35:4-y_6/b789wvk=,tq()[]\"'x"

// rarestWindow gives the offset of the window of a string that a healthy text
// is least likely to have. Windows that other strings have already cost more,
// since all strings of a window are compared where it occurs.
func rarestWindow(s string, taken map[uint32][]entry) int {
	best, bestScore := 0, 1<<40
	for offset := range len(s) - window + 1 {
		others := len(taken[binary.LittleEndian.Uint32([]byte(s[offset:offset+window]))])
		if score := windowCommonness(s[offset:offset+window]) * (8 + others); score < bestScore {
			best, bestScore = offset, score
		}
	}
	return best
}

// windowCommonness ranks windows by how often a healthy text has them: those
// that are known to be common, by their rank, above those that are not, by their
// letters.
func windowCommonness(w string) int {
	if rank, common := commonRank[w]; common {
		return 4*frequency[' '] + 20*(len(commonRank)-rank)
	}
	return commonnessOf(w)
}

var commonRank = func() map[string]int {
	ranks := make(map[string]int, len(commonWindows)/window)
	for at := 0; at < len(commonWindows); at += window {
		ranks[commonWindows[at:at+window]] = at / window
	}
	return ranks
}()

// Commonness ranks strings by how often a healthy text has them: the higher,
// the more often. It is that of the string's rarest window.
func Commonness(s string) int {
	if len(s) < window {
		return 2 * commonnessOf(s)
	}
	lowest := windowCommonness(s[:window])
	for offset := range len(s) - window + 1 {
		lowest = min(lowest, windowCommonness(s[offset:offset+window]))
	}
	return lowest
}

func commonnessOf(s string) int {
	sum := 0
	for i := range len(s) {
		sum += frequency[s[i]]
	}
	return sum
}

var frequency = func() (f [256]int) {
	for rank := range len(commonness) {
		// The n-th most frequent letter is about 1/n as frequent as the first.
		f[commonness[rank]] = max(f[commonness[rank]], 1000/(rank+2))
	}
	return f
}()

// Scan fills seen with the strings that occur in the text, whatever their case.
func (f *Finder) Scan(text string, seen *Seen) {
	seen.begin(len(f.strings))
	seen.folded = fold.Append(seen.folded[:0], text)
	size := len(seen.folded)
	if size < MinLength {
		return
	}
	// A probe may reach over the end of the text.
	seen.folded = append(seen.folded, make([]byte, wordBytes)...)
	folded := seen.folded[:size]
	// A key holds the last four bytes, the latest uppermost; without the lowest
	// one it is the key of a short string.
	key := uint32(folded[0])<<16 | uint32(folded[1])<<24
	for i := MinLength - 1; i < len(folded); i++ {
		key = key>>8 | uint32(folded[i])<<24
		if f.long.mayHave(key) {
			f.compare(&f.long, key, folded, i-window+1, seen)
		}
		if f.short.mayHave(key &^ 0xFF) {
			f.compare(&f.short, key&^0xFF, folded, i-MinLength+1, seen)
		}
	}
}

// compare marks the strings of a window that stand around its place in the text.
func (f *Finder) compare(t *table, key uint32, folded []byte, at int, seen *Seen) {
	padded := folded[:len(folded)+wordBytes]
	for i := t.home(key); t.slots[i].upto > 0; i = (i + 1) & t.mask {
		if t.slots[i].key != key {
			continue
		}
		entries := t.entries[t.slots[i].from:t.slots[i].upto]
		for j := range entries {
			e := &entries[j]
			probe := at + int(e.probeAt)
			if probe < 0 || (binary.LittleEndian.Uint64(padded[probe:])^e.probe)&e.mask != 0 || seen.mark[e.text] == seen.round {
				continue
			}
			s, start := f.strings[e.text], at-int(e.offset)
			if start < 0 || start+len(s) > len(folded) || string(folded[start:start+len(s)]) != s {
				continue
			}
			seen.mark[e.text] = seen.round
			seen.List = append(seen.List, e.text)
		}
		return
	}
}
