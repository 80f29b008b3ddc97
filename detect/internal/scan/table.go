package scan

import (
	"encoding/binary"
	mathbits "math/bits"
)

// table finds which of many literals stand in a text.
type table struct {
	literals packed
	filter   filter
	// wides finds literals by windows of eight bytes. There are many, and the filter lets a
	// narrow window pass oftener, so the narrow ones have an index of their own that is small.
	wides index
	// narrows finds literals by windows of four bytes, and those of three and four bytes by
	// three bytes of a window of which the fourth one is not theirs.
	narrows index
	// threes says that there are some of the latter.
	threes bool
}

// A key of three bytes says which ones of the window they are.
const (
	leading  = 1 << 32
	trailing = 2 << 32
)

// newTable prepares literals, each with its place or, where it is too short for one, without.
func newTable(literals []string, places []place) *table {
	wides, narrows := make([]keyed, 0, 2*len(literals)), []keyed(nil)
	for i, literal := range literals {
		add := func(to *[]keyed, key uint64, offset int) {
			*to = append(*to, keyed{key, newEntry(int32(i), literal, offset)})
		}
		switch p := places[i]; {
		case p.size == wide:
			add(&wides, p.first, int(p.offset))
			add(&wides, p.second, int(p.offset)+1)
		case p.size == narrow:
			add(&narrows, p.first, int(p.offset))
			add(&narrows, p.second, int(p.offset)+1)
		case len(literal) == narrow:
			// Where it begins at an odd place, the windows before and behind that have three
			// bytes of it each.
			add(&narrows, uint64(keyOf(literal)), 0)
			if p.offset == 0 {
				add(&narrows, trailing|uint64(keyOfThree(literal)), -1)
			} else {
				add(&narrows, leading|uint64(keyOfThree(literal[1:])), 1)
			}
		default:
			add(&narrows, leading|uint64(keyOfThree(literal)), 0)
			add(&narrows, trailing|uint64(keyOfThree(literal)), -1)
		}
	}
	t := &table{literals: pack(literals), wides: newIndex(wides), narrows: newIndex(narrows)}
	t.fill(wides, narrows)
	return t
}

func (t *table) fill(wides, narrows []keyed) {
	keys := len(wides)
	for i := range narrows {
		if isThree(narrows[i].key) {
			t.threes = true
			keys += 256
		} else {
			keys++
		}
	}
	t.filter = newFilter(keys)
	for i := range wides {
		t.filter.addWide(wides[i].key)
	}
	for i := range narrows {
		key := narrows[i].key
		if !isThree(key) {
			t.filter.add(uint32(key))
			continue
		}
		for other := range uint32(256) {
			if three := uint32(key) & firstThree; key&trailing != 0 {
				t.filter.add(three<<8 | other)
			} else {
				t.filter.add(three | other<<24)
			}
		}
	}
}

func isThree(key uint64) bool { return key&(leading|trailing) != 0 }

// maxWindows is how many windows of a text are looked up that the filter lets pass. Lines
// that report failures and nothing else have fewer in four kilobytes; a text can be made to
// have thousands, and then what follows them is not looked at.
const maxWindows = 768

// maxBlocks is how many blocks of a text the filter is asked about at a time.
const maxBlocks = 64

// look begins with a padded text of a size, and counts the windows that the filter lets pass in
// so many of its first bytes.
func (t *table) look(text []byte, size int, m *marks) (windows, looked int) {
	m.begin(t.literals.count())
	return t.pass(text, size, &m.masks)
}

func (t *table) pass(text []byte, size int, room *[maxBlocks]uint16) (windows, looked int) {
	if size < MinLength {
		return 0, 0
	}
	masks := room[:min(maxBlocks, (size-MinLength)/blockSize+1)]
	t.filter.scan(text, masks)
	for _, mask := range masks {
		windows += mathbits.OnesCount16(mask)
	}
	return windows, min(size, len(masks)*blockSize)
}

// shareOf gives how many of a text's bytes begin a window that the filter lets pass.
func (t *table) shareOf(text string) float32 {
	var found Found
	windows, size := 0, 0
	for text != "" {
		part := text[:min(len(text), maxBlocks*blockSize)]
		found.begin(part)
		passed, looked := t.pass(found.padded(), len(found.Folded), &found.anchors.masks)
		windows, size = windows+passed, size+looked
		text = text[len(part):]
	}
	return float32(windows) / float32(size)
}

// scan marks the literals that occur in the text that was looked at. It is not whole where
// the text has too many windows.
func (t *table) scan(text []byte, size int, m *marks) (whole bool) {
	if size < MinLength {
		return true
	}
	left := maxWindows
	last := size - MinLength
	blocks := last/blockSize + 1
	for done := 0; done < blocks; done += len(m.masks) {
		masks := m.masks[:min(len(m.masks), blocks-done)]
		if done > 0 {
			t.filter.scan(text[done*blockSize:], masks)
		}
		for i, mask := range masks {
			for ; mask != 0; mask &= mask - 1 {
				bit := mathbits.TrailingZeros16(mask)
				if at := (done+i)*blockSize + placeOf(bit); at <= last {
					t.compare(text, size, at, m)
				}
			}
			if left -= mathbits.OnesCount16(masks[i]); left < 0 {
				return false
			}
		}
	}
	return true
}

// compare looks at one place of a text that the filter lets pass.
func (t *table) compare(text []byte, size, at int, m *marks) {
	eight := binary.LittleEndian.Uint64(text[at:])
	isNarrow, isWide := t.filter.mayHave(eight)
	if isWide {
		t.wides.compare(eight, text, size, at, &t.literals, m)
	}
	if !isNarrow {
		return
	}
	four := eight & 0xFFFFFFFF
	t.narrows.compare(four, text, size, at, &t.literals, m)
	if t.threes {
		t.narrows.compare(leading|four&firstThree, text, size, at, &t.literals, m)
		t.narrows.compare(trailing|four>>8, text, size, at, &t.literals, m)
	}
}

// marks say which literals a scan has seen, and where.
type marks struct {
	// seen has each of them once.
	seen  []int32
	marks []mark
	round uint32
	// places are where the literals were seen, those of each one linked from the latest.
	places []sighting
	masks  [maxBlocks]uint16
}

// mark holds for the scan of its round alone.
type mark struct {
	round uint32
	// latest is the place that was noted last.
	latest int32
}

// sighting is where a literal was seen, and the place noted before, or -1.
type sighting struct{ at, before int32 }

// begin forgets the last text in constant time: a mark of an earlier round is no mark.
func (m *marks) begin(literals int) {
	if len(m.marks) < literals {
		m.marks = make([]mark, literals)
		m.round = 0
	}
	m.round++
	if m.round == 0 {
		clear(m.marks)
		m.round = 1
	}
	m.seen, m.places = m.seen[:0], m.places[:0]
}

func (m *marks) has(literal int32) bool { return m.marks[literal].round == m.round }

func (m *marks) set(literal, at int32) {
	mk := &m.marks[literal]
	if mk.round != m.round {
		*mk = mark{round: m.round, latest: -1}
		m.seen = append(m.seen, literal)
	}
	m.places = append(m.places, sighting{at: at, before: mk.latest})
	mk.latest = int32(len(m.places) - 1)
}
