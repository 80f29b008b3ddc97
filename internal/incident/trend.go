package incident

import (
	"fmt"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/signal"
)

const (
	// trendHorizon is how many minutes ahead a threshold is predicted to be reached.
	trendHorizon = windowMinutes
	// trendShare is the share of a threshold below which its trend is not looked at: few failures say
	// little about the next ones.
	trendShare = 0.3
)

// predict looks once a minute at whether a threshold is about to be reached.
func (s *State) predict(g *Group, t *threshold) {
	current := t.at(s.now) / minute
	if t.judged == current {
		return
	}
	t.judged = current
	total := t.total(current)
	low := float64(total) < trendShare*float64(t.limit)
	if p := t.predicted; p != nil {
		switch {
		case t.above:
			s.endPrediction(t, "the threshold is reached")
		case s.now > p.Probe.Latest || low:
			s.endPrediction(t, "the trend did not go on")
		}
		return
	}
	if t.above || low {
		return
	}
	if f, found := t.forecast(current); found {
		s.beginPrediction(g, t, total, f)
	}
}

// forecast tells when a window will hold as many failures as its limit.
type forecast struct {
	rate             signal.Trend
	earliest, latest float64
}

// forecast reads the rate of failures from the sums over the last minutes, and takes into account
// which failures the window will lose meanwhile. It abstains where the rate is not steady, and where
// the lower end of its interval does not lead there.
func (t *threshold) forecast(current int64) (forecast, bool) {
	// The last minute is not over, so the trend is that of the minutes before it.
	var points []signal.Point
	sum := 0.0
	for _, m := range t.Minutes {
		if m.Minute <= current-1-trendMinutes || m.Minute >= current {
			continue
		}
		for next := m.Minute; len(points) > 0 && int64(points[len(points)-1].X) < next-1; {
			points = append(points, signal.Point{X: points[len(points)-1].X + 1, Y: sum})
		}
		sum += float64(m.Count)
		points = append(points, signal.Point{X: float64(m.Minute), Y: sum})
	}
	for len(points) > 0 && int64(points[len(points)-1].X) < current-1 {
		points = append(points, signal.Point{X: points[len(points)-1].X + 1, Y: sum})
	}
	rate, steady := signal.Rising(points)
	if !steady {
		return forecast{}, false
	}
	f := forecast{rate: rate, earliest: t.reach(current, rate.High), latest: t.reach(current, rate.Low)}
	return f, f.latest <= trendHorizon
}

// reach is how many minutes it takes until a window reaches its limit at a rate, or more than the
// horizon where it does not.
func (t *threshold) reach(current int64, rate float64) float64 {
	for ahead := int64(1); ahead <= trendHorizon; ahead++ {
		var left uint32
		for i := len(t.Minutes) - 1; i >= 0 && t.Minutes[i].Minute > current+ahead-windowMinutes; i-- {
			left += t.Minutes[i].Count
		}
		if float64(left)+rate*float64(ahead) >= float64(t.limit) {
			return float64(ahead)
		}
	}
	return trendHorizon + 1
}

// beginPrediction opens an incident for a threshold. Its type is that of the group's incident that had
// a record last.
func (s *State) beginPrediction(g *Group, t *threshold, total int64, f forecast) {
	last := g.lastOf(t.name)
	if last == nil || s.full(g) || last.suspense.by != nil {
		return // What comes from elsewhere is not predicted either.
	}
	obs := &Observation{
		Kind: Predicted, Resource: &Resource{Version: last.Version},
		Type: last.Type, Category: last.Category, Severity: last.Severity, Confidence: last.Confidence,
		Fingerprint: "t:" + t.name, TraceID: last.TraceID, SpanID: last.SpanID,
		Probe: &Probe{
			// The first minute ahead may be over at once.
			Earliest: s.now + int64((f.earliest-1)*float64(time.Minute)),
			Latest:   s.now + int64(f.latest*float64(time.Minute)),
		},
	}
	in := s.begin(g, s.keyOf(g, "", obs.Fingerprint), obs, t.at(s.now), FromTrend)
	in.status = failure.StatusPredicted
	in.Count = total
	t.predicted = in
	s.announce(in, failure.EventPredicted, "threshold "+t.name,
		fmt.Sprintf("%s%d of %d failures within the hour", failure.EvidenceObserved, total, t.limit),
		fmt.Sprintf("%s%.2f failures a minute, between %.2f and %.2f", failure.EvidenceInferred, f.rate.Slope, f.rate.Low, f.rate.High))
}

func (s *State) endPrediction(t *threshold, reason string) {
	s.resolve(t.predicted, reason)
	t.predicted = nil
}

// lastOf gives the incident of the group that had the last failure of a threshold.
func (g *Group) lastOf(name string) *Incident {
	var last *Incident
	for _, in := range g.incidents {
		if in.Origin != FromTrend && in.belongsTo(name) && (last == nil || in.lastArrival > last.lastArrival) {
			last = in
		}
	}
	return last
}

// belongsTo says whether an incident's failures count for a threshold.
func (in *Incident) belongsTo(name string) bool {
	return name == scopeCategory+in.Category || name == scopeType+in.Type || name == scopeRule+in.Rule
}
