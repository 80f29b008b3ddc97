package signal_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/internal/signal"
)

// tally is how somebody's claims about the series of one shape were.
type tally struct {
	series, missed int
	// lead are the times that were left at the first claim after the rise began.
	lead []time.Duration
	// episodes are claims about what does not fill, and claimed is the share of samples they take.
	episodes, claimed, judged int
}

// add judges the claims about one series.
func (t *tally) add(s *shape, firing []bool) {
	t.series++
	until := len(firing)
	if s.fills {
		until = min(until, s.begins)
		rise := firing[until:]
		if first := slices.Index(rise, true); first < 0 {
			t.missed++
		} else {
			t.lead = append(t.lead, time.Duration(len(rise)-first)*interval)
		}
	}
	for i := max(1, s.judged); i < until; i++ {
		t.judged++
		if !firing[i] {
			continue
		}
		t.claimed++
		if !firing[i-1] {
			t.episodes++
		}
	}
}

// middle gives the median of values, or zero where there are none.
func middle[T cmp.Ordered](values []T) T {
	if len(values) == 0 {
		var none T
		return none
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// perDay is how many false claims there are in a day.
func (t *tally) perDay() float64 {
	if t.judged == 0 {
		return 0
	}
	return float64(t.episodes) / (float64(t.judged) * interval.Hours() / 24)
}

// intervals is how good the times of forecasts were, where it is known when the series was full.
type intervals struct {
	judged, inside, early int
	errors                []float64
}

func (n *intervals) add(left time.Duration, f signal.Forecast) {
	n.judged++
	if f.Earliest <= left && left <= f.Latest {
		n.inside++
	}
	if left < f.Earliest {
		n.early++
	}
	n.errors = append(n.errors, max(f.ETA-left, left-f.ETA).Hours()/left.Hours())
}

func (n *intervals) coverage() float64 { return float64(n.inside) / float64(max(n.judged, 1)) }

// outcome is how the forecast and the rules of the mixin did on one shape.
type outcome struct {
	shape                                   *shape
	intervals                               intervals
	day, hours, mixinWarning, mixinCritical tally
}

// measure judges so many series of a shape.
func measure(s *shape, series uint64) *outcome {
	o := &outcome{shape: s}
	for seed := range series {
		o.add(s.series(seed))
	}
	return o
}

func (o *outcome) add(samples []float64, full time.Duration) {
	day, hours := make([]bool, len(samples)), make([]bool, len(samples))
	w := newWatch()
	for i, value := range samples {
		forecast, found := w.add(value)
		day[i], hours[i] = w.outlook.Tier() >= signal.Expected, w.outlook.Tier() >= signal.Near
		left := full - time.Duration(i)*interval
		if found && o.shape.fills && w.outlook.Tier() >= signal.Expected && i > o.shape.begins && left >= 10*time.Minute {
			o.intervals.add(left, forecast)
		}
	}
	o.day.add(o.shape, day)
	o.hours.add(o.shape, hours)
	o.mixinWarning.add(o.shape, mixinWarning.claims(samples))
	o.mixinCritical.add(o.shape, mixinCritical.claims(samples))
}
