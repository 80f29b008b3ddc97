package signal

import (
	"math"
	"slices"
)

const (
	// minPoints is the least number of points that a trend is read from: with fewer, an interval of
	// two standard deviations spans all slopes that there are.
	minPoints = 8
	// maxPoints bounds the cost, which grows with the square: 120 points take under a millisecond.
	maxPoints = 120
	// bound is how many standard deviations of Kendall's statistic the interval spans, 95% of a
	// normal distribution.
	bound = 1.96
	// maxWidening bounds how much wider correlated residuals make the interval.
	maxWidening = 4.0
	// maxCorrelation keeps the widening finite.
	maxCorrelation = 0.95
	// minNetShare is how much of the change that a slope promises must have happened from the first
	// point to the last. A sawtooth rises most of the time and gets nowhere.
	minNetShare = 0.5
)

// Point is a value at a place on any scale of time.
type Point struct {
	X, Y float64
}

// Trend is the slope of a series: the median of the slopes between all pairs of points, with the
// interval in which it lies in 95 of 100 series.
type Trend struct {
	Slope, Low, High float64
}

// fitter has the room that fitting a trend takes, so that fitting again costs no allocation.
type fitter struct {
	slopes, values, residuals []float64
	// widened is by how much the interval of the last trend is wider because residuals follow one another.
	widened float64
}

// Rising gives the trend of points that are sorted by X. It abstains where there are too few points,
// where it cannot be told from none, and where the points go up and down and get nowhere. Of many
// points the last are read.
func Rising(points []Point) (Trend, bool) {
	return new(fitter).rising(points, maxWidening)
}

// rising is [Rising] with a bound of how much wider correlated residuals make the interval.
func (f *fitter) rising(points []Point, widest float64) (Trend, bool) {
	if len(points) > maxPoints {
		points = points[len(points)-maxPoints:]
	}
	n := len(points)
	if n < minPoints {
		return Trend{}, false
	}
	slopes := f.pairSlopes(points)
	if len(slopes) == 0 {
		return Trend{}, false
	}
	slope := median(slopes)
	f.widened = min(f.widening(points, slope), widest)
	margin := bound * math.Sqrt(f.kendallVariance(points)) * f.widened
	// The ranks of the bounds lie symmetrically about the middle.
	pairs := float64(len(slopes))
	low := int(math.Floor((pairs - margin) / 2))
	high := int(math.Ceil((pairs+margin)/2)) - 1
	if low < 0 || high >= len(slopes) {
		return Trend{}, false
	}
	trend := Trend{Slope: slope, Low: slopes[low], High: slopes[high]}
	if !(trend.Low > 0) || math.IsInf(trend.High, 0) {
		return Trend{}, false
	}
	first, last := points[0], points[n-1]
	if last.Y-first.Y < minNetShare*slope*(last.X-first.X) {
		return Trend{}, false
	}
	return trend, true
}

// pairSlopes gives the sorted slopes between all pairs of points that differ in X.
func (f *fitter) pairSlopes(points []Point) []float64 {
	slopes := slices.Grow(f.slopes[:0], len(points)*(len(points)-1)/2)
	for i := range points {
		for j := i + 1; j < len(points); j++ {
			slope := (points[j].Y - points[i].Y) / (points[j].X - points[i].X)
			if !math.IsNaN(slope) && !math.IsInf(slope, 0) {
				slopes = append(slopes, slope)
			}
		}
	}
	slices.Sort(slopes)
	f.slopes = slopes
	return slopes
}

func median(sorted []float64) float64 {
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// kendallVariance is the variance of Kendall's statistic where there is no trend, less what equal
// values take from it.
func (f *fitter) kendallVariance(points []Point) float64 {
	share := func(n float64) float64 { return n * (n - 1) * (2*n + 5) / 18 }
	variance := share(float64(len(points)))
	values := f.values[:0]
	for _, p := range points {
		values = append(values, p.Y)
	}
	f.values = values
	slices.Sort(values)
	for i := 0; i < len(values); {
		same := i
		for same < len(values) && values[same] == values[i] {
			same++
		}
		variance -= share(float64(same - i))
		i = max(same, i+1)
	}
	return max(variance, 0)
}

// spread is the standard deviation of the residuals of the last trend, read from their median so that a
// few that are far off do not count.
func (f *fitter) spread() float64 {
	for i, residual := range f.residuals {
		f.residuals[i] = math.Abs(residual)
	}
	slices.Sort(f.residuals)
	return 1.4826 * median(f.residuals)
}

// widening is how much wider the interval is because residuals follow one another: without it a
// nominal 95% covers as little as 36% of series whose residuals correlate by 0.9.
func (f *fitter) widening(points []Point, slope float64) float64 {
	residuals := f.residuals[:0]
	mean := 0.0
	for _, p := range points {
		residual := p.Y - slope*p.X
		residuals = append(residuals, residual)
		mean += residual / float64(len(points))
	}
	f.residuals = residuals
	var lagged, square float64
	for i := range residuals {
		residuals[i] -= mean
		square += residuals[i] * residuals[i]
		if i > 0 {
			lagged += residuals[i] * residuals[i-1]
		}
	}
	// Residuals that are nothing but rounding have no correlation that means anything.
	if square < 1e-18 {
		return 1
	}
	rho := lagged / square
	rho += (1 + 4*rho) / float64(len(points)) // The estimate is low by this much in a short series.
	rho = min(max(rho, 0), maxCorrelation)
	return min(math.Sqrt((1+rho)/(1-rho)), maxWidening)
}
