package incident

import (
	"slices"

	"github.com/failuredetector/failuredetector/failure"
)

// clear ends the failures of some types in a group, where a record says that they are over.
func (s *State) clear(g *Group, obs *Observation, eventTime int64) {
	for _, in := range slices.Clone(g.incidents) {
		switch {
		case in.Origin != FromRecords || !slices.Contains(obs.Clears, in.Type):
		case obs.Entity != "" && obs.Entity != in.Entity:
		case eventTime < in.Last: // What came after it has not been cleared.
		default:
			in.cause(obs)
			s.end(in, "a record says so")
		}
	}
}

// end ends an incident that something said is over. One that flaps is held a while.
func (s *State) end(in *Incident, reason string) {
	if in.flapping() {
		if in.clearedAt == 0 {
			in.clearedAt = s.now
		}
		return
	}
	s.resolve(in, reason)
}

// resolve ends an incident and remembers it.
func (s *State) resolve(in *Incident, reason string) {
	if in.suspense.until > 0 {
		s.endWait(in)
	}
	in.status = failure.StatusResolved
	s.countActive(in)
	if in.announced || !in.pending && in.Origin != FromTrend {
		s.announce(in, failure.EventResolved, reason)
	}
	delete(s.incidents, in.key)
	in.Group.remove(in)
	if in.pending {
		if in.former != nil {
			s.closed.add(in.former)
		}
		return
	}
	s.closed.add(&former{
		Key: in.key, ID: in.ID, Opened: in.Opened, First: in.First, Ended: s.now, Count: in.Count,
		Sequence: in.sequence, Version: in.Version, Returns: in.returns,
	})
}
