// Package measure times two ways of doing the same work against each other.
//
// A machine that does other things as well is fast in one second and slow in
// the next. So the two sides take turns, the one that goes first changes from
// pair to pair, and medians are compared. What is counted is the time that the
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

// Pairs measures both sides in turn, each for at least the given time.
func Pairs(ours, peer Side, pairs int, least time.Duration) Comparison {
	// Warm caches, pools and lazily compiled expressions are not what is measured.
	ours.Pass()
	peer.Pass()
	var c Comparison
	for i := range pairs {
		if i%2 == 0 {
			c.Ours = append(c.Ours, once(ours, least))
			c.Peer = append(c.Peer, once(peer, least))
			continue
		}
		c.Peer = append(c.Peer, once(peer, least))
		c.Ours = append(c.Ours, once(ours, least))
	}
	return c
}

// Alone measures one side as often.
func Alone(side Side, times int, least time.Duration) []float64 {
	side.Pass()
	list := make([]float64, 0, times)
	for range times {
		list = append(list, once(side, least))
	}
	return list
}

func once(side Side, least time.Duration) float64 {
	clock := side.Clock
	if clock == nil {
		clock = ProcessorTime
	}
	passes := 0
	started := clock()
	for {
		side.Pass()
		passes++
		if spent := clock() - started; spent >= least {
			return float64(spent) / float64(passes*side.Operations)
		}
	}
}

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
