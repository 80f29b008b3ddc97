package automaton

import (
	"math"
	"math/bits"
	"sync/atomic"
	"unicode/utf8"
)

// maxBuilt is how many states a walk builds before it is given up.
const maxBuilt = 512

// walk is a machine on its way over a text.
type walk struct {
	m   *machine
	c   *cache
	row uint32
	// runes counts those that were taken, and due says at which count a clock may have run out.
	runes, due int
	// deadline has for each gap from which count on it takes no rune.
	deadline [maxGaps]int
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
		w.deadline[gap] = runes + int(w.m.program.widths[gap])
		w.due = min(w.due, w.deadline[gap])
	}
}

// expire drops the gaps whose clocks have run out.
func (w *walk) expire() {
	w.due = math.MaxInt
	for gaps := w.m.stateOf(w.c, w.row).gaps; gaps != 0; gaps &= gaps - 1 {
		gap := bits.TrailingZeros64(gaps)
		if w.deadline[gap] > w.runes {
			w.due = min(w.due, w.deadline[gap])
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

// earliest gives the least position where a match ends that lies between two
// positions. It is not ok where the walk was given up.
func (m *machine) earliest(text string, from, to int) (end int, ok bool) {
	var w walk
	w.begin(m, m.before(text, from))
	table, row, ascii := w.c.table, w.row, &m.alphabet.ascii
	for i := from; i < to; {
		if w.runes >= w.due {
			w.row = row
			w.expire()
			table, row = w.c.table, w.row
		}
		var class uint8
		size := 1
		if b := text[i]; b < utf8.RuneSelf {
			class = ascii[b]
		} else {
			class, size = m.alphabet.next(text[i:])
		}
		entry := atomic.LoadUint32(&table[row+uint32(class)])
		if entry-1 < target {
			row = entry
		} else {
			w.row = row
			known, ok := w.turn(entry, class)
			switch {
			case !ok:
				return none, false
			case known&accept != 0:
				return i, true
			case known&dead != 0:
				return none, true
			}
			table, row = w.c.table, w.row
		}
		i += size
		w.runes++
	}
	w.row = row
	return w.atEdge(m.classAt(text, to), to, none)
}

// leftmost gives the least position where a match begins that lies between two
// positions. It is not ok where the walk was given up. The machine is that of the
// reversed expression.
func (m *machine) leftmost(text string, from, to int) (start int, ok bool) {
	var w walk
	w.begin(m, m.after(text, to))
	best := none
	table, row, ascii := w.c.table, w.row, &m.alphabet.ascii
	for i := to; i > from; {
		if w.runes >= w.due {
			w.row = row
			w.expire()
			table, row = w.c.table, w.row
		}
		var class uint8
		size := 1
		if b := text[i-1]; b < utf8.RuneSelf {
			class = ascii[b]
		} else {
			class, size = m.alphabet.last(text[:i])
		}
		entry := atomic.LoadUint32(&table[row+uint32(class)])
		if entry-1 < target {
			row = entry
		} else {
			w.row = row
			known, ok := w.turn(entry, class)
			if !ok {
				return none, false
			}
			if known&accept != 0 {
				best = i
			}
			if known&dead != 0 {
				return best, true
			}
			table, row = w.c.table, w.row
		}
		i -= size
		w.runes++
	}
	w.row = row
	return w.atEdge(m.classBefore(text, from), from, best)
}

// all gives which of several expressions match between two positions. It stops where
// all of those that are wanted do. It is not ok where the walk was given up.
func (m *machine) all(text string, from, to int, wanted uint64) (found uint64, ok bool) {
	var w walk
	w.begin(m, m.before(text, from))
	table, row, ascii := w.c.table, w.row, &m.alphabet.ascii
	for i := from; i < to; {
		if w.runes >= w.due {
			w.row = row
			w.expire()
			table, row = w.c.table, w.row
		}
		var class uint8
		size := 1
		if b := text[i]; b < utf8.RuneSelf {
			class = ascii[b]
		} else {
			class, size = m.alphabet.next(text[i:])
		}
		entry := atomic.LoadUint32(&table[row+uint32(class)])
		if entry-1 < target {
			row = entry
		} else {
			w.row = row
			known, ok := w.turn(entry, class)
			switch {
			case !ok:
				return 0, false
			case known&dead != 0, w.ends&wanted == wanted:
				return w.ends, true
			}
			table, row = w.c.table, w.row
		}
		i += size
		w.runes++
	}
	w.row = row
	class := m.classAt(text, to)
	_, ok = w.turn(atomic.LoadUint32(&table[row+uint32(class)]), class)
	return w.ends, ok
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
