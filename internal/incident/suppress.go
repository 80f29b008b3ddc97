package incident

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

// spread is how far apart the spans of one trace arrive: exporters send every five seconds.
const spread = int64(5 * time.Second)

// Cascades says how failures are held against one another.
type Cascades struct {
	// Enabled says that they are, and Traces that spans come, so that a failure of a trace waits for what
	// its trace says.
	Enabled, Traces bool
	// Grace is how long a failure may outlive the one that it comes from before it is announced.
	Grace  time.Duration
	Limits cascade.Limits
}

// suspense is what keeps an incident from being announced although it is there.
type suspense struct {
	// until is when a failure of a trace is announced whatever its trace says, and since when it began;
	// 0 is no wait.
	until, since int64
	// by is the cascade, or the breaker, that explains it.
	by *Incident
	// reasons are the evidence of what happened meanwhile.
	reasons []string
}

// maxReasons bounds what is told of the time before an announcement.
const maxReasons = 4

// hushed says whether an incident waits for what its trace says, or is explained.
func (in *Incident) hushed() bool { return in.suspense.until > 0 || in.suspense.by != nil }

// await lets a failure wait for what its trace says.
func (s *State) await(in *Incident, obs *Observation) {
	if s.cascades != nil && obs.TraceID != [16]byte{} {
		in.suspense.since = s.now
		in.suspense.until = s.now + int64(s.settings.Cascades.Limits.Settle) + spread
	}
}

// suppress holds an incident against one that explains it: it is not announced meanwhile.
func (s *State) suppress(in, by *Incident) {
	if in.suspense.by != nil && s.incidents[in.suspense.by.key] == in.suspense.by || in.spared {
		return
	}
	if s.mutes.covers(s, by) {
		return // Nobody would be told of either.
	}
	in.suspense.by, in.SuppressedBy = by, by.ID
	in.suspense.until = 0
	s.countActive(in)
	s.revision++
	if in.announced && !s.mutes.covers(s, in) {
		s.emit(in, failure.EventOngoing, s.now, "it comes from "+by.source(), explained(by))
	}
}

// explained says what explains an incident.
func explained(by *Incident) string {
	return failure.EvidenceInferred + "it comes from " + by.source() + ", incident " + by.ID
}

// source is what an incident says that others come from.
func (in *Incident) source() string {
	if in.Breaker != nil {
		return "broken calls to " + in.Breaker.Peer
	}
	return in.Cascade.Origin
}

// tickSuspense announces what has waited long enough, and what its origin does not explain any more.
func (s *State) tickSuspense(in *Incident) {
	by := in.suspense.by
	switch {
	case by == nil && in.suspense.until > 0 && s.now >= in.suspense.until && !s.gathers(in):
		s.endWait(in)
	case by == nil:
	case in.lastArrival > s.heard(by)+int64(s.settings.Cascades.Grace):
		s.spare(in, "it outlives its origin by "+since(in.lastArrival-s.heard(by)))
	case s.mutes.covers(s, by):
		s.spare(in, "what explains it is muted")
	case by.Cascade != nil && s.failsByItself(in):
		s.spare(in, "it fails without its origin as well")
	}
}

// heard is when the origin of a cascade was heard of last.
func (s *State) heard(by *Incident) int64 {
	last := by.lastArrival
	if by.origin == nil {
		return last
	}
	last = max(last, by.origin.seen)
	for _, own := range by.origin.own {
		if s.incidents[own.key] == own {
			last = max(last, own.lastArrival)
		}
	}
	return last
}

// gathers says whether spans of an incident's trace came lately, so that it is worth to wait as long again.
func (s *State) gathers(in *Incident) bool {
	return s.cascades != nil && s.now < 2*in.suspense.until-in.suspense.since && s.cascades.tracker.Gathers(in.TraceID)
}

func (s *State) failsByItself(in *Incident) bool {
	origin, share := in.ledger.Origin(s.now)
	return origin != 0 && share < cascade.VictimShare
}

// endWait announces an incident that nothing explains, as of when it opened.
func (s *State) endWait(in *Incident) {
	at := in.suspense.since
	in.suspense.until = 0
	s.countActive(in)
	if !in.announced && !in.pending {
		s.tellLate(in, at, "")
	}
}

// spare announces an incident that was explained. It is not held back again.
func (s *State) spare(in *Incident, reason string) {
	by := in.suspense.by
	in.suspense.by, in.spared = nil, true
	s.countActive(in)
	s.revision++
	switch {
	case in.pending:
	case in.announced && !s.mutes.covers(s, in):
		s.emit(in, failure.EventOngoing, s.now, reason, explained(by))
	case !in.announced:
		in.suspense.reasons = append(in.suspense.reasons, explained(by))
		s.tellLate(in, s.now, reason)
	}
	in.SuppressedBy = ""
}

// recall keeps the evidence of an event that is not sent yet.
func (in *Incident) recall(evidence []string) {
	for _, e := range evidence {
		if len(in.suspense.reasons) < maxReasons && !slices.Contains(in.suspense.reasons, e) {
			in.suspense.reasons = append(in.suspense.reasons, e)
		}
	}
}

// Release announces all that waits for what its trace says, since nobody will listen any more.
func (s *State) Release(now time.Time) []Event {
	s.advance(now)
	for _, g := range s.groupList {
		for _, in := range g.incidents {
			if in.suspense.until > 0 {
				s.endWait(in)
			}
		}
	}
	return s.take()
}
