package measure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
)

func TestMedian(t *testing.T) {
	for name, c := range map[string]struct {
		list   []float64
		median float64
	}{
		"the middle of an odd number":                 {[]float64{9, 1, 5}, 5},
		"the mean of the two in the middle otherwise": {[]float64{4, 1, 10, 2}, 3},
		"itself where there is one":                   {[]float64{7}, 7},
	} {
		t.Run(name, func(t *testing.T) { require.InDelta(t, c.median, measure.Median(c.list), 1e-9) })
	}
}

func TestPercentile(t *testing.T) {
	list := []float64{5, 1, 4, 2, 3}
	require.InDelta(t, 1, measure.Percentile(list, 0), 1e-9)
	require.InDelta(t, 3, measure.Percentile(list, 0.5), 1e-9)
	require.InDelta(t, 5, measure.Percentile(list, 0.99), 1e-9)
}

func TestRatioIsOfMediansAndSpreadOfPairs(t *testing.T) {
	c := measure.Comparison{Ours: []float64{10, 20, 10}, Peer: []float64{100, 100, 400}}
	require.InDelta(t, 10, c.Ratio(), 1e-9)
	low, high := c.Spread()
	require.InDelta(t, 5, low, 1e-9)
	require.InDelta(t, 40, high, 1e-9)
}

func TestPairsTakeTurns(t *testing.T) {
	var turns string
	side := func(name string) measure.Side {
		return measure.Side{Pass: func() { turns += name }, Operations: 1}
	}
	c := measure.Pairs(side("o"), side("p"), 3, 0)
	require.Equal(t, "op"+"op"+"po"+"op", turns, "a warm-up, then pairs that begin with either")
	require.Len(t, c.Ours, 3)
	require.Len(t, c.Peer, 3)
}

func TestPairsTakeTurnsUntilEachHasSpentEnough(t *testing.T) {
	var now time.Duration
	var turns string
	side := func(name string, takes time.Duration) measure.Side {
		return measure.Side{Operations: 1, Clock: func() time.Duration { return now }, Pass: func() {
			turns += name
			now += takes
		}}
	}
	c := measure.Pairs(side("o", 5), side("p", 60), 1, 100)
	require.Equal(t, "op"+strings.Repeat("op", 2)+strings.Repeat("o", 18), turns)
	require.Equal(t, []float64{5}, c.Ours)
	require.Equal(t, []float64{60}, c.Peer)
}

func TestCostIsOfOneOperation(t *testing.T) {
	var now time.Duration
	side := measure.Side{Pass: func() { now += 30 * time.Nanosecond }, Operations: 10, Clock: func() time.Duration { return now }}
	require.Equal(t, []float64{3, 3}, measure.Alone(side, 2, time.Microsecond))
	require.GreaterOrEqual(t, now, 2*time.Microsecond, "each time at least as long as asked for")
}

func TestWaitingTakesNoProcessorTime(t *testing.T) {
	const waited = 50 * time.Millisecond
	started, wall := measure.ProcessorTime(), measure.WallTime()
	<-time.After(waited)
	require.GreaterOrEqual(t, measure.WallTime()-wall, waited)
	require.Less(t, measure.ProcessorTime()-started, waited)
	for measure.ProcessorTime()-started < waited {
		continue
	}
}

func TestAllocationsOfARecordAreApartFromThoseOfABatch(t *testing.T) {
	var kept [][]byte
	batch := func(records int) func() {
		return func() {
			kept = kept[:0]
			for range 7 + 3*records {
				kept = append(kept, make([]byte, 64))
			}
		}
	}
	require.InDelta(t, 3, measure.AllocationsPerRecord(batch, 100), 0.1)
}

func TestKeptIsWhatIsReturned(t *testing.T) {
	_, spent := measure.Allocated(func() []byte {
		lost := make([]byte, 1<<20)
		return append(make([]byte, 0, 2<<20), lost...)
	})
	require.InDelta(t, 3<<20, spent.Bytes, 64<<10)
	require.InDelta(t, 2<<20, spent.Kept, 64<<10)
}
