package signal_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/signal"
)

// watch is a series that is forecast, sample after sample.
type watch struct {
	history    signal.History
	outlook    signal.Outlook
	forecaster *signal.Forecaster
	now        time.Duration
}

func newWatch() *watch { return &watch{forecaster: new(signal.Forecaster)} }

func (w *watch) add(value float64) (signal.Forecast, bool) {
	w.history.Add(w.now, value)
	w.now += interval
	forecast, found := w.forecaster.Look(&w.history)
	w.outlook.Look(value, forecast, found)
	return forecast, found
}

// alarm gives after how long a series was forecast to be full within four hours for three minutes.
func alarm(samples []float64) (time.Duration, bool) {
	w := newWatch()
	in := 0
	for _, value := range samples {
		if forecast, found := w.add(value); found && forecast.ETA < 4*time.Hour {
			in++
		} else {
			in = 0
		}
		if in == 6 {
			return w.now, true
		}
	}
	return 0, false
}

// TestTimeLeftWhenAFillIsSeen holds the figures that the windows were chosen by.
func TestTimeLeftWhenAFillIsSeen(t *testing.T) {
	for name, tc := range map[string]struct {
		from, perHour float64
		least         time.Duration
	}{
		"40 points an hour":  {.50, 40, 40 * time.Minute},
		"120 points an hour": {.60, 120, 10 * time.Minute},
		"5 points an hour":   {.60, 5, 3*time.Hour + 45*time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				s := shape{fills: true, make: fill(tc.from, tc.perHour), noise: .001, rho: .5}
				samples, _ := s.series(seed)
				at, found := alarm(samples)
				require.True(t, found)
				require.Greater(t, time.Duration(len(samples))*interval-at, tc.least)
			}
		})
	}
}

func TestNoForecastOfWhatDoesNotFill(t *testing.T) {
	for name, s := range map[string]shape{
		"a sawtooth of 10 points": {make: sawtooth(.75, .10, time.Hour), noise: .001, length: day},
		"a sawtooth of 25 points": {make: sawtooth(.65, .25, 3*time.Hour), noise: .001, length: day},
		"a daily sine":            {make: sine, noise: .001, length: day},
		"a random walk":           {make: walk, length: day},
		"a level":                 {make: level, noise: .001, length: day},
		"garbage collection":      {make: collection, noise: .002, length: day},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(2) {
				samples, _ := s.series(seed)
				in, longest := 0, 0
				w := newWatch()
				for i, value := range samples {
					forecast, found := w.add(value)
					if i < 720 {
						continue // How high it has been is not known yet.
					}
					if found && forecast.ETA < 4*time.Hour {
						in++
					} else {
						in = 0
					}
					longest = max(longest, in)
				}
				require.Less(t, longest, 20, "a false alarm of ten minutes, seed %d", seed)
			}
		})
	}
}

func TestForecastOfALine(t *testing.T) {
	w := newWatch()
	var last signal.Forecast
	for i := range 240 {
		value := .60 + .10*float64(i)/120 // 10 points an hour.
		forecast, found := w.add(value)
		if i < 15 {
			require.False(t, found, "too few samples")
		}
		if i > 121 {
			require.True(t, found)
		}
		last = forecast
	}
	left := time.Duration((1 - .60 - .10*239/120) / .10 * float64(time.Hour))
	require.InDelta(t, left.Minutes(), last.ETA.Minutes(), .01*left.Minutes())
	require.LessOrEqual(t, last.Earliest, last.ETA)
	require.GreaterOrEqual(t, last.Latest, last.ETA)
	require.InDelta(t, .10/3600, last.Slope, .01*.10/3600)
	require.Equal(t, time.Hour, last.Window)
}

func TestForecastAbstains(t *testing.T) {
	for name, value := range map[string]func(i int) float64{
		"below half":                         func(i int) float64 { return .2 + .04*float64(i)/120 },
		"falling":                            func(i int) float64 { return .9 - .04*float64(i)/120 },
		"a step":                             func(i int) float64 { return .7 + .1*float64(i/200) },
		"far below what it was an hour ago":  func(i int) float64 { return .9 - .2*float64(i/120) + .04*float64(i%120)/120 },
		"a disk that has been full for long": func(int) float64 { return 1 },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWatch()
			for i := range 240 {
				_, found := w.add(value(i))
				require.False(t, found && i >= 200, "sample %d", i)
			}
		})
	}
	_, found := new(signal.Forecaster).Look(new(signal.History))
	require.False(t, found, "no samples")
}

func TestBurstsCountWhereItWasFullBefore(t *testing.T) {
	w := newWatch()
	for range 200 {
		w.add(.95)
	}
	for i := range 40 {
		forecast, found := w.add(.6 + .02*float64(i)/2) // Full after 20 minutes.
		if i > 20 {
			require.True(t, found)
			require.Less(t, forecast.ETA, 20*time.Minute)
		}
	}
}

func TestHistoryForgets(t *testing.T) {
	w := newWatch()
	for range 300 {
		w.add(.99)
	}
	w.history.Reset() // The disk was enlarged.
	found := false
	for i := range 200 {
		_, found = w.add(.70 + .06*float64(i)/120)
	}
	require.True(t, found)
}

