package incident

import (
	"fmt"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

const (
	// heartbeat is how often a probe repeats a condition that lasts.
	heartbeat = 5 * time.Minute
	// missedHeartbeats is how many may fail to come before a condition is stale.
	missedHeartbeats = 3
	// forsaken is how long nothing has to be heard of a condition until it is given up. Its probe may have
	// ended, with its host, or have been started anew when all was well, and will never say that it is over.
	forsaken = 24 * time.Hour
)

// observe takes what a probe says about a condition.
func (s *State) observe(g *Group, obs *Observation, eventTime int64) {
	key := s.keyOf(g, obs.Entity, obs.Fingerprint)
	in := s.incidents[key]
	switch {
	case obs.Kind == Cleared && in == nil: // It ended before this one knew of it.
	case obs.Kind == Cleared:
		in.lastArrival, in.Last = s.now, max(in.Last, eventTime)
		in.refresh(obs)
		in.cause(obs)
		s.end(in, "the probe says so")
	case in == nil && s.full(g):
		s.recordOverflow(g, obs, eventTime)
	case in == nil:
		s.beginObserved(g, key, obs, eventTime)
	default:
		s.observeAgain(in, obs, eventTime)
	}
}

func (s *State) beginObserved(g *Group, key Key, obs *Observation, eventTime int64) {
	in := s.begin(g, key, obs, eventTime, FromProbe)
	in.see(s.now, eventTime, obs)
	if obs.Kind == Predicted {
		in.status = failure.StatusPredicted
		s.announce(in, failure.EventPredicted, "")
		return
	}
	s.countOccurrence(g, obs, eventTime)
	in.Count++
	s.announceOpening(in)
}

// observeAgain takes a heartbeat, a changed level, or the arrival of what was predicted.
func (s *State) observeAgain(in *Incident, obs *Observation, eventTime int64) {
	in.see(s.now, eventTime, obs)
	was, wasSeverity := in.status, in.Severity
	in.refresh(obs)
	if obs.Kind == Predicted {
		// What holds and is predicted to get worse is still what it is.
		if was == failure.StatusPredicted {
			s.predictAgain(in, obs)
		}
		return
	}
	in.status = failure.StatusActive
	switch {
	case was == failure.StatusPredicted:
		in.Severity = obs.Severity
		in.cause(obs)
		s.countOccurrence(in.Group, obs, eventTime)
		in.Count++
		s.announceOpening(in)
	case obs.Severity > wasSeverity:
		in.cause(obs)
		s.escalate(in, obs.Severity, "the probe calls it "+obs.Severity.String())
	case obs.Severity < wasSeverity:
		in.cause(obs)
		in.Severity = obs.Severity
		s.countActive(in)
		s.announce(in, failure.EventOngoing, "better: the probe calls it "+obs.Severity.String())
	case was == failure.StatusStale:
		in.cause(obs)
		s.announce(in, failure.EventOngoing, "the probe is heard of again")
	}
}

// predictAgain takes a further word about what is predicted, and announces that it is more urgent.
func (s *State) predictAgain(in *Incident, obs *Observation) {
	was := in.Severity
	in.Severity = obs.Severity
	if obs.Severity > was {
		in.cause(obs)
		s.announce(in, failure.EventPredicted, "the probe calls it "+obs.Severity.String())
	}
}

// refresh keeps what the probe told last.
func (in *Incident) refresh(obs *Observation) {
	if obs.Probe != nil {
		in.Probe = obs.Probe
	}
}

// tickProbe looks after a condition that a probe watches. Quiet time makes it stale, and ends it only when
// nobody can be expected to tell of it any more.
func (s *State) tickProbe(in *Incident, quiet int64) {
	if quiet >= int64(forsaken) {
		in.forgetWords()
		s.resolve(in, "given up: nothing heard from its probe for "+since(quiet))
		return
	}
	if silent := int64(missedHeartbeats * heartbeat); quiet < silent || in.status != failure.StatusActive {
		s.remind(in)
		return
	}
	in.status = failure.StatusStale
	s.announce(in, failure.EventOngoing, "stale: nothing heard from its probe for "+since(quiet),
		fmt.Sprintf("%swhether it goes on: the last word of the probe is %s old", failure.EvidenceUnknown, since(quiet)))
}

// forgetWords leaves out what the probe said last, since it no longer holds.
func (in *Incident) forgetWords() {
	if in.Probe != nil {
		told := *in.Probe
		told.Says = ""
		in.Probe = &told
	}
}
