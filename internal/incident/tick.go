package incident

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Tick lets the whole seconds up to a moment pass. The events are in the order in which they happened.
func (s *State) Tick(now time.Time) []Event {
	s.pass(now.UnixNano())
	return s.take()
}

// tick is what happens on each whole second: it ends what was quiet for long enough, reminds of what
// goes on, and looks at trends.
func (s *State) tick() {
	s.tickHangs()
	for _, g := range s.groupList {
		for _, in := range slices.Clone(g.incidents) {
			s.tickIncident(in)
		}
		for _, t := range g.thresholds {
			t.relax(s.now)
			s.predict(g, t)
		}
	}
	s.tickOrigins()
	s.sweep()
	s.listen()
	s.tickNews()
	s.closed.expire(s.now)
	s.endGroups()
}

func (s *State) tickIncident(in *Incident) {
	quiet := s.now - in.lastArrival
	s.tickSuspense(in)
	s.tickCascade(in)
	switch {
	case in.clearedAt > 0 && s.now-in.clearedAt >= in.hold(0):
		s.resolve(in, "over, and quiet for "+since(s.now-in.clearedAt))
	case in.Origin == FromBreaker && in.edge != nil, in.Origin == FromSilence && s.sources != nil:
		s.remind(in)
	case in.Origin == FromProbe:
		s.tickProbe(in, quiet)
	case in.Origin == FromTrend:
		// The threshold ends it.
	case quiet >= in.hold(in.resolveAfter):
		s.resolve(in, "quiet for "+since(in.hold(in.resolveAfter)))
	default:
		s.remind(in)
	}
}

// remind announces an incident again: at its interval, and where it was muted meanwhile.
func (s *State) remind(in *Incident) {
	wasMuted := in.muted
	in.muted = s.mutes.covers(s, in)
	switch {
	case in.muted || in.pending || in.hushed():
	case !in.announced:
		s.tellLate(in, s.now, "no longer muted")
	case wasMuted && in.missed:
		s.announce(in, failure.EventOngoing, "no longer muted")
	case s.settings.ReminderInterval > 0 && s.now-in.lastSent >= int64(s.settings.ReminderInterval):
		s.announce(in, failure.EventOngoing, "")
	}
}

// tellLate announces what was muted or waited when it opened.
func (s *State) tellLate(in *Incident, at int64, reason string) {
	if in.muted = s.mutes.covers(s, in); in.muted {
		s.Stats.Muted++
		return
	}
	name := failure.EventOpened
	switch {
	case in.status == failure.StatusPredicted:
		name = failure.EventPredicted
	case in.returned():
		name = failure.EventRegressed
	}
	evidence := in.suspense.reasons
	in.suspense.reasons = nil
	s.emit(in, name, at, reason, evidence...)
}
