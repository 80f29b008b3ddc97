package incident

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Tick lets time pass: it ends what was quiet for long enough, reminds of what goes on, and looks at
// trends. The events are in the order in which they happened.
func (s *State) Tick(now time.Time) []Event {
	s.advance(now)
	for _, g := range s.groupList {
		for _, in := range slices.Clone(g.incidents) {
			s.tickIncident(in)
		}
		for _, t := range g.thresholds {
			t.relax(s.now)
			s.predict(g, t)
		}
	}
	s.closed.expire(s.now)
	s.endGroups()
	return s.take()
}

func (s *State) tickIncident(in *Incident) {
	quiet := s.now - in.lastArrival
	switch {
	case in.clearedAt > 0 && s.now-in.clearedAt >= in.hold(0):
		s.resolve(in, "over, and quiet for "+since(s.now-in.clearedAt))
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
	case in.muted || in.pending:
	case !in.announced:
		s.tellLate(in)
	case wasMuted && in.missed:
		s.announce(in, failure.EventOngoing, "no longer muted")
	case s.settings.ReminderInterval > 0 && s.now-in.lastSent >= int64(s.settings.ReminderInterval):
		s.announce(in, failure.EventOngoing, "")
	}
}

// tellLate announces what was muted when it opened.
func (s *State) tellLate(in *Incident) {
	name := failure.EventOpened
	switch {
	case in.status == failure.StatusPredicted:
		name = failure.EventPredicted
	case in.returned():
		name = failure.EventRegressed
	}
	in.sequence++
	in.announced, in.missed, in.lastSent = true, false, s.now
	s.Stats.Events[name]++
	s.events = append(s.events, Event{Name: name, Time: s.now, Sequence: in.sequence, Status: in.status, Incident: *in, Reason: "no longer muted"})
}
