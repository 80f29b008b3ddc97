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
	prefixShare = 0.05
	// wildcards is how many keys a literal needs that lacks a byte of a window.
	wildcards = 256
	// maxEntries is how many literals share a window before that gets dear.
	maxEntries = 6
	// crowdCost keeps a hostile text from repeating a window with many literals.
	crowdCost = 5
	// maxPlaces is how many of its rarest places a literal is considered with.
	maxPlaces = 8
)

// place is where in a literal its windows lie: at an offset and one behind it.
// Whatever the literal's alignment in a text, one of the two lies at an even
// place. A literal that is too short for both has a place of size 0.
type place struct {
	size          int32
	offset        int32
	first, second uint64
	// The frequencies of the two windows.
	firstFrequency, secondFrequency float32
}

// chooser gives literals their windows, and knows those that are taken.
type chooser struct {
	frequencies *frequencies
	// taken has for each window how many literals have it. It counts by a hash: where
	// two windows share a count, the choice is a little worse.
	taken []uint16
	// fours and estimates are working memory: of each offset of a literal the
	// frequency of four bytes, and of the window.
	fours, threes, estimates []float32
	// whole is how frequent the literal is.
	whole float32
}

const takenBits = 18

func newChooser() *chooser {
	return &chooser{frequencies: healthy(), taken: make([]uint16, 1<<takenBits)}
}

// places appends the rarest places of a literal to a list, none for one that is too short.
func (c *chooser) places(to []place, literal string) []place {
	size := wide
	if len(literal) <= wide {
		size = narrow
	}
	if len(literal) <= narrow {
		c.whole = c.frequencies.ofThree(keyOfThree(literal))
		return to
	}
	c.estimate(literal, size)
	from := len(to)
	for offset := range min(len(literal)-size, maxOffset) {
		p := place{size: int32(size), offset: int32(offset), firstFrequency: c.estimates[offset], secondFrequency: c.estimates[offset+1]}
		// The list stays sorted; ties keep the order of the literal.
		at := len(to)
		for at > from && p.frequency() < to[at-1].frequency() {
			at--
		}
		if at-from == maxPlaces {
			continue
		}
		if len(to)-from < maxPlaces {
			to = append(to, place{})
		}
		copy(to[at+1:], to[at:])
		to[at] = p
	}
	for i := range to[from:] {
		p := &to[from+i]
		p.first, p.second = windowKey(literal[p.offset:], size), windowKey(literal[p.offset+1:], size)
	}
	return to
}

func (p *place) frequency() float32 { return p.firstFrequency + p.secondFrequency }

// estimate guesses how frequent the windows of a literal are, and the literal.
func (c *chooser) estimate(literal string, size int) {
	c.fours, c.threes, c.estimates = c.fours[:0], c.threes[:0], c.estimates[:0]
	for at := range len(literal) - narrow + 1 {
		four, three := c.frequencies.of(keyOf(literal[at:]))
		c.fours, c.threes = append(c.fours, four), append(c.threes, three)
	}
	c.whole = c.chain(0, len(c.fours))
	for at := range len(literal) - size + 1 {
		frequency := c.chain(at, at+size-narrow+1) + prefixShare*c.fours[at]
		c.estimates = append(c.estimates, max(frequency, leastFrequency))
	}
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

// best gives the place that costs least beside what is taken, and what it costs.
func (c *chooser) best(literal string, places []place) (place, float32) {
	if len(places) == 0 {
		return place{}, c.shortCost(literal)
	}
	best, lowest := 0, float32(0)
	for i := range places {
		p := &places[i]
		cost := c.cost(p.first, p.firstFrequency) + c.cost(p.second, p.secondFrequency)
		if i == 0 || cost < lowest {
			best, lowest = i, cost
		}
	}
	return places[best], lowest
}

func (c *chooser) cost(window uint64, frequency float32) float32 {
	switch entries := *c.count(window); {
	case entries == 0:
		return (hitCost+1)*frequency + keyCost
	case entries < maxEntries:
		return frequency
	default:
		return frequency*float32(entries-maxEntries+2) + crowdCost
	}
}

// shortCost is what a literal costs without a place: a byte before it or behind
// it may be any.
func (c *chooser) shortCost(literal string) float32 {
	frequency := c.frequencies.ofThree(keyOfThree(literal))
	return (hitCost+1)*2*frequency + wildcards*keyCost
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

// choosePlaces gives each literal its windows, one after the other.
func choosePlaces(literals []string) []place {
	c := newChooser()
	chosen := make([]place, len(literals))
	var places []place
	for i, literal := range literals {
		places = c.places(places[:0], literal)
		chosen[i], _ = c.best(literal, places)
		c.take(chosen[i])
	}
	return chosen
}

// cover chooses for every set the literal by which it is looked for.
type cover struct {
	*chooser
	literals []string
	sets     [][]int32
	setsOf   lists[int32]
	places   []place
	// placesOf delimits the places of each literal.
	placesOf []int32
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
// anchor of every set and the place of every anchor.
func chooseAnchors(literals []string, sets [][]int32) (anchors []int32, places map[int32]place) {
	c := newCover(literals, sets)
	anchors = make([]int32, len(sets))
	for i := range anchors {
		anchors[i] = -1
	}
	places = map[int32]place{}
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
	return anchors, places
}

func newCover(literals []string, sets [][]int32) *cover {
	c := &cover{
		chooser: newChooser(), literals: literals, sets: sets, uncovered: make([]int32, len(literals)),
		placesOf: make([]int32, 1, len(literals)+1), queue: make([]int32, len(literals)), scores: make([]float32, len(literals)),
		places: make([]place, 0, len(literals)*maxPlaces), wholes: make([]float32, len(literals)),
	}
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
		c.places = c.chooser.places(c.places, literal)
		c.placesOf = append(c.placesOf, int32(len(c.places)))
		c.wholes[i] = c.whole
		c.queue[i] = int32(i)
		_, c.scores[i] = c.score(int32(i))
	}
	heap.Init(c)
	return c
}

func (c *cover) score(literal int32) (place, float32) {
	best, cost := c.best(c.literals[literal], c.places[c.placesOf[literal]:c.placesOf[literal+1]])
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
