package incident

import (
	"slices"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/circuit"
)

// Circuit is the state of calls that were broken once, or of a breaker in a program that said that it
// is open.
type Circuit struct {
	Group *Group
	Peer  string
	State circuit.State
}

// noteBreaker follows a breaker of which a record tells.
func (s *State) noteBreaker(in *Incident) {
	if in.Origin == FromRecords && in.Type == failure.TypeBreaker {
		s.reported = append(s.reported, in)
	}
}

// Circuits gives what is known of breakers, and takes those whose metric ends.
func (s *State) Circuits() (now, ended []Circuit) {
	if s.breakers != nil {
		for _, e := range s.breakers.tripped {
			now = append(now, e.circuit())
		}
		for _, e := range s.breakers.ended {
			ended = append(ended, e.circuit())
		}
		s.breakers.ended = nil
	}
	s.reported = slices.DeleteFunc(s.reported, func(in *Incident) bool {
		c := Circuit{Group: in.Group, Peer: in.breakerName(), State: circuit.Open}
		over := s.incidents[in.key] != in
		switch {
		case over && !told(ended, c):
			ended = append(ended, c)
		case !over && !told(now, c):
			now = append(now, c)
		}
		return over
	})
	ended = slices.DeleteFunc(ended, func(c Circuit) bool { return told(now, c) })
	return now, ended
}

// told says whether a series is there already: several incidents may be about one breaker.
func told(list []Circuit, c Circuit) bool {
	return slices.ContainsFunc(list, func(other Circuit) bool { return other.Group == c.Group && other.Peer == c.Peer })
}

func (e *edge) circuit() Circuit {
	state, _ := e.breaker.State()
	return Circuit{Group: e.group, Peer: e.key.call.name(), State: state}
}

// breakerName is how a record calls its breaker, or what told of it.
func (in *Incident) breakerName() string {
	for _, captured := range in.Captures {
		if captured.Key == "name" {
			return captured.Value
		}
	}
	if in.Entity != "" {
		return in.Entity
	}
	return in.Rule
}
