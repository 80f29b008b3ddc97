package automaton

import (
	"math"
	"math/bits"
	"sync/atomic"
	"unicode/utf8"
)

const (
	// maxBuilt is how many states a walk builds before it is given up.
	maxBuilt = 512
	// maxGivenUp is how many walks of a machine are given up before no more are
	// begun: its states are too many to be built ever.
	maxGivenUp = 8
)

// walk is a machine on its way over a text.
type walk struct {
	m   *machine
	c   *cache
	row uint32
	// runes counts those that were taken, and due says at which count a clock may have run out.
	runes, due int
	// deadline has for each gap from which count on it takes no rune.
	deadline [maxGaps]int32
	built    int
	// ends are the expressions, of several, of which a match has ended.
	ends uint64
}

func (w *walk) begin(m *machine, before look) {
	w.m, w.due = m, math.MaxInt
	w.c, w.row = m.first(m.load(), before)
	w.wind(m.beginGaps, 0)
}

// wind sets the clocks of gaps that are entered when so many runes were taken.
func (w *walk) wind(gaps uint64, runes int) {
	for ; gaps != 0; gaps &= gaps - 1 {
		gap := bits.TrailingZeros64(gaps)
		w.deadline[gap] = int32(runes) + w.m.program.widths[gap]
		w.due = min(w.due, int(w.deadline[gap]))
	}
}

// expire drops the gaps whose clocks have run out.
func (w *walk) expire() {
	w.due = math.MaxInt
	for gaps := w.m.stateOf(w.c, w.row).gaps; gaps != 0; gaps &= gaps - 1 {
		gap := bits.TrailingZeros64(gaps)
		if at := int(w.deadline[gap]); at > w.runes {
			w.due = min(w.due, at)
			continue
		}
		w.c, w.row = w.m.drop(w.c, w.row, gap)
	}
}

// turn follows an entry that is not only the row of another state, and gives it.
// It is given up where too many states were built.
func (w *walk) turn(entry uint32, class uint8) (known uint32, ok bool) {
	if entry == 0 {
		if w.built == maxBuilt {
			w.m.givenUp.Add(1)
			return 0, false
		}
		w.built++
		w.c, entry = w.m.step(w.c, w.row, class)
	}
	switch {
	case entry&detour != 0:
		e := &w.c.edges[entry&target]
		w.row = e.to
		w.ends |= e.ends
		w.wind(e.now, w.runes)
		w.wind(e.after, w.runes+1)
	case entry&dead == 0:
		w.row = entry & target
	}
	return entry, true
}

// none is the position of what is not there.
const none = -1

// stop is where a walk has more to do than to go from state to state: before a
// rune whose entry says so.
type stop struct {
	at, size int
	entry    uint32
	class    uint8
}

// forward goes on from a position to the next stop; it is not ok where there is none.
func (w *walk) forward(text string, from, to int) (stop, bool) {
	for i := from; ; {
		until := i + min(to-i, max(w.due-w.runes, 0))
		at, row := glide(w.c.table, &w.m.alphabet.ascii, text[:until], i, w.row)
		w.row = row
		w.runes += at - i
		i = at
		if i == to {
			return stop{}, false
		}
		if w.runes >= w.due {
			w.expire()
		}
		class, size := w.m.alphabet.next(text[i:])
		entry := atomic.LoadUint32(&w.c.table[w.row+uint32(class)])
		if entry-1 >= target {
			return stop{at: i, size: size, entry: entry, class: class}, true
		}
		w.row = entry
		i += size
		w.runes++
		if i >= to {
			return stop{}, false
		}
	}
}

// glide follows the runes of ASCII of a text from a position, as far as entries
// name only the next state.
func glide(table []uint32, ascii *[utf8.RuneSelf]uint8, text string, i int, row uint32) (at int, end uint32) {
	for i < len(text) {
		b := text[i]
		if b >= utf8.RuneSelf {
			break
		}
		entry := atomic.LoadUint32(&table[row+uint32(ascii[b])])
		if entry-1 >= target {
			break
		}
		row = entry
		i++
	}
	return i, row
}

// backward goes back from a position to the next stop; it is not ok where there is none.
func (w *walk) backward(text string, from, to int) (stop, bool) {
	for i := to; ; {
		until := i - min(i-from, max(w.due-w.runes, 0))
		at, row := glideBack(w.c.table, &w.m.alphabet.ascii, text[:i], until, w.row)
		w.row = row
		w.runes += i - at
		i = at
		if i == from {
			return stop{}, false
		}
		if w.runes >= w.due {
			w.expire()
		}
		class, size := w.m.alphabet.last(text[:i])
		entry := atomic.LoadUint32(&w.c.table[w.row+uint32(class)])
		if entry-1 >= target {
			return stop{at: i, size: size, entry: entry, class: class}, true
		}
		w.row = entry
		i -= size
		w.runes++
		if i <= from {
			return stop{}, false
		}
	}
}

// glideBack is glide from the end of a text back to a position.
func glideBack(table []uint32, ascii *[utf8.RuneSelf]uint8, text string, until int, row uint32) (at int, end uint32) {
	i := len(text)
	for i > until {
		b := text[i-1]
		if b >= utf8.RuneSelf {
			break
		}
		entry := atomic.LoadUint32(&table[row+uint32(ascii[b])])
		if entry-1 >= target {
			break
		}
		row = entry
		i--
	}
	return i, row
}

