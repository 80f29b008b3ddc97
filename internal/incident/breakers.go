package incident

import (
	"fmt"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/circuit"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

// Breakers say when the calls from one service to another count as broken.
type Breakers struct {
	// MinCalls of 0 is no breakers.
	circuit.Settings
	// Limit is how many pairs are followed.
	Limit int
}

// Call is an edge between two services as the caller knows it.
type Call struct {
	Peer string
	Port uint16
}

// Breaker is what an incident is about that stands for broken calls. It is never changed.
type Breaker struct {
	// Caller is the service that calls, and Peer the name that it calls.
	Caller string `json:"caller"`
	Peer   string `json:"peer"`
	// Calls of the last minute, of which Failed failed, opened it.
	Calls  int `json:"calls"`
	Failed int `json:"failed"`
	// State is the state that the breaker is in.
	State string `json:"state"`
	// Call is how the edge is known.
	Call Call `json:"call"`
}

type edgeKey struct {
	caller cascade.Node
	call   Call
}

// edge is the calls from a service to a name.
type edge struct {
	key     edgeKey
	breaker circuit.Breaker
	last    int64
	// group is that of the caller, once it is known that it has something to tell.
	group *Group
	// incident is open while the breaker is not closed.
	incident *Incident
	// affected are incidents of which all failures were such calls.
	affected []*Incident
	// tripped says that it was open once, so that its state is told.
	tripped bool
}

// breakers are the edges that are followed.
type breakers struct {
	edges map[edgeKey]*edge
	// tripped are those that were open once, in that order, and ended those whose metric ends.
	tripped, ended []*edge
	swept          int64
}

const (
	// edgeIdle is how long an edge without calls is followed.
	edgeIdle = int64(10 * time.Minute)
	// sweepEvery is how often idle edges are looked for.
	sweepEvery = int64(time.Minute)
	// trialEvery is how often it is told that calls are tried again.
	trialEvery = int64(5 * time.Minute)
)

func newBreakers(settings *Settings) *breakers {
	if settings.Breakers.MinCalls == 0 || !settings.Incidents || !settings.Cascades.Traces || !settings.Cascades.Enabled {
		return nil
	}
	return &breakers{edges: map[edgeKey]*edge{}}
}

// countCall counts a span that is a call.
func (s *State) countCall(span *cascade.Span) {
	if s.breakers == nil || span.Peer == "" || s.cascades.tracker.Unknown(span.Service) {
		return
	}
	e := s.edge(edgeKey{span.Service, Call{span.Peer, span.Port}})
	if e == nil {
		return
	}
	e.last = s.now
	// What was refused for what it asked was answered.
	failed := span.Failed && span.Fault != cascade.FaultCaller
	if e.incident != nil && failed {
		e.incident.lastArrival, e.incident.Last = s.now, s.now
		e.incident.Count++
		e.incident.rate.add(s.now)
	}
	if e.breaker.Add(s.now, failed, &s.settings.Breakers.Settings) {
		s.turn(e, span)
	}
}

// edge gives an edge, which begins where it is not known; nil where there is no room.
func (s *State) edge(key edgeKey) *edge {
	e := s.breakers.edges[key]
	if e == nil {
		if len(s.breakers.edges) >= s.settings.Breakers.Limit {
			s.Stats.Overflow.Edges++
			return nil
		}
		e = &edge{key: key}
		s.breakers.edges[key] = e
	}
	return e
}

// turn tells that a breaker changed its state.
func (s *State) turn(e *edge, span *cascade.Span) {
	if !e.tripped {
		e.tripped, e.group = true, s.groupOf(s.cascades.places[e.key.caller])
		s.breakers.tripped = append(s.breakers.tripped, e)
	}
	state, _ := e.breaker.State()
	s.revision++
	in := s.incidentOf(e)
	if in == nil {
		if state == circuit.Open {
			s.trip(e, span)
		}
		return
	}
	now := *in.Breaker
	now.State = state.String()
	in.Breaker = &now
	switch state {
	case circuit.Closed:
		s.end(in, "calls are good again")
		e.affected = nil
	case circuit.HalfOpen:
		if s.now-in.lastSent >= trialEvery {
			s.announce(in, failure.EventOngoing, "half open: a call was good, further ones are looked at")
		}
	case circuit.Open:
		in.clearedAt = 0
	}
}

// incidentOf gives the open incident of an edge, or nil.
func (s *State) incidentOf(e *edge) *Incident {
	if e.incident != nil && s.incidents[e.incident.key] != e.incident {
		e.incident = nil
	}
	return e.incident
}

// trip opens the incident of an edge.
func (s *State) trip(e *edge, span *cascade.Span) {
	place := s.cascades.places[e.key.caller]
	g := s.groupOf(place)
	name := e.key.call.name()
	obs := &Observation{
		Resource: place, Type: failure.TypeBreaker, Category: failure.CategoryComposite, Severity: failure.High,
		Fingerprint: fingerprint.Composite(failure.TypeBreaker, place.Service+" "+name),
		TraceID:     span.Trace, SpanID: span.ID,
	}
	key := s.keyOf(g, "", obs.Fingerprint)
	if s.incidents[key] != nil || s.full(g) {
		s.Stats.Overflow.Incidents++
		return
	}
	in := s.begin(g, key, obs, s.now, FromBreaker)
	calls, failed := e.breaker.Lately(s.now)
	in.Breaker = &Breaker{Caller: place.Service, Peer: name, Calls: calls, Failed: failed, State: circuit.Open.String(), Call: e.key.call}
	in.see(s.now, s.now, obs)
	in.Count += int64(failed)
	in.edge, e.incident = e, in
	s.await(in, obs)
	s.announceOpening(in)
	for _, affected := range e.affected {
		if s.incidents[affected.key] == affected && affected.calls == e && !affected.mixed {
			s.suppress(affected, in)
		}
	}
}

// name is how people call what is called.
func (c Call) name() string {
	if c.Port == 0 {
		return c.Peer
	}
	return fmt.Sprintf("%s:%d", c.Peer, c.Port)
}

// bind notes which calls a failure is about. One of a broken edge belongs to its incident.
func (s *State) bind(in *Incident, obs *Observation) {
	if s.breakers == nil || in.Origin != FromRecords || in.mixed {
		return
	}
	var e *edge
	if obs.Call.Peer != "" {
		e = s.breakers.edges[edgeKey{s.nodeOf(obs.Resource), obs.Call}]
	}
	if in.calls == nil && in.Count == 1 {
		in.calls = e
	}
	if e == nil || in.calls != e {
		in.mixed = true
		if by := in.suspense.by; by != nil && by.Breaker != nil {
			s.spare(in, "it fails elsewhere as well")
		}
		return
	}
	if len(e.affected) < maxAffected && !slices.Contains(e.affected, in) {
		e.affected = append(e.affected, in)
	}
	if broken := s.incidentOf(e); broken != nil {
		s.suppress(in, broken)
	}
}

// brokenTo gives the incidents of broken edges that lead to a service.
func (s *State) brokenTo(n cascade.Node) []*Incident {
	if s.breakers == nil {
		return nil
	}
	var list []*Incident
	for _, e := range s.breakers.tripped {
		if in := s.incidentOf(e); in != nil && !in.spared && s.cascades.tracker.Callee(e.key.caller, e.key.call.Peer, e.key.call.Port) == n {
			list = append(list, in)
		}
	}
	return list
}

// sweep forgets edges without calls, and ends their incidents.
func (s *State) sweep() {
	if s.breakers == nil || s.now/sweepEvery == s.breakers.swept/sweepEvery {
		return
	}
	s.breakers.swept = s.now
	idle := func(e *edge) bool { return s.now-e.last > edgeIdle }
	for _, e := range s.breakers.tripped {
		if in := s.incidentOf(e); in != nil && idle(e) {
			s.resolve(in, "no calls for "+since(s.now-e.last))
		}
		if idle(e) {
			s.breakers.ended = append(s.breakers.ended, e)
		}
	}
	s.breakers.tripped = slices.DeleteFunc(s.breakers.tripped, idle)
	for key, e := range s.breakers.edges {
		if idle(e) {
			delete(s.breakers.edges, key)
			continue
		}
		e.affected = slices.DeleteFunc(e.affected, func(in *Incident) bool { return s.incidents[in.key] != in })
	}
}
