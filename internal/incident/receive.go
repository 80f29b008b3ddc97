package incident

import (
	"time"

	"github.com/failuredetector/failuredetector/internal/cascade"
)

// Batch is what arrives together.
type Batch struct {
	Signal Signal
	// Services are those that sent it, as far as anything asks for them. Spans name theirs by its index.
	Services []*Resource
	Spans    []cascade.Span
	Failures []Observation
}

// Receive takes a batch that arrives at a time, and gives what is to be announced.
func (s *State) Receive(now time.Time, batch *Batch) []Event {
	s.advance(now)
	s.hear(batch.Services, batch.Signal)
	if s.cascades != nil && len(batch.Spans) > 0 {
		s.receiveSpans(batch)
	}
	if len(batch.Failures) > 0 {
		return s.Apply(now, batch.Failures)
	}
	s.look()
	return s.take()
}

func (s *State) receiveSpans(batch *Batch) {
	c := s.cascades
	c.nodes = c.nodes[:0]
	for _, r := range batch.Services {
		c.nodes = append(c.nodes, s.nodeOf(r))
	}
	for i := range batch.Spans {
		batch.Spans[i].Service = c.nodes[batch.Spans[i].Service]
	}
	c.tracker.Add(s.now, batch.Spans)
	s.countCalls(batch.Spans)
	s.watch(batch.Spans)
}

// nodeOf gives the node of a service: what its group is, and which service of it.
func (s *State) nodeOf(r *Resource) cascade.Node {
	s.buffer = s.buffer[:0]
	for _, value := range r.Values {
		s.buffer = append(append(s.buffer, value...), separator)
	}
	s.buffer = append(append(append(s.buffer, r.Namespace...), separator), r.Service...)
	n := s.cascades.tracker.Service(string(s.buffer), r.Service)
	if s.cascades.places[n] == nil {
		s.cascades.places[n] = r
	}
	return n
}
