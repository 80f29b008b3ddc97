package incident

import (
	"fmt"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

const (
	// flapWithin is the time in which returns are counted.
	flapWithin = time.Hour
	// flapReturns is how many returns within it are flapping. Two may be chance.
	flapReturns = 3
	// flapHold is how long a flapping incident that is cleared has to stay quiet at first; each
	// further return doubles it.
	flapHold = 5 * time.Minute
	// maxFlapHold bounds how much longer an incident stays open because it flaps.
	maxFlapHold = time.Hour
	// maxReturns bounds the returns remembered: with as many the hold is at its longest.
	maxReturns = 8
)

// recentReturns gives the returns that still count, as a copy.
func recentReturns(returns []int64, now int64) []int64 {
	recent := slices.DeleteFunc(slices.Clone(returns), func(at int64) bool { return now-at > int64(flapWithin) })
	if len(recent) >= maxReturns {
		recent = slices.Delete(recent, 0, len(recent)-maxReturns+1)
	}
	return recent
}

// flapping says whether an incident ends and comes back again and again.
func (in *Incident) flapping() bool { return len(in.returns) >= flapReturns }

// hold is how long an incident must be quiet before it ends, where the time without flapping is given.
func (in *Incident) hold(usual int64) int64 {
	if !in.flapping() {
		return usual
	}
	doubled := int64(flapHold) << (len(in.returns) - flapReturns)
	return max(usual, min(doubled, int64(maxFlapHold)))
}

// announceReturn tells that an incident came back, in which version, and whether it flaps.
func (s *State) announceReturn(in *Incident) {
	var evidence []string
	if in.Version != "" && in.FormerVersion != "" {
		evidence = append(evidence, fmt.Sprintf("%sresolved in service.version %s, came back in %s", failure.EvidenceObserved, in.FormerVersion, in.Version))
	}
	reason := ""
	if in.flapping() {
		reason = fmt.Sprintf("flapping: back for the %s time within the hour", ordinal(len(in.returns)))
		evidence = append(evidence, fmt.Sprintf("%sflapping, came back %d times within %s: once it is over it stays open for %s more",
			failure.EvidenceObserved, len(in.returns), since(int64(flapWithin)), since(in.hold(0))))
	}
	s.announce(in, failure.EventRegressed, reason, evidence...)
}

func ordinal(n int) string {
	switch {
	case n%100/10 != 1 && n%10 == 1:
		return fmt.Sprintf("%dst", n)
	case n%100/10 != 1 && n%10 == 2:
		return fmt.Sprintf("%dnd", n)
	case n%100/10 != 1 && n%10 == 3:
		return fmt.Sprintf("%drd", n)
	default:
		return fmt.Sprintf("%dth", n)
	}
}