func TestSamplesThatAreTooCloseAreLeftOut(t *testing.T) {
	var near, far signal.History
	for i := range 1000 {
		now := time.Duration(i) * 10 * time.Second
		value := .7 + .0002*float64(i)
		near.Add(now, value)
		if i%3 == 0 {
			far.Add(now, value)
		}
	}
	var forecaster signal.Forecaster
	got, found := forecaster.Look(&near)
	require.True(t, found)
	want, _ := forecaster.Look(&far)
	require.Equal(t, want, got)
}

func TestOutlook(t *testing.T) {
	in := func(d time.Duration) signal.Forecast { return signal.Forecast{ETA: d} }
	look := func(o *signal.Outlook, scans int, use float64, forecast signal.Forecast, found bool) (changes int) {
		for range scans {
			if o.Look(use, forecast, found) {
				changes++
			}
		}
		return changes
	}
	for name, tc := range map[string]struct {
		use  float64
		eta  time.Duration
		want signal.Tier
	}{
		"within a day":             {.60, 23 * time.Hour, signal.Expected},
		"within a day, but low":    {.59, 23 * time.Hour, signal.Calm},
		"not within a day":         {.90, 25 * time.Hour, signal.Calm},
		"within four hours":        {.80, 3 * time.Hour, signal.Near},
		"within four, but lower":   {.79, 3 * time.Hour, signal.Expected},
		"within half an hour":      {.50, 29 * time.Minute, signal.Imminent},
		"within half an hour, low": {.49, 29 * time.Minute, signal.Calm},
	} {
		t.Run(name, func(t *testing.T) {
			var o signal.Outlook
			require.Zero(t, look(&o, 5, tc.use, in(tc.eta), true), "not for certain yet")
			look(&o, 1, tc.use, in(tc.eta), true)
			require.Equal(t, tc.want, o.Tier())
		})
	}
	t.Run("it gets worse and is over", func(t *testing.T) {
		var o signal.Outlook
		require.Equal(t, 1, look(&o, 10, .85, in(20*time.Hour), true))
		require.Equal(t, 1, look(&o, 10, .85, in(3*time.Hour), true))
		require.Equal(t, signal.Near, o.Tier())
		require.Zero(t, look(&o, 100, .85, in(7*time.Hour), true), "not twice as far off")
		require.Zero(t, look(&o, 19, .85, in(9*time.Hour), true))
		require.Equal(t, 1, look(&o, 1, .85, in(9*time.Hour), true))
		require.Equal(t, signal.Expected, o.Tier(), "it is still within a day")
		require.Zero(t, look(&o, 19, .85, signal.Forecast{}, false))
		require.Equal(t, 1, look(&o, 1, .85, signal.Forecast{}, false))
		require.Equal(t, signal.Calm, o.Tier())
	})
	t.Run("one scan in between begins anew", func(t *testing.T) {
		var o signal.Outlook
		look(&o, 5, .85, in(time.Hour), true)
		look(&o, 1, .85, signal.Forecast{}, false)
		require.Zero(t, look(&o, 5, .85, in(time.Hour), true))
		require.Equal(t, 1, look(&o, 1, .85, in(time.Hour), true))
	})
}

func TestForecastCostsNoAllocation(t *testing.T) {
	w := newWatch()
	i := 0
	step := func() {
		w.add(.6 + .0001*float64(i%3000))
		i++
	}
	for range 1000 {
		step()
	}
	require.Zero(t, testing.AllocsPerRun(500, step))
}

// FuzzForecast holds that whatever is measured, a forecast is a time ahead, with its bounds in order.
func FuzzForecast(f *testing.F) {
	f.Add(uint64(1), []byte{1, 2, 3, 200, 255})
	f.Fuzz(func(t *testing.T, seed uint64, values []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		var h signal.History
		var forecaster signal.Forecaster
		now := time.Duration(0)
		for range min(1+len(values)*8, 2000) {
			value := r.Float64()
			if len(values) > 0 {
				value = float64(values[r.IntN(len(values))]) / 200
			}
			if value > 1.25 {
				value = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300}[r.IntN(4)]
			}
			now += time.Duration(r.Int64N(int64(2 * time.Minute)))
			h.Add(now, value)
			if forecast, found := forecaster.Look(&h); found {
				require.GreaterOrEqual(t, forecast.Earliest, time.Duration(0))
				require.LessOrEqual(t, forecast.Earliest, forecast.ETA)
				require.LessOrEqual(t, forecast.ETA, forecast.Latest)
				require.LessOrEqual(t, forecast.ETA, 24*time.Hour)
			}
		}
	})
}

func BenchmarkForecastOfARisingSeries(b *testing.B) {
	w := newWatch()
	for i := range 720 {
		w.add(.6 + .0003*float64(i) + .001*math.Sin(float64(i)))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w.add(.81 + .00001*float64(i%1000))
	}
}

func BenchmarkForecastOfALevel(b *testing.B) {
	w := newWatch()
	for i := range 720 {
		w.add(.8 + .001*math.Sin(float64(i)))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w.add(.8 + .001*math.Sin(float64(i)))
	}
}
