package incident

import (
	"slices"
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
	// Places say of each failure what stands before it; without them everything does.
	Places []Place
	// Unknown are errors that no rule recognised.
	Unknown []Unknown
}

// Place is a place in a batch: behind so many services, spans and failures.
type Place struct{ Services, Spans, Failures int }

// Receive takes a batch that arrives at a time, and gives what is to be announced. Records are taken in
// their order, so that it is the same whether records that arrive at once come in one batch or in several.
func (s *State) Receive(now time.Time, batch *Batch) []Event {
	s.advance(now)
	r := reception{batch: batch}
	if c := s.cascades; c != nil {
		c.nodes = slices.Grow(c.nodes[:0], len(batch.Services))[:len(batch.Services)]
		clear(c.nodes)
	}
	end := Place{len(batch.Services), len(batch.Spans), len(batch.Failures)}
	for i := range batch.Failures {
		s.mineBefore(&r, i)
		place := end
		if i < len(batch.Places) {
			place = batch.Places[i]
		}
		s.receiveUntil(&r, place)
		s.apply(&batch.Failures[i])
	}
	s.mineBefore(&r, end.Failures)
	s.receiveUntil(&r, end)
	s.mineRest(&r)
	if len(batch.Failures) > 0 {
		s.revision++
		s.Stats.Overflow.Remembered, s.Stats.Overflow.Window = s.closed.forgotten, s.once.forgotten
	}
	return s.take()
}

// Apply takes failures that arrive at a time, and gives what is to be announced. The state keeps the
// observations' texts, and nothing else of the batch.
func (s *State) Apply(now time.Time, batch []Observation) []Event {
	return s.Receive(now, &Batch{Failures: batch})
}

// reception is how far a batch is taken.
type reception struct {
	batch *Batch
	taken Place
	// unknown counts the errors that were mined, and heard is how much of the batch was heard for them.
	unknown int
	heard   hearing
}

// receiveUntil takes what of a batch stands before a place: each service before its spans.
func (s *State) receiveUntil(r *reception, until Place) {
	for r.taken.Spans < until.Spans {
		span := &r.batch.Spans[r.taken.Spans]
		s.hearUntil(r, int(span.Service)+1)
		s.receiveSpan(r.batch, r.taken.Spans)
		r.taken.Spans++
	}
	s.hearUntil(r, until.Services)
}

func (s *State) hearUntil(r *reception, services int) {
	for ; r.taken.Services < services; r.taken.Services++ {
		s.hear(r.batch.Services[r.taken.Services], r.batch.Signal)
	}
}

func (s *State) receiveSpan(batch *Batch, i int) {
	c := s.cascades
	if c == nil {
		return
	}
	span := &batch.Spans[i]
	node := &c.nodes[span.Service]
	if *node == 0 {
		*node = s.nodeOf(batch.Services[span.Service])
	}
	span.Service = *node
	c.tracker.Add(s.now, batch.Spans[i:i+1])
	s.countCall(span)
	s.watch(span)
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
