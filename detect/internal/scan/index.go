package scan

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// index gives the literals to compare where a window occurs: an open-addressed
// hash table, at most three quarters full. It compares parts of hashes only,
// since every entry is compared with the text anyway.
type index struct {
	// guard has two bits for each window, in a word that its hash chooses. It is a sixteenth as
	// large as the slots and rules out nearly all windows that are not there, before the
	// processor has to wait for a slot.
	guard   []uint64
	slots   []slot
	shift   uint32
	entries []entry
}

// slot tells one window from others. The zero value is empty.
type slot struct {
	tag uint32
	// begin is where the entries of the window begin, plus one.
	begin uint32
}

// entry says where the window lies in a literal. It is small, since the entries
// of what is common in a text should stay in the processor's caches.
type entry struct {
	// probe are bytes of the literal beside a wide window or around a narrow one, as many as a
	// word holds. One comparison rules nearly all literals out without a look at them.
	probe   uint64
	literal int32
	offset  int16
	// probeAt is how far behind the window's begin the probe lies.
	probeAt int8
	// flags hold how many bytes the probe has, and whether the entry is its window's last.
	flags uint8
}

const (
	// guardedSlots is how many slots share a word of the guard.
	guardedSlots = 16
	// maxProbe is the size of a probe where the literal has as many bytes.
	maxProbe = 8
	// lastEntry is the flag of a window's last entry, probeSize the part with a size.
	lastEntry = 0x10
	probeSize = 0x0F
	// maxOffset is where in a literal its window lies at the most.
	maxOffset = 1 << 14
)

// probeMask has the bytes of a probe of each size.
var probeMask = [maxProbe + 1]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

func newEntry(literal int32, text string, offset int) entry {
	from := max(min(offset, len(text)-maxProbe), 0)
	upto := min(from+maxProbe, len(text))
	if sizeOf(text) == wide {
		// The bytes of a wide window are equal already.
		if before, behind := offset, len(text)-offset-wide; before > behind {
			from, upto = max(offset-maxProbe, 0), offset
		} else {
			from, upto = offset+wide, min(offset+wide+maxProbe, len(text))
		}
	}
	e := entry{literal: literal, offset: int16(offset), probeAt: int8(from - offset), flags: uint8(upto - from)}
	for i, c := range []byte(text[from:upto]) {
		e.probe |= uint64(c) << (8 * i)
	}
	return e
}

// keyed is an entry with the key under which it is found.
type keyed struct {
	key uint64
	entry
}

// newIndex makes an index of entries. Those of one key may lie apart.
func newIndex(content []keyed) index {
	x := index{shift: 62, entries: make([]entry, len(content))}
	for 2<<(64-x.shift) < len(content) {
		x.shift--
	}
	x.slots = make([]slot, 1<<(64-x.shift))
	keys, counts := x.count(content)
	for keys == nil {
		x.grow()
		keys, counts = x.count(content)
	}
	x.guard = make([]uint64, max(1, len(x.slots)/guardedSlots))
	end := uint32(0)
	for i, count := range counts {
		if count == 0 {
			continue
		}
		word, bits := x.guardOf(hashOf(keys[i]))
		*word |= bits
		tag, _ := x.place(keys[i])
		end += count
		x.slots[i] = slot{tag: tag, begin: end + 1}
		x.entries[end-1].flags = lastEntry
	}
	for _, k := range slices.Backward(content) {
		s := &x.slots[x.claim(k.key, keys, counts)]
		s.begin--
		e := &x.entries[s.begin-1]
		last := e.flags
		*e = k.entry
		e.flags |= last
	}
	return x
}

func (x *index) grow() {
	x.slots = make([]slot, 2*len(x.slots))
	x.shift--
}

// count gives the key of each slot and how many entries it has, or nothing where
// there are too few slots.
func (x *index) count(content []keyed) (keys []uint64, counts []uint32) {
	keys, counts = make([]uint64, len(x.slots)), make([]uint32, len(x.slots))
	used := 0
	for i := range content {
		at := x.claim(content[i].key, keys, counts)
		if counts[at] == 0 {
			if used++; 4*used > 3*len(x.slots) {
				return nil, nil
			}
		}
		keys[at] = content[i].key
		counts[at]++
	}
	return keys, counts
}

// claim gives the slot of a key, or the empty one that is to be its.
func (x *index) claim(key uint64, keys []uint64, counts []uint32) int {
	_, at := x.place(key)
	for counts[at] > 0 && keys[at] != key {
		at = (at + 1) & (len(x.slots) - 1)
	}
	return at
}

// place gives the tag of a key and where the search for it begins.
func (x *index) place(key uint64) (tag uint32, at int) {
	h := hashOf(key)
	return uint32(h), int(h >> (x.shift & 63))
}

func hashOf(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// guardOf gives the word of the guard and the bits in it for a hash.
func (x *index) guardOf(h uint64) (word *uint64, bits uint64) {
	return &x.guard[int(h>>(x.shift&63))&(len(x.guard)-1)], 1<<(h>>20&63) | 1<<(h>>26&63)
}

// compare marks the literals of a window that stand around its place in a text.
func (x *index) compare(key uint64, text []byte, size, at int, literals *packed, m *marks) {
	if word, bits := x.guardOf(hashOf(key)); *word&bits != bits {
		return
	}
	tag, i := x.place(key)
	for ; x.slots[i].begin != 0; i = (i + 1) & (len(x.slots) - 1) {
		if x.slots[i].tag != tag {
			continue
		}
		for j := x.slots[i].begin - 1; ; j++ {
			e := &x.entries[j]
			if probe := at + int(e.probeAt); probe >= 0 && (binary.LittleEndian.Uint64(text[probe:])^e.probe)&probeMask[e.flags&probeSize] == 0 {
				literal, start := literals.of(e.literal), at-int(e.offset)
				if start >= 0 && start+len(literal) <= size && bytes.Equal(text[start:start+len(literal)], literal) {
					m.set(e.literal, int32(start))
				}
			}
			if e.flags&lastEntry != 0 {
				break
			}
		}
	}
}
