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

func TestTrendOfALine(t *testing.T) {
	trend, found := signal.Rising(series(30, func(x float64) float64 { return 7 + 2*x }))
	require.True(t, found)
	require.InDelta(t, 2, trend.Slope, 1e-9)
	require.InDelta(t, 2, trend.Low, 1e-9)
	require.InDelta(t, 2, trend.High, 1e-9)
}

func TestNoTrend(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	for name, points := range map[string][]signal.Point{
		"too few points":       series(7, func(x float64) float64 { return x }),
		"no points":            nil,
		"a level":              series(30, func(float64) float64 { return 5 }),
		"falling":              series(30, func(x float64) float64 { return 50 - x }),
		"noise":                series(60, func(float64) float64 { return noise.Float64() }),
		"a sawtooth":           series(60, func(x float64) float64 { return math.Mod(x, 15) }),
		"a step":               series(30, func(x float64) float64 { return math.Floor(x / 25) }),
		"values that are none": series(30, func(float64) float64 { return math.NaN() }),
		"infinite values":      series(30, func(x float64) float64 { return math.Inf(int(x) - 20) }),
		"all at one place":     make([]signal.Point, 30),
	} {
		t.Run(name, func(t *testing.T) {
			_, found := signal.Rising(points)
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
	trend, found := signal.Rising(series(100_000, func(x float64) float64 { return max(0, x-99_880) }))
	require.True(t, found)
	require.InDelta(t, 1, trend.Slope, 1e-9)
}

func BenchmarkTrendOf30Points(b *testing.B) {
	points := series(30, func(x float64) float64 { return x + math.Sin(x) })
	b.ReportAllocs()
	for b.Loop() {
		signal.Rising(points)
	}
}
