package incident

import "github.com/failuredetector/failuredetector/failure"

// healthWeights say how much of a group's health an incident takes away at its worst rate.
var healthWeights = [...]float64{failure.Low: 0.05, failure.Medium: 0.15, failure.High: 0.4, failure.Critical: 0.8}

// Health is how well a group is, from 1 to 0: the product, over the incidents that go on, of
//
//	1 - weight × (1 + r/(1+r)) / 2
//
// where the weight is 0.05, 0.15, 0.4 or 0.8 for low, medium, high and critical, and r is the rate
// of its failures a minute over the last few minutes. So one critical failure takes at least 0.4,
// and 0.8 where it fails all the time.
func (s *State) Health(g *Group) float64 {
	score := 1.0
	for _, in := range g.incidents {
		if !in.active() || in.Severity.String() == "" {
			continue
		}
		r := in.rate.get(s.now)
		score *= 1 - healthWeights[in.Severity]*(1+r/(1+r))/2
	}
	return score
}
