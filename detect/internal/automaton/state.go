package automaton

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync/atomic"
)

// state is a set of nodes, and what stood before the place in the text where the
// nodes ask for that. It does not change.
type state struct {
	// nodes are all of the set but splits, sorted.
	nodes []uint16
	// before has of beginText, beginLine and wordBoundary what the rune before fulfils.
	before look
	gaps   uint64
	row    uint32
	// without has for each gap the row of the state without it, 0 if not asked for yet.
	without []atomic.Uint32
}

// lacking is the place of the row without a gap.
func (s *state) lacking(gap int) *atomic.Uint32 {
	return &s.without[bits.OnesCount64(s.gaps&(1<<gap-1))]
}

// workspace holds the set of nodes that is being put together.
type workspace struct {
	set   []uint16
	in    []uint32
	round uint32
	stack []int32
	key   []byte
}

func (w *workspace) begin() {
	w.round++
	if w.round == 0 {
		clear(w.in)
		w.round = 1
	}
	w.set = w.set[:0]
}

// add says whether a node is new to the set.
func (w *workspace) add(n int32) bool {
	if w.in[n] == w.round {
		return false
	}
	w.in[n] = w.round
	return true
}

// enter adds all nodes that one leads to without taking a rune and without a look,
// and gives the gaps among them, which are entered anew.
func (m *machine) enter(from int32) (gaps uint64) {
	w := &m.work
	w.stack = append(w.stack[:0], from)
	for len(w.stack) > 0 {
		n := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		at := &m.program.nodes[n]
		if at.op == opGap {
			gaps |= 1 << at.gap
		}
		if !w.add(n) {
			continue
		}
		switch at.op {
		case opSplit:
			w.stack = append(w.stack, at.more...)
			continue
		case opGap:
			w.stack = append(w.stack, at.out)
		}
		w.set = append(w.set, uint16(n))
	}
	return gaps
}

// stay keeps a node in the set.
func (m *machine) stay(n uint16) {
	if m.work.add(int32(n)) {
		m.work.set = append(m.work.set, n)
	}
}

// intern gives the row of the state of the set.
func (m *machine) intern(c *cache, before look) uint32 {
	w := &m.work
	slices.Sort(w.set)
	var asked look
	var gaps uint64
	for _, n := range w.set {
		switch at := &m.program.nodes[n]; at.op {
		case opLook:
			asked |= at.look
		case opGap:
			gaps |= 1 << at.gap
		}
	}
	before &= relevant(asked)
	w.key = append(w.key[:0], byte(before))
	for _, n := range w.set {
		w.key = binary.LittleEndian.AppendUint16(w.key, n)
	}
	if row, known := c.rows[string(w.key)]; known {
		return row
	}
	s := &state{
		nodes:   slices.Clone(w.set),
		before:  before,
		gaps:    gaps,
		row:     1 + uint32(c.count)*m.classes,
		without: make([]atomic.Uint32, bits.OnesCount64(gaps)),
	}
	c.rows[string(w.key)] = s.row
	c.states[c.count] = s
	c.count++
	return s.row
}

// relevant is what of the rune before matters to kinds of places.
func relevant(asked look) look {
	before := asked & (beginText | beginLine)
	if asked&(wordBoundary|noWordBoundary) != 0 {
		before |= wordBoundary
	}
	return before
}

// resolve gives a state's nodes and those behind the looks that the place before a
// class fulfils, and the gaps that are entered by that.
func (m *machine) resolve(s *state, class uint8) (nodes []uint16, gaps uint64) {
	m.work.begin()
	for _, n := range s.nodes {
		m.stay(n)
	}
	place := m.place(s.before, class)
	// The set grows meanwhile, and what is added may be a look again.
	for next := 0; next < len(m.work.set); {
		at := &m.program.nodes[m.work.set[next]]
		next++
		if at.op == opLook && at.look&place != 0 {
			gaps |= m.enter(at.out)
		}
	}
	return slices.Clone(m.work.set), gaps
}

// place gives the kinds of the place between what stands before it and a class.
func (m *machine) place(before look, class uint8) look {
	kinds := before & (beginText | beginLine)
	if m.isEnd(class) {
		kinds |= endText | endLine
	}
	if m.isLine[class] {
		kinds |= endLine
	}
	if (before&wordBoundary != 0) != m.isWord[class] {
		return kinds | wordBoundary
	}
	return kinds | noWordBoundary
}

// behind gives what the place behind a class has before it.
func (m *machine) behind(class uint8) look {
	var before look
	if m.isWord[class] {
		before |= wordBoundary
	}
	if m.isLine[class] {
		before |= beginLine
	}
	return before
}

// transition finds out where a class leads from a state.
func (m *machine) transition(c *cache, s *state, class uint8) uint32 {
	here, now := m.resolve(s, class)
	m.work.begin()
	var entry uint32
	var after, ends uint64
	for _, n := range here {
		at := &m.program.nodes[n]
		switch {
		case at.op == opMatch:
			entry = special | accept
			ends |= 1 << at.which
		case at.op == opLook || m.isEnd(class) || !m.alphabet.member[at.set][class]:
		case at.op == opRune:
			after |= m.enter(at.out)
		default:
			m.stay(n)
			after |= m.enter(at.out)
		}
	}
	if m.isEnd(class) {
		return entry | special | dead | m.detour(c, edge{ends: ends})
	}
	if m.kind == ofOne || m.kind == ofSeveral {
		after |= m.enter(m.program.start)
	}
	m.work.set = slices.DeleteFunc(m.work.set, func(n uint16) bool {
		at := &m.program.nodes[n]
		return at.op == opLook && at.look == beginText
	})
	if len(m.work.set) == 0 {
		return entry | special | dead | m.detour(c, edge{ends: ends})
	}
	e := edge{to: m.intern(c, m.behind(class)), now: now, after: after, ends: ends}
	if detour := m.detour(c, e); detour != 0 {
		return entry | detour
	}
	return entry | e.to
}

// detour notes an edge where there is more to know than where it leads.
func (m *machine) detour(c *cache, e edge) uint32 {
	if e.now|e.after == 0 && (m.kind != ofSeveral || e.ends == 0) {
		return 0
	}
	c.edges[c.edgeCount] = e
	c.edgeCount++
	return special | detour | uint32(c.edgeCount-1)
}
