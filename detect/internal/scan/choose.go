package scan

import (
	"container/heap"
	"encoding/binary"
	"math"
)

// What the choice of windows weighs, in what it costs to look at one entry of
// one in a million windows.
const (
	// hitCost is what finding a window costs beside its entries.
	hitCost = 4
	// setCost is what it costs to look for the other literals of a set.
	setCost = 4
	// keyCost is what a key costs by making the filter denser.
	keyCost = 1
	// prefixShare is what the first four bytes of a window cost where only they occur.
	prefixShare = 0.2
	// wildcards is how many keys a literal needs that lacks a byte of a window.
	wildcards = 256
	// maxEntries is how many literals share a window before that gets dear.
	maxEntries = 6
	// crowdCost keeps a hostile text from repeating a window of many literals: what
	// each one beyond maxEntries costs, however rare the window is.
	crowdCost = 50
)

// place is where in a literal its windows lie: at an offset and one behind it.
// Whatever the literal's alignment in a text, one of the two lies at an even
// place. A literal that is too short for both has a place of size 0; if it is of
// four bytes, the offset is that of the three which are looked for at odd places.
type place struct {
	size          int32
	offset        int32
	first, second uint64
}

// chooser gives literals their windows, and knows those that are taken.
type chooser struct {
	frequencies *frequencies
	// taken has for each window how many literals have it. It counts by a hash: where
	// two windows share a count, the choice is a little worse.
	taken []uint16
	// fours and threes are working memory: how frequent each four bytes of a literal
	// are, and the last three of them.
	fours, threes []float32
}

const takenBits = 17

func newChooser() *chooser {
	return &chooser{frequencies: healthy(), taken: make([]uint16, 1<<takenBits)}
}

// sizeOf gives the size of the windows of a literal, 0 for one that is too short for two.
func sizeOf(literal string) int {
	switch {
	case len(literal) >= wide+stride-1:
		return wide
	case len(literal) >= narrow+stride-1:
		return narrow
	default:
		return 0
	}
}

// estimate appends how frequent each window of a literal is, and says it of the literal.
func (c *chooser) estimate(windows []float32, literal string) (all []float32, whole float32) {
	size := sizeOf(literal)
	if size == 0 {
		return windows, c.shortFrequency(literal)
	}
	c.fours, c.threes = c.fours[:0], c.threes[:0]
	for at := range len(literal) - narrow + 1 {
		four, three := c.frequencies.of(keyOf(literal[at:]))
		c.fours, c.threes = append(c.fours, four), append(c.threes, three)
	}
	for at := range min(len(literal)-size+1, maxOffset) {
		frequency := c.chain(at, at+size-narrow+1) + prefixShare*c.fours[at]
		windows = append(windows, max(frequency, leastFrequency))
	}
	return windows, c.chain(0, len(c.fours))
}

func (c *chooser) shortFrequency(literal string) float32 {
	if len(literal) == narrow {
		four, _ := c.frequencies.of(keyOf(literal))
		return four
	}
	return c.frequencies.ofThree(keyOfThree(literal))
}

// chain guesses how frequent a range of overlapping fours is. It is as frequent
// as the rarest of them at the most; and at the least, since words are no chance,
// as if each byte depended on the three before it alone. The guess is the
// geometric mean.
func (c *chooser) chain(from, upto int) float32 {
	rarest, independent := c.fours[from], c.fours[from]
	for i := from + 1; i < upto; i++ {
		rarest = min(rarest, c.fours[i])
		independent *= min(1, c.fours[i]/c.threes[i-1])
	}
	return float32(math.Sqrt(float64(rarest * independent)))
}

// best gives the place that costs least beside what is taken, and what it costs,
// by the frequencies of the literal's windows.
func (c *chooser) best(literal string, windows []float32) (place, float32) {
	size := sizeOf(literal)
	if size == 0 {
		p := place{}
		if len(literal) == narrow {
			offset, _ := c.rarerThree(literal)
			p.offset = int32(offset)
		}
		return p, c.shortCost(literal)
	}
	best, lowest := 0, float32(0)
	before := c.cost(windowKey(literal, size), windows[0])
	for at := 1; at < len(windows); at++ {
		cost := c.cost(windowKey(literal[at:], size), windows[at])
		if at == 1 || before+cost < lowest {
			best, lowest = at-1, before+cost
		}
		before = cost
	}
	return place{
		size: int32(size), offset: int32(best),
		first: windowKey(literal[best:], size), second: windowKey(literal[best+1:], size),
	}, lowest
}

func (c *chooser) cost(window uint64, frequency float32) float32 {
	switch entries := *c.count(window); {
	case entries == 0:
		return (hitCost+1)*frequency + keyCost
	case entries < maxEntries:
		return frequency
	default:
		return frequency + crowdCost*float32(entries-maxEntries+1)
	}
}

// shortCost is what a literal costs without a place: a byte before it or behind
// it may be any.
func (c *chooser) shortCost(literal string) float32 {
	frequency := 2 * c.frequencies.ofThree(keyOfThree(literal))
	if len(literal) == narrow {
		four, _ := c.frequencies.of(keyOf(literal))
		_, three := c.rarerThree(literal)
		frequency = four + three
	}
	return (hitCost+1)*frequency + wildcards*keyCost
}

