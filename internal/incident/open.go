package incident

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// record takes a failure into its incident, which opens where there is none.
func (s *State) record(g *Group, obs *Observation, eventTime int64) *Incident {
	key := s.keyOf(g, obs.Entity, obs.Fingerprint)
	in := s.incidents[key]
	switch {
	case in == nil && s.full(g):
		return s.recordOverflow(g, obs, eventTime)
	case in == nil:
		in = s.begin(g, key, obs, eventTime, FromRecords)
		in.pending = in.Transient && in.Severity < failure.High
		s.await(in, obs)
		in.count(s.now, eventTime, obs)
		in.noteRecent(eventTime, s.settings.Transient.Count)
		if !in.pending {
			s.announceOpening(in)
		}
	default:
		in.count(s.now, eventTime, obs)
		s.recordAgain(in, obs, eventTime)
	}
	return in
}

func (in *Incident) count(now, eventTime int64, obs *Observation) {
	in.see(now, eventTime, obs)
	in.Count++
}

// recordAgain takes a further record of an open incident.
func (s *State) recordAgain(in *Incident, obs *Observation, eventTime int64) {
	in.noteRecent(eventTime, s.settings.Transient.Count)
	if in.pending && s.lasting(in, obs) {
		in.pending = false
		in.cause(obs)
		s.announceOpening(in)
	}
	if obs.Severity > in.Severity && !in.pending {
		in.cause(obs)
		s.escalate(in, obs.Severity, "a record calls it "+obs.Severity.String())
	}
}

// full says whether a group may have no further incident.
func (s *State) full(g *Group) bool {
	return len(g.incidents) >= s.settings.Limits.GroupIncidents || len(s.incidents) >= s.settings.Limits.Incidents
}

// begin makes an incident. One that ended within the time to regress goes on as the one it was.
func (s *State) begin(g *Group, key Key, obs *Observation, eventTime int64, origin Origin) *Incident {
	policy := s.policies(obs.Rule, obs.Type)
	in := &Incident{
		Origin: origin, Group: g, key: key, Service: obs.Resource.Service,
		Type: obs.Type, Category: obs.Category, Rule: obs.Rule, Entity: obs.Entity, Fingerprint: obs.Fingerprint,
		Severity: obs.Severity, Confidence: obs.Confidence,
		Captures: slices.Clone(obs.Captures), EntityAttributes: slices.Clone(obs.EntityAttributes), Text: obs.Text, Probe: obs.Probe, News: obs.News,
		Version: obs.Resource.Version, Transient: policy.Transient,
		Opened: s.now, First: eventTime, Last: eventTime,
		TraceID: obs.TraceID, SpanID: obs.SpanID,
		status: failure.StatusActive, lastArrival: s.now, resolveAfter: s.quietTime(policy),
	}
	if obs.Sample != nil {
		in.Sample = obs.Sample()
	}
	if former := s.closed.take(key); former != nil {
		s.follow(in, former)
	}
	if in.ID == "" {
		in.ID = s.idOf(g, obs.Entity, obs.Fingerprint)
	}
	s.insert(in)
	return in
}

func (s *State) insert(in *Incident) {
	s.incidents[in.key] = in
	s.noteBreaker(in)
	in.Group.incidents = append(in.Group.incidents, in)
}

// quietTime is the quiet time that ends a failure.
func (s *State) quietTime(p Policy) int64 {
	if p.ResolveAfter > 0 {
		return int64(p.ResolveAfter)
	}
	return int64(s.settings.ResolveAfter)
}

// announceOpening tells of an incident for the first time, or that it came back.
func (s *State) announceOpening(in *Incident) {
	s.countActive(in)
	if in.returned() {
		s.announceReturn(in)
		return
	}
	var evidence []string
	if in.RegressionOf != "" {
		evidence = append(evidence, failure.EvidenceObserved+"the same failure was resolved before as "+in.RegressionOf)
	}
	s.announce(in, failure.EventOpened, "", evidence...)
	s.joinByTime(in)
}

// escalate makes an incident worse.
func (s *State) escalate(in *Incident, to failure.Severity, reason string, evidence ...string) {
	if to <= in.Severity {
		return
	}
	in.Severity = to
	s.countActive(in)
	s.announce(in, failure.EventEscalated, reason, evidence...)
}

// countActive moves an incident to the series of incidents that go on where it now belongs. One that
// waits or is explained is in none: who alarms by the metric is not to be woken by it either.
func (s *State) countActive(in *Incident) {
	if in.counted != nil {
		in.counted.Value--
		in.counted = nil
	}
	if in.active() && !in.hushed() {
		in.counted = s.count(s.Active, in.Group, in.Type, in.Severity.String(), "")
	}
}

// noteRecent keeps the latest event times of a transient failure, in order, as many as its
// announcement asks for.
func (in *Incident) noteRecent(eventTime int64, keep int) {
	if !in.pending {
		in.recent = nil
		return
	}
	i, _ := slices.BinarySearch(in.recent, eventTime)
	in.recent = slices.Insert(in.recent, i, eventTime)
	if len(in.recent) > keep {
		in.recent = slices.Delete(in.recent, 0, 1)
	}
}

// lasting says whether a transient failure has come often enough, or become bad enough, to be announced.
func (s *State) lasting(in *Incident, obs *Observation) bool {
	if obs.Severity >= failure.High {
		return true
	}
	n, within := s.settings.Transient.Count, int64(s.settings.Transient.Within)
	return len(in.recent) >= n && in.recent[len(in.recent)-1]-in.recent[len(in.recent)-n] <= within
}

// since gives a time span as people write it, in whole seconds.
func since(ns int64) string {
	d := time.Duration(ns).Round(time.Second)
	text := d.String()
	if d >= time.Minute && d%time.Minute == 0 {
		text = text[:len(text)-len("0s")]
		if d >= time.Hour && d%time.Hour == 0 {
			text = text[:len(text)-len("0m")]
		}
	}
	return text
}
