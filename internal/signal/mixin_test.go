package signal_test

import "time"

// mixinRule is an alert of node_exporter's mixin about a file system that fills up: less than so much is
// free, a straight line through the last six hours is below zero so far ahead, and that for an hour.
type mixinRule struct {
	free  float64
	ahead time.Duration
}

var (
	mixinWarning  = mixinRule{.40, 24 * time.Hour}
	mixinCritical = mixinRule{.20, 4 * time.Hour}
)

const (
	mixinWindow = 6 * time.Hour
	mixinFor    = time.Hour
)

// claims says after which samples the alert fires.
func (r mixinRule) claims(samples []float64) []bool {
	firing := make([]bool, len(samples))
	pending := 0
	for i, use := range samples {
		if 1-use < r.free && predictLinear(samples[max(0, i+1-int(mixinWindow/interval)):i+1], r.ahead) < 0 {
			pending++
		} else {
			pending = 0
		}
		firing[i] = pending > int(mixinFor/interval)
	}
	return firing
}

// predictLinear is what Prometheus's function of that name gives for the free share.
func predictLinear(samples []float64, ahead time.Duration) float64 {
	n := float64(len(samples))
	if n < 2 {
		return 1
	}
	var x, y, xx, xy float64
	for i, use := range samples {
		at := float64(i-len(samples)+1) * interval.Seconds()
		x, y, xx, xy = x+at, y+1-use, xx+at*at, xy+at*(1-use)
	}
	slope := (n*xy - x*y) / (n*xx - x*x)
	return (y-slope*x)/n + slope*ahead.Seconds()
}