// rarerThree gives where in a literal of four bytes the three lie that are less
// frequent, and how frequent they are.
func (c *chooser) rarerThree(literal string) (offset int, frequency float32) {
	first, second := c.frequencies.ofThree(keyOfThree(literal)), c.frequencies.ofThree(keyOfThree(literal[1:]))
	if first < second {
		return 0, first
	}
	return 1, second
}

func (c *chooser) take(p place) {
	if p.size > 0 {
		*c.count(p.first)++
		*c.count(p.second)++
	}
}

func (c *chooser) count(window uint64) *uint16 {
	return &c.taken[window*0x9E3779B97F4A7C15>>(64-takenBits)]
}

// cover chooses for every set the literal by which it is looked for.
type cover struct {
	*chooser
	literals []string
	sets     [][]int32
	setsOf   lists[int32]
	// windows has the frequencies of the windows of all literals, begin where those of one begin.
	windows []float32
	begin   []int32
	// uncovered counts the sets of a literal that have no anchor yet.
	uncovered []int32
	// queue is a heap of literals, the one on top that costs least for each set it
	// would cover. The score of one that is deeper may be too low by now.
	queue  []int32
	scores []float32
	// wholes are the frequencies of the literals.
	wholes []float32
}

// chooseAnchors covers the sets with literals, cheapest first: each time the
// one is taken that costs least for each set that gets its anchor by it. So a
// literal of many sets is asked for once, and windows are shared. It gives the
// anchor of every set, the place of every anchor, and itself, which knows how frequent
// each literal is.
func chooseAnchors(literals []string, sets [][]int32) (anchors []int32, places []place, c *cover) {
	c = newCover(literals, sets)
	anchors = make([]int32, len(sets))
	for i := range anchors {
		anchors[i] = -1
	}
	places = make([]place, len(literals))
	for len(c.queue) > 0 {
		top := c.queue[0]
		if c.uncovered[top] == 0 {
			heap.Pop(c)
			continue
		}
		best, score := c.score(top)
		if score > c.scores[top] {
			c.scores[top] = score
			heap.Fix(c, 0)
			continue
		}
		heap.Pop(c)
		places[top] = best
		c.take(best)
		for _, set := range c.setsOf.of(int(top)) {
			if anchors[set] < 0 {
				anchors[set] = top
				for _, literal := range sets[set] {
					c.uncovered[literal]--
				}
			}
		}
	}
	return anchors, places, c
}

func newCover(literals []string, sets [][]int32) *cover {
	c := &cover{
		chooser: newChooser(), literals: literals, sets: sets, uncovered: make([]int32, len(literals)),
		begin: make([]int32, 1, len(literals)+1), queue: make([]int32, len(literals)), scores: make([]float32, len(literals)),
		wholes: make([]float32, len(literals)),
	}
	all := 0
	for _, literal := range literals {
		if size := sizeOf(literal); size > 0 {
			all += min(len(literal)-size+1, maxOffset)
		}
	}
	c.windows = make([]float32, 0, all)
	for _, parts := range sets {
		for _, literal := range parts {
			c.uncovered[literal]++
		}
	}
	c.setsOf = newLists[int32](c.uncovered)
	for set, parts := range sets {
		for _, literal := range parts {
			c.setsOf.add(int(literal), int32(set))
		}
	}
	for i, literal := range literals {
		c.windows, c.wholes[i] = c.estimate(c.windows, literal)
		c.begin = append(c.begin, int32(len(c.windows)))
		c.queue[i] = int32(i)
		_, c.scores[i] = c.score(int32(i))
	}
	heap.Init(c)
	return c
}

func (c *cover) score(literal int32) (place, float32) {
	best, cost := c.best(c.literals[literal], c.windows[c.begin[literal]:c.begin[literal+1]])
	return best, cost/float32(c.uncovered[literal]) + setCost*c.wholes[literal]
}

// The methods of heap.Interface.

func (c *cover) Len() int           { return len(c.queue) }
func (c *cover) Less(i, j int) bool { return c.scores[c.queue[i]] < c.scores[c.queue[j]] }
func (c *cover) Swap(i, j int)      { c.queue[i], c.queue[j] = c.queue[j], c.queue[i] }
func (c *cover) Push(x any)         { c.queue = append(c.queue, x.(int32)) }

func (c *cover) Pop() any {
	last := c.queue[len(c.queue)-1]
	c.queue = c.queue[:len(c.queue)-1]
	return last
}

// windowKey gives a window at the beginning of a string as a number, the first byte lowest.
func windowKey(s string, size int) uint64 {
	if size == narrow {
		return uint64(keyOf(s))
	}
	return binary.LittleEndian.Uint64([]byte(s[:wide]))
}

func keyOf(s string) uint32 { return binary.LittleEndian.Uint32([]byte(s[:narrow])) }

func keyOfThree(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 }

// firstThree are the bytes of a narrow window's key without the last one.
const firstThree = 0x00FFFFFF
