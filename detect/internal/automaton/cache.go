package automaton

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// An entry of a table says where a class of runes leads from a state: to another
// state, named by where its row begins, or to more than that. Rows begin at 1, so
// that 0 is what has not been asked for yet.
const (
	// special is set where there is more to do than to go to another state.
	special uint32 = 1 << 28
	// accept says that a match ended before the rune.
	accept uint32 = 1 << 29
	// dead says that no match can come any more.
	dead uint32 = 1 << 30
	// detour says that there is more to know, and the entry names the edge that has it.
	detour uint32 = 1 << 31

	target = special - 1
)

// edge is a transition that enters gaps, some before the rune and others behind
// it, or before which expressions end, if there are several.
type edge struct {
	to         uint32
	now, after uint64
	ends       uint64
}

// cache is the states of a machine. Its table is read without a lock while
// entries are added. Where it is full a larger one takes its place, in which
// all has the same row; who still reads the old one goes on with the new one at
// the next unknown entry.
type cache struct {
	table []uint32
	edges []edge
	// states has the state of each row. Readers come only to those that an entry named.
	states []*state
	// begin has the rows of the states at the begin of a walk, by beginKind.
	begin [8]atomic.Uint32

	// What follows is for who holds the machine's lock.
	rows             map[string]uint32
	count, edgeCount int
}

// size is about how much memory a cache takes, in bytes, when three quarters of the states
// for which it has room are there.
func (c *cache) size() int { return 4*len(c.table) + 32*len(c.edges) + 200*len(c.states) }

// machine is an automaton over the program of an expression in one direction.
type machine struct {
	program  *program
	alphabet *alphabet
	// classes is the length of a row: the classes of runes, and the end of the text.
	classes        uint32
	isWord, isLine []bool
	// beginGaps are the gaps that a walk begins in.
	beginGaps uint64
	pool      *Pool
	kind      walkKind
	// detours says whether there can be edges.
	detours bool

	current atomic.Pointer[cache]
	givenUp atomic.Int32
	mu      sync.Mutex
	work    workspace
}

// walkKind is what a machine is for.
type walkKind uint8

const (
	// ofOne looks for matches of one expression, wherever they begin.
	ofOne walkKind = iota
	// ofSeveral does so for several expressions, and tells them apart.
	ofSeveral
	// anchored looks for matches that begin where the walk does.
	anchored
	// spanning goes on as long as a match can that began before the walk did, and may
	// have come to any of the nodes.
	spanning
)

func newMachine(p *program, pool *Pool, kind walkKind) (*machine, bool) {
	sets := p.sets
	if p.looks != 0 {
		sets = append(slices.Clone(sets), wordRunes, newline)
	}
	a, ok := newAlphabet(sets)
	if !ok {
		return nil, false
	}
	m := &machine{program: p, alphabet: a, classes: uint32(a.size) + 1, pool: pool, kind: kind}
	m.detours = kind == ofSeveral || len(p.widths) > 0
	m.isWord, m.isLine = make([]bool, m.classes), make([]bool, m.classes)
	if p.looks != 0 {
		copy(m.isWord, a.member[len(sets)-2])
		copy(m.isLine, a.member[len(sets)-1])
	}
	m.work.in = make([]uint32, len(p.nodes))
	m.beginGaps = m.enterFirst()
	return m, true
}

// endClass is the class of the end of the text.
func (m *machine) endClass() uint8 { return uint8(m.classes - 1) }

func (m *machine) isEnd(class uint8) bool { return class == m.endClass() }

// hopeless says whether walks are no use.
func (m *machine) hopeless() bool { return m.givenUp.Load() >= maxGivenUp }

// load gives the current cache.
func (m *machine) load() *cache {
	if c := m.current.Load(); c != nil {
		return c
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest()
}

const (
	firstStates = 8
	firstEdges  = 4
	// spareStates is how many states one call of step or drop adds at most: the one
	// where it begins, if that was forgotten, and the one where it leads.
	spareStates = 2
)

// latest gives the cache that is written to, with room for what one call adds.
func (m *machine) latest() *cache {
	c := m.current.Load()
	if c == nil {
		c = m.newCache(firstStates, firstEdges)
		m.pool.publish(m, c)
		return c
	}
	states, edges := len(c.states), len(c.edges)
	if c.count+spareStates > states {
		states *= 2
	}
	if c.edgeCount == edges {
		edges *= 2
	}
	if states == len(c.states) && edges == len(c.edges) {
		return c
	}
	larger := m.newCache(states, edges)
	copy(larger.table, c.table)
	copy(larger.edges, c.edges)
	copy(larger.states, c.states)
	for i := range c.begin {
		larger.begin[i].Store(c.begin[i].Load())
	}
	larger.rows = maps.Clone(c.rows)
	larger.count, larger.edgeCount = c.count, c.edgeCount
	m.pool.publish(m, larger)
	return larger
}

func (m *machine) newCache(states, edges int) *cache {
	if !m.detours {
		edges = 0
	}
	return &cache{
		table:  make([]uint32, 1+uint32(states)*m.classes),
		edges:  make([]edge, edges),
		states: make([]*state, states),
		rows:   make(map[string]uint32, states),
	}
}

func (m *machine) stateOf(c *cache, row uint32) *state { return c.states[(row-1)/m.classes] }

// has says whether a cache, which may be an older one, has the state of a row.
func (c *cache) has(row, classes uint32) bool {
	at := int((row - 1) / classes)
	return at < len(c.states) && c.states[at] != nil
}

// beginKind numbers what can stand before the begin of a walk.
func beginKind(before look) int {
	return int(before&beginText | before&beginLine>>1 | before&wordBoundary>>2)
}

// first gives the row of the state at the begin of a walk.
func (m *machine) first(c *cache, before look) (*cache, uint32) {
	if row := c.begin[beginKind(before)].Load(); row != 0 {
		return c, row
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c = m.latest()
	m.enterFirst()
	row := m.intern(c, before)
	c.begin[beginKind(before)].Store(row)
	return c, row
}

// enterFirst makes the set at the begin of a walk.
func (m *machine) enterFirst() (gaps uint64) {
	m.work.begin()
	if m.kind != spanning {
		return m.enter(m.program.start)
	}
	for n := range m.program.nodes {
		gaps |= m.enter(int32(n))
	}
	return gaps
}

// same gives the state in the cache that is written to which a row of a cache
// that may be an older one names.
func (m *machine) same(to, from *cache, row uint32) *state {
	s := m.stateOf(from, row)
	m.work.begin()
	m.work.set = append(m.work.set, s.nodes...)
	return m.stateOf(to, m.intern(to, s.before))
}

// step finds out where a class leads from a state, and notes it.
func (m *machine) step(from *cache, row uint32, class uint8) (*cache, uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.latest()
	s := m.same(c, from, row)
	place := &c.table[s.row+uint32(class)]
	if *place == 0 {
		atomic.StoreUint32(place, m.transition(c, s, class))
	}
	return c, *place
}

// drop gives the row of a state without one of its gaps.
func (m *machine) drop(from *cache, row uint32, gap int) (*cache, uint32) {
	if known := m.stateOf(from, row).lacking(gap).Load(); known != 0 && from.has(known, m.classes) {
		return from, known
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.latest()
	s := m.same(c, from, row)
	m.work.begin()
	for _, n := range s.nodes {
		if at := &m.program.nodes[n]; at.op != opGap || int(at.gap) != gap {
			m.work.set = append(m.work.set, n)
		}
	}
	without := m.intern(c, s.before)
	s.lacking(gap).Store(without)
	return c, without
}
