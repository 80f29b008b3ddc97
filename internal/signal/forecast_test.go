package signal_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/signal"
)

func series(n int, value func(x float64) float64) []signal.Point {
	points := make([]signal.Point, n)
	for i := range points {
		points[i] = signal.Point{X: float64(i), Y: value(float64(i))}
	}
	return points
}

func TestReachOfALine(t *testing.T) {
	crossing, found := signal.Reach(series(30, func(x float64) float64 { return 2 * x }), 100, 60)
	require.True(t, found)
	require.InDelta(t, 2, crossing.Trend.Slope, 1e-9)
	require.InDelta(t, 21, crossing.Likely, 1e-9, "58 at the last point, 42 to go, 2 a step")
	require.InDelta(t, 21, crossing.Earliest, 1e-9)
	require.InDelta(t, 21, crossing.Latest, 1e-9)
}

func TestReachAbstains(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	for name, tc := range map[string]struct {
		points []signal.Point
		limit  float64
	}{
		"too few points":        {series(7, func(x float64) float64 { return x }), 10},
		"no points":             {nil, 10},
		"a level":               {series(30, func(float64) float64 { return 5 }), 10},
		"falling":               {series(30, func(x float64) float64 { return 50 - x }), 100},
		"noise":                 {series(60, func(float64) float64 { return noise.Float64() }), 10},
		"a sawtooth":            {series(60, func(x float64) float64 { return math.Mod(x, 15) }), 20},
		"a step":                {series(30, func(x float64) float64 { return math.Floor(x / 25) }), 5},
		"reached already":       {series(30, func(x float64) float64 { return 2 * x }), 58},
		"beyond the horizon":    {series(30, func(x float64) float64 { return x }), 1000},
		"values that are none":  {series(30, func(float64) float64 { return math.NaN() }), 10},
		"infinite values":       {series(30, func(x float64) float64 { return math.Inf(int(x) - 20) }), 10},
		"all at one place":      {make([]signal.Point, 30), 10},
		"a limit that is none":  {series(30, func(x float64) float64 { return x }), math.NaN()},
		"a limit without bound": {series(30, func(x float64) float64 { return x }), math.Inf(1)},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := signal.Reach(tc.points, tc.limit, 60)
			require.False(t, found)
		})
	}
}

// TestIntervalHoldsTheTruth holds the interval to what it says, on residuals that are independent
// and on ones that follow one another.
func TestIntervalHoldsTheTruth(t *testing.T) {
	for _, tc := range []struct {
		name  string
		rho   float64
		least float64
	}{
		{"independent residuals", 0, 0.92},
		{"residuals that correlate by 0.5", 0.5, 0.88},
		{"residuals that correlate by 0.9", 0.9, 0.80},
	} {
		t.Run(tc.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 9))
			var inside, judged int
			for range 400 {
				residual := 0.0
				trend, found := signal.Rising(series(60, func(x float64) float64 {
					residual = tc.rho*residual + random.NormFloat64()
					return x + residual
				}))
				if !found {
					continue
				}
				judged++
				if trend.Low <= 1 && 1 <= trend.High {
					inside++
				}
			}
			require.Greater(t, judged, 300)
			require.Greater(t, float64(inside)/float64(judged), tc.least)
		})
	}
}

func TestLongSeriesAreReadFromTheirEnd(t *testing.T) {
	points := series(100_000, func(x float64) float64 { return max(0, x-99_900) })
	crossing, found := signal.Reach(points, 109, 60)
	require.True(t, found)
	require.InDelta(t, 10, crossing.Likely, 3)
}

func BenchmarkReachOf30Points(b *testing.B) {
	points := series(30, func(x float64) float64 { return x + math.Sin(x) })
	b.ReportAllocs()
	for b.Loop() {
		signal.Reach(points, 100, 100)
	}
}
