package scan

import "encoding/binary"

// LongLine is the longest text that counts as a line.
const LongLine = longLine

// WindowHits says how many windows of a text have entries to compare, of how
// many the filter lets pass.
func WindowHits(f *Finder, text string) (hits, passed int) {
	var found Found
	found.begin(text)
	padded := found.Folded[:len(found.Folded)+padding]
	for at := 0; at <= len(found.Folded)-MinLength; at += stride {
		eight := binary.LittleEndian.Uint64(padded[at:])
		isNarrow, isWide := f.anchors.filter.mayHave(eight)
		if isNarrow || isWide {
			passed++
		}
		four := eight & 0xFFFFFFFF
		if n := &f.anchors.narrows; isWide && f.anchors.wides.has(eight) ||
			isNarrow && (n.has(four) || n.has(leading|four&firstThree) || n.has(trailing|four>>8)) {
			hits++
		}
	}
	return hits, passed
}

func (x *index) has(key uint64) bool {
	tag, at := x.place(key)
	for x.slots[at].begin != 0 && x.slots[at].tag != tag {
		at = (at + 1) & (len(x.slots) - 1)
	}
	return x.slots[at].begin != 0
}

// Crowded gives a window that as many literals have as any.
func Crowded(f *Finder) string {
	x := &f.anchors.wides
	most, entries, crowded := 0, 0, ""
	for _, e := range x.entries {
		if entries++; e.flags&lastEntry == 0 {
			continue
		}
		if entries > most {
			literal := string(f.anchors.literals.of(e.literal))
			most, crowded = entries, literal[e.offset:min(int(e.offset)+wide, len(literal))]
		}
		entries = 0
	}
	return crowded
}
