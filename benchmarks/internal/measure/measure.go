// Package measure times two ways of doing the same work against each other.
//
// A machine that does other things as well is fast in one moment and slow in
// the next. So the two sides take turns many times in each pair, the one that goes first
// changes from pair to pair, and medians are compared. What is counted is the time that the
// process uses processors, not the time in which it waits for one.
package measure

import (
	"math"
	"slices"
	"time"
)

// Side is one of two ways of doing the same work.
type Side struct {
	// Pass does all of the work once.
	Pass func()
	// Operations is how many records one pass goes through.
	Operations int
	// Clock is ProcessorTime where it is nil.
	Clock func() time.Duration
}

// Comparison is what a number of pairs gave, in nanoseconds an operation.
type Comparison struct {
	Ours, Peer []float64
}

// turns is how many each side has in a pair, where its passes are short enough.
const turns = 20

// Pairs measures both sides so many times, each for at least the given time. In a pair they take
// turns, and the first one changes from pair to pair.
func Pairs(ours, peer Side, pairs int, least time.Duration) Comparison {
	// Warm caches, pools and lazily compiled expressions are not what is measured.
	ours.Pass()
	peer.Pass()
	var c Comparison
	for i := range pairs {
		sides := [2]*cost{{side: ours}, {side: peer}}
		first, second := sides[i%2], sides[1-i%2]
		for first.passes == 0 || first.spent < least || second.spent < least {
			first.turn(least)
			second.turn(least)
		}
		c.Ours = append(c.Ours, sides[0].ofOperation())
		c.Peer = append(c.Peer, sides[1].ofOperation())
	}
	return c
}

// Alone measures one side as often.
func Alone(side Side, times int, least time.Duration) []float64 {
	side.Pass()
	list := make([]float64, 0, times)
	for range times {
		c := cost{side: side}
		for c.passes == 0 || c.spent < least {
			c.turn(least)
		}
		list = append(list, c.ofOperation())
	}
	return list
}

// cost is what a side has spent.
type cost struct {
	side   Side
	passes int
	spent  time.Duration
}

// turn adds the cost of some passes, unless that of at least a time is there.
func (c *cost) turn(least time.Duration) {
	if c.passes > 0 && c.spent >= least {
		return
	}
	clock := c.side.Clock
	if clock == nil {
		clock = ProcessorTime
	}
	started := clock()
	for {
		c.side.Pass()
		c.passes++
		if spent := clock() - started; spent >= least/turns {
			c.spent += spent
			return
		}
	}
}

// ofOperation is in nanoseconds.
func (c *cost) ofOperation() float64 { return float64(c.spent) / float64(c.passes*c.side.Operations) }

// Ratio is how many times the cost of ours the peer's is: a ratio of medians.
func (c Comparison) Ratio() float64 { return Median(c.Peer) / Median(c.Ours) }

// Spread gives the lowest and the highest ratio among the pairs.
func (c Comparison) Spread() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range c.Ours {
		ratio := c.Peer[i] / c.Ours[i]
		low, high = min(low, ratio), max(high, ratio)
	}
	return low, high
}

// Median gives the middle of a list, or the mean of the two in the middle.
func Median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Percentile gives the smallest value that a share of the list, 0 to 1, is not above.
func Percentile(list []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	at := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[max(at, 0)]
}
