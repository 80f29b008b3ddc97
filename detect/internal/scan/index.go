package scan

import "encoding/binary"

// index gives the literals to compare where a window occurs: an open-addressed
// hash table, at most three quarters full. It compares parts of hashes only, since every
// entry is compared with the text anyway.
type index struct {
	slots   []slot
	shift   uint32
	entries []entry
}

// slot is empty where it has no entries.
type slot struct {
	tag uint32
	// entries of a slot stand together: the first one, and in the lowest byte how many there are.
	entries uint32
}

// slotCapacity is how many entries a slot can name. What a window has more goes
// into a further slot.
const slotCapacity = 0xFF

// entry says where the window lies in a literal. It is small, since the entries
// of what is common in a text should stay in the processor's caches.
type entry struct {
	// probe are bytes of the literal around the window, as many as a word holds. One
	// comparison rules nearly all literals out without a look at them.
	probe   uint64
	literal int32
	offset  int16
	// probeAt is how far behind the window's begin the probe lies, probeSize how many bytes it has.
	probeAt   int8
	probeSize uint8
}

const (
	// maxProbe is the size of a probe where the literal has as many bytes.
	maxProbe = 8
	// maxOffset is where in a literal its window lies at the most.
	maxOffset = 1 << 14
)

// probeMask has the bytes of a probe of each size.
var probeMask = [maxProbe + 1]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

func newEntry(literal int32, text string, offset int) entry {
	from := max(min(offset, len(text)-maxProbe), 0)
	e := entry{literal: literal, offset: int16(offset), probeAt: int8(from - offset), probeSize: uint8(min(maxProbe, len(text)-from))}
	for i := range int(e.probeSize) {
		e.probe |= uint64(text[from+i]) << (8 * i)
	}
	return e
}

// keyed is an entry with the key under which it is found.
type keyed struct {
	key uint64
	entry
}

// newIndex makes an index of entries that are sorted by key.
func newIndex(content []keyed) index {
	keys := 0
	for i := range content {
		if i == 0 || content[i].key != content[i-1].key {
			keys++
		}
	}
	x := index{shift: 62, slots: make([]slot, 4), entries: make([]entry, 0, len(content))}
	for len(x.slots) < (keys+len(content)/slotCapacity)*4/3 {
		x.slots = append(x.slots, x.slots...)
		x.shift--
	}
	var last *slot
	for i := range content {
		if i == 0 || content[i].key != content[i-1].key || last.entries&slotCapacity == slotCapacity {
			tag, at := x.place(content[i].key)
			for x.slots[at].entries != 0 {
				at = (at + 1) & (len(x.slots) - 1)
			}
			last = &x.slots[at]
			*last = slot{tag: tag, entries: uint32(len(x.entries)) << 8}
		}
		last.entries++
		x.entries = append(x.entries, content[i].entry)
	}
	return x
}

// place gives the tag of a key and where the search for it begins.
func (x *index) place(key uint64) (tag uint32, at int) {
	h := key * 0x9E3779B97F4A7C15
	return uint32(h), int(h >> (x.shift & 63))
}

// compare marks the literals of a window that stand around its place in a text.
func (x *index) compare(key uint64, text []byte, size, at int, literals []string, m *marks) {
	tag, i := x.place(key)
	for ; x.slots[i].entries != 0; i = (i + 1) & (len(x.slots) - 1) {
		if x.slots[i].tag != tag {
			continue
		}
		first := int(x.slots[i].entries >> 8)
		for j := first; j < first+int(x.slots[i].entries&slotCapacity); j++ {
			e := &x.entries[j]
			probe := at + int(e.probeAt)
			if probe < 0 || (binary.LittleEndian.Uint64(text[probe:])^e.probe)&probeMask[e.probeSize] != 0 {
				continue
			}
			literal, start := literals[e.literal], at-int(e.offset)
			if start < 0 || start+len(literal) > size || string(text[start:start+len(literal)]) != literal {
				continue
			}
			m.set(e.literal, int32(start))
		}
	}
}
