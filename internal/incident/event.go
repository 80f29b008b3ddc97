package incident

import "github.com/failuredetector/failuredetector/failure"

// Event is a transition of an incident that is announced. It is complete by itself.
type Event struct {
	// Name is one of the event names of package failure.
	Name string
	// Time is when it happened on the state's clock, in nanoseconds since 1970.
	Time     int64
	Sequence int64
	// Status is the incident's status after it.
	Status string
	// Incident is a copy of what the incident was then.
	Incident Incident
	// Reason says in a few words why it happened, such as "quiet for 15m".
	Reason string
	// Evidence has further facts, each with the prefix that the attribute asks for.
	Evidence []string
	// Restored says that it is sent again after a restart.
	Restored bool
}

// announce makes an event of what happened to an incident, unless it is muted. The end of an incident
// that was announced is told in any case, since consumers would show it for ever.
func (s *State) announce(in *Incident, name, reason string, evidence ...string) {
	s.countTransition(in, name)
	in.muted = s.mutes.covers(s, in)
	silent := in.muted || in.hushed()
	if name == failure.EventResolved {
		silent = !in.announced
	}
	switch {
	case !silent:
		s.emit(in, name, s.now, reason, evidence...)
		return
	case in.muted:
		s.Stats.Muted++
	case in.suspense.by != nil:
		s.Stats.Suppressed++
	}
	in.recall(evidence)
	in.missed = in.announced
}

// emit sends an event.
func (s *State) emit(in *Incident, name string, at int64, reason string, evidence ...string) {
	in.sequence++
	in.announced = name != failure.EventResolved
	in.missed = false
	in.lastSent = s.now
	s.Stats.Events[name]++
	s.events = append(s.events, Event{
		Name: name, Time: at, Sequence: in.sequence, Status: in.status, Incident: *in, Reason: reason, Evidence: evidence,
	})
}

// countTransition counts what changed. A reminder is no change.
func (s *State) countTransition(in *Incident, name string) {
	if name != failure.EventOngoing {
		s.count(s.Transitions, in.Group, in.Type, name, "")
	}
}