// earliest gives the least position where a match ends that lies between two
// positions. It is not ok where the walk was given up.
func (m *machine) earliest(text string, from, to int) (end int, ok bool) {
	if m.hopeless() {
		return none, false
	}
	var w walk
	w.begin(m, m.before(text, from))
	for at := from; ; {
		s, stopped := w.forward(text, at, to)
		if !stopped {
			return w.atEdge(m.classAt(text, to), to, none)
		}
		known, ok := w.turn(s.entry, s.class)
		switch {
		case !ok:
			return none, false
		case known&accept != 0:
			return s.at, true
		case known&dead != 0:
			return none, true
		}
		at = s.at + s.size
		w.runes++
	}
}

// leftmost gives the least position where a match begins that lies between two
// positions. It is not ok where the walk was given up. The machine is that of the
// reversed expression.
func (m *machine) leftmost(text string, from, to int) (start int, ok bool) {
	if m.hopeless() {
		return none, false
	}
	var w walk
	w.begin(m, m.after(text, to))
	best := none
	for at := to; ; {
		s, stopped := w.backward(text, from, at)
		if !stopped {
			return w.atEdge(m.classBefore(text, from), from, best)
		}
		known, ok := w.turn(s.entry, s.class)
		if !ok {
			return none, false
		}
		if known&accept != 0 {
			best = s.at
		}
		if known&dead != 0 {
			return best, true
		}
		at = s.at - s.size
		w.runes++
	}
}

// only gives the position where the match that begins at a position ends, if there
// is only one. The machine is an anchored one.
func (m *machine) only(text string, from int) (end int, ok bool) {
	if m.hopeless() {
		return none, false
	}
	var w walk
	w.begin(m, m.before(text, from))
	end = none
	for at := from; ; {
		s, stopped := w.forward(text, at, len(text))
		if !stopped {
			last, _ := w.atEdge(m.endClass(), len(text), none)
			switch {
			case last == none:
				return end, end != none
			case end == none:
				return last, true
			default:
				return none, false
			}
		}
		known, ok := w.turn(s.entry, s.class)
		if !ok {
			return none, false
		}
		if known&accept != 0 {
			if end != none {
				return none, false
			}
			end = s.at
		}
		if known&dead != 0 {
			return end, end != none
		}
		at = s.at + s.size
		w.runes++
	}
}

// maxReach is how far it is asked where a match can begin or end, in bytes. What
// reaches further may reach anywhere.
const maxReach = 2 << 10

// reach gives the position up to which a match can go on that goes on at a position.
// The machine is a spanning one.
func (m *machine) reach(text string, from int) int {
	if m.hopeless() {
		return len(text)
	}
	var w walk
	w.begin(m, m.before(text, from))
	for at := from; ; {
		s, stopped := w.forward(text, at, min(len(text), from+maxReach))
		if !stopped {
			return len(text)
		}
		known, ok := w.turn(s.entry, s.class)
		switch {
		case !ok:
			return len(text)
		case known&dead != 0:
			return s.at
		}
		at = s.at + s.size
		w.runes++
	}
}

// reachBack gives the position from which on a match can have begun that has come to
// a position. The machine is a spanning one of the reversed expression.
func (m *machine) reachBack(text string, to int) int {
	if m.hopeless() {
		return 0
	}
	var w walk
	w.begin(m, m.after(text, to))
	for at := to; ; {
		s, stopped := w.backward(text, max(0, to-maxReach), at)
		if !stopped {
			return 0
		}
		known, ok := w.turn(s.entry, s.class)
		switch {
		case !ok:
			return 0
		case known&dead != 0:
			return s.at
		}
		at = s.at - s.size
		w.runes++
	}
}

// all gives which of several expressions match between two positions. It stops where
// all of those that are wanted do. It is not ok where the walk was given up.
func (m *machine) all(text string, from, to int, wanted uint64) (found uint64, ok bool) {
	if m.hopeless() {
		return 0, false
	}
	var w walk
	w.begin(m, m.before(text, from))
	for at := from; ; {
		s, stopped := w.forward(text, at, to)
		if !stopped {
			class := m.classAt(text, to)
			_, ok = w.turn(atomic.LoadUint32(&w.c.table[w.row+uint32(class)]), class)
			return w.ends, ok
		}
		known, ok := w.turn(s.entry, s.class)
		switch {
		case !ok:
			return 0, false
		case known&dead != 0, w.ends&wanted == wanted:
			return w.ends, true
		}
		at = s.at + s.size
		w.runes++
	}
}

// atEdge looks for a match that ends where the walk does, before a class.
func (w *walk) atEdge(class uint8, at, otherwise int) (int, bool) {
	entry := atomic.LoadUint32(&w.c.table[w.row+uint32(class)])
	if entry == 0 {
		w.c, entry = w.m.step(w.c, w.row, class)
	}
	if entry >= special && entry&accept != 0 {
		return at, true
	}
	return otherwise, true
}

// classAt gives the class of the rune at a position, or that of the end.
func (m *machine) classAt(text string, at int) uint8 {
	if at == len(text) {
		return m.endClass()
	}
	class, _ := m.alphabet.next(text[at:])
	return class
}

// classBefore gives the class of the rune before a position, or that of the end.
func (m *machine) classBefore(text string, at int) uint8 {
	if at == 0 {
		return m.endClass()
	}
	class, _ := m.alphabet.last(text[:at])
	return class
}

// before gives what a walk forward from a position has behind it.
func (m *machine) before(text string, at int) look {
	if at == 0 {
		return beginText | beginLine
	}
	return beside(text[at-1])
}

// after gives what a walk backward from a position has behind it.
func (m *machine) after(text string, at int) look {
	if at == len(text) {
		return beginText | beginLine
	}
	return beside(text[at])
}

// beside judges a neighbour by one byte: no rune beyond ASCII ends a line or is
// part of a word.
func beside(b byte) look {
	switch {
	case b == '\n':
		return beginLine
	case wordRunes.has(rune(b)):
		return wordBoundary
	default:
		return 0
	}
}
