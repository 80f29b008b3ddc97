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
	// Counts is how many records each of them sent, where novelty is looked for.
	Counts   []int
	Spans    []cascade.Span
	Failures []Observation
	// Unknown are errors that no rule recognised.
	Unknown []Unknown
}

// Receive takes a batch that arrives at a time, and gives what is to be announced.
func (s *State) Receive(now time.Time, batch *Batch) []Event {
	s.advance(now)
	s.hear(batch.Services, batch.Signal)
	if s.cascades != nil && len(batch.Spans) > 0 {
		s.receiveSpans(batch)
	}
	s.mine(batch)
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

// nodeOf gives the node of a service.
func (s *State) nodeOf(r *Resource) cascade.Node {
	n := s.cascades.tracker.Service(string(s.serviceKey(r)), r.Service)
	if s.cascades.places[n] == nil {
		s.cascades.places[n] = r
	}
	return n
}

// serviceKey identifies a service: what its group is, and which service of it. It is in the state's buffer.
func (s *State) serviceKey(r *Resource) []byte {
	s.buffer = s.buffer[:0]
	for _, value := range r.Values {
		s.buffer = append(append(s.buffer, value...), separator)
	}
	s.buffer = append(append(append(s.buffer, r.Namespace...), separator), r.Service...)
	return s.buffer
}
