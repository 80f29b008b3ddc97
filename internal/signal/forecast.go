package signal

import (
	"math"
	"slices"
	"time"
)

const (
	// leastUse is the use below which nothing is forecast: much can change until it is full.
	leastUse = 0.5
	// leastSpan is the share of a window that samples have to span.
	leastSpan = 0.75
	// newest is left out of the highest value so far, and slack how far below that the value may be.
	newest = 5 * time.Minute
	slack  = 0.003
	// urgent is the time to exhaustion within which it does not matter that it was as full before.
	urgent = 20 * time.Minute
	// recent is how many samples the present level is read from.
	recent = 5
)

// window is how far back a forecast looks, in buckets, and how far ahead it may tell from that: about
// four times as far.
type window struct {
	length, bucket, horizon time.Duration
	// widest bounds how much wider correlated residuals make the interval. The first minutes of a burst
	// after a level are nothing but such residuals, and waiting for better ones takes half of the time left.
	widest float64
}

// windows are for bursts, for usual growth and for slow growth.
var windows = [...]window{
	{10 * time.Minute, 30 * time.Second, 45 * time.Minute, 2},
	{time.Hour, time.Minute, 4 * time.Hour, maxWidening},
	{6 * time.Hour, 6 * time.Minute, 24 * time.Hour, maxWidening},
}

// fit is the trend in a window, which is found anew when a bucket is over.
type fit struct {
	trend Trend
	// unsure is how far off the present level may be.
	unsure float64
	rising bool
	fitted bool
	bucket int32
}

// Forecast is when a series will be full.
type Forecast struct {
	// ETA is how long it takes at the slope of the series, and Earliest and Latest at the steepest and
	// the flattest that it may have.
	ETA, Earliest, Latest time.Duration
	// Slope is what the series rises in a second.
	Slope float64
	// Window is what the slope was read from.
	Window time.Duration
}

// Forecaster forecasts, one series at a time. The zero value is ready.
type Forecaster struct {
	fitter fitter
	points []Point
	values []float64
}

// Look tells when a series will be full. It abstains where the series is low, does not rise for certain,
// rises too slowly to tell from what it was looked at, or is a sawtooth that has been as high before.
func (f *Forecaster) Look(h *History) (Forecast, bool) {
	var soonest Forecast
	found := false
	if h.length == 0 {
		return soonest, false
	}
	now, use := h.at(h.length-1), h.value(h.length-1)
	if use < leastUse {
		return soonest, false
	}
	for i := range windows {
		w := &windows[i]
		known := f.fit(h, i, now)
		if !known.rising {
			continue
		}
		trend, present := &known.trend, f.present(h, known.trend.Slope)
		forecast := Forecast{
			ETA:      until(present, trend.Slope),
			Earliest: until(present+known.unsure, trend.High), Latest: until(present-known.unsure, trend.Low),
			Slope: trend.Slope, Window: w.length,
		}
		if forecast.ETA <= w.horizon && (!found || forecast.ETA < soonest.ETA) {
			soonest, found = forecast, true
		}
	}
	if found && soonest.ETA >= urgent && use < h.highest(now-int32(newest/moment))-slack {
		return Forecast{}, false
	}
	return soonest, found
}

// fit gives the trend in a window.
func (f *Forecaster) fit(h *History, i int, now int32) *fit {
	w, known := &windows[i], &h.fits[i]
	bucket := now / int32(w.bucket/moment)
	if known.fitted && known.bucket == bucket {
		return known
	}
	*known = fit{fitted: true, bucket: bucket}
	points := f.buckets(h, now, w)
	if len(points) < minPoints || points[len(points)-1].X-points[0].X < leastSpan*w.length.Seconds() || leastSquares(points) <= 0 {
		return known
	}
	if known.trend, known.rising = f.fitter.rising(points, w.widest); known.rising {
		// A median of a few has this share of the deviation of one, and the more they follow one another
		// the more they are like one.
		share := min(1, 1.2533/math.Sqrt(recent)*f.fitter.widened)
		known.unsure = bound * f.fitter.spread() * share
	}
	return known
}

// present is the level that the last samples show, brought up to now by the slope. It is steadier than the
// last sample.
func (f *Forecaster) present(h *History, slope float64) float64 {
	values, now := f.values[:0], seconds(h.at(h.length-1))
	for i := max(0, h.length-recent); i < h.length; i++ {
		values = append(values, h.value(i)+slope*(now-seconds(h.at(i))))
	}
	f.values = values
	slices.Sort(values)
	return median(values)
}

// leastSquares is the slope that fits best by squares. It is cheap, and where it does not rise nothing
// else need be tried.
func leastSquares(points []Point) float64 {
	var x, y, above, below float64
	for _, p := range points {
		x += p.X / float64(len(points))
		y += p.Y / float64(len(points))
	}
	for _, p := range points {
		above += (p.X - x) * (p.Y - y)
		below += (p.X - x) * (p.X - x)
	}
	if below == 0 {
		return 0
	}
	return above / below
}

// never is further ahead than anybody asks, and a time that can be calculated with.
const never = 365 * 24 * time.Hour

// until is how long a value takes to reach 1 at a slope per second.
func until(use, slope float64) time.Duration {
	ahead := max(0, 1-use) / slope
	if !(ahead < never.Seconds()) {
		return never
	}
	return time.Duration(ahead * float64(time.Second))
}
