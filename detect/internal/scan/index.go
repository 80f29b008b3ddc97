package scan

import "encoding/binary"

// index gives the literals to compare where a window occurs: an open-addressed
// hash table, at most half full. It compares parts of hashes only, since every
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

// entry says where the window lies in a literal.
type entry struct {
	// probe are bytes of the literal around the window, as many as a word holds, at
	// a distance from the window's begin; mask says which bytes of the word they
	// are. One comparison rules nearly all literals out without a look at them.
	probe, mask uint64
	probeAt     int32
	offset      int32
	literal     int32
}

// probeSize is the size of a probe.
const probeSize = 8

func newEntry(literal int32, text string, offset int) entry {
	from := max(min(offset, len(text)-probeSize), 0)
	e := entry{literal: literal, offset: int32(offset), probeAt: int32(from - offset)}
	for i := range min(probeSize, len(text)-from) {
		e.probe |= uint64(text[from+i]) << (8 * i)
		e.mask |= 0xFF << (8 * i)
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
	for len(x.slots) < 2*keys+len(content)/slotCapacity {
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
			if probe < 0 || (binary.LittleEndian.Uint64(text[probe:])^e.probe)&e.mask != 0 {
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
