package incident

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

// Cascade is what an incident is about that stands for failures which come from one another. It is
// never changed, since events share it.
type Cascade struct {
	// Origin is the service that the others fail because of, and Path the way from it to the last one.
	Origin string   `json:"origin"`
	Path   []string `json:"path,omitempty"`
	// ByTime says that only time holds the failures together, and First is the type of the one that began
	// first.
	ByTime bool   `json:"by_time,omitempty"`
	First  string `json:"first,omitempty"`
	// External says that the origin tells nothing of itself.
	External bool `json:"external,omitempty"`
	// Victims are the ids of the incidents that it explains.
	Victims []string `json:"victims,omitempty"`
	// Evidence is what the blame rests on, and Traces in how many traces it was found lately.
	Evidence cascade.Evidence `json:"evidence,omitempty"`
	Traces   int64            `json:"traces"`
	// Share is the share of the origin's requests that fail, as far as the traces tell; Biased says that
	// not all of them told how they were sampled.
	Share  float64 `json:"share,omitempty"`
	Biased bool    `json:"biased,omitempty"`
}

// cascades is what the state knows of failures that come from one another.
type cascades struct {
	tracker *cascade.Tracker
	// places are the resources of services.
	places  map[cascade.Node]*Resource
	origins map[cascade.Node]*origin
	nodes   []cascade.Node
}

// origin is a service that failures come from.
type origin struct {
	node cascade.Node
	// own are its incidents, and affected those of which traces said that they come from it.
	own, affected []*Incident
	// incident is the open cascade, or nil.
	incident *Incident
	// seen is when a trace said last that failures come from it, and trace which.
	seen  int64
	trace [16]byte
}

const (
	// minCascade is how sure the origin of a cascade has to be.
	minCascade = 0.4
	// maxAffected bounds the incidents that are held against one origin, and the ids in an event.
	maxAffected = 256
	maxVictims  = 64
	// widenAfter is how long after an event of a cascade further victims are told.
	widenAfter = int64(time.Minute)
	// forgetOrigin is how long an origin without a cascade is known.
	forgetOrigin = int64(10 * time.Minute)
)

func newCascades(settings *Settings) *cascades {
	if !settings.Cascades.Enabled || !settings.Cascades.Traces || !settings.Incidents {
		return nil
	}
	limits := settings.Cascades.Limits
	limits.Ancestry = settings.Hangs.After > 0
	return &cascades{
		tracker: cascade.New(limits),
		places:  map[cascade.Node]*Resource{}, origins: map[cascade.Node]*origin{},
	}
}

// mark tells the tracker of a failure that was reported in a trace.
func (s *State) mark(in *Incident, obs *Observation) {
	if s.cascades == nil || in == nil || in.Origin != FromRecords || obs.TraceID == [16]byte{} {
		return
	}
	s.cascades.tracker.Mark(s.now, cascade.Mark{Trace: obs.TraceID, Span: obs.SpanID, Service: s.nodeOf(obs.Resource), Key: in.key})
}

// look takes what the traces say that have settled.
func (s *State) look() {
	c := s.cascades
	if c == nil {
		return
	}
	var touched []*origin
	for _, v := range c.tracker.Tick(s.now) {
		for i := range v.Causes {
			if o := c.origins[v.Causes[i].Origin]; o != nil {
				s.blame(o, v.Trace)
			}
		}
		for i := range v.Marks {
			if o := s.enter(&v.Marks[i]); o != nil && !slices.Contains(touched, o) {
				o.seen, o.trace = s.now, v.Trace
				touched = append(touched, o)
			}
		}
	}
	for _, o := range touched {
		s.reconsider(o)
	}
	seen := c.tracker.TakeAncestry()
	s.missAncestors(&seen)
	s.Stats.Traces = c.tracker.Stats
}

// blame notes that a trace named an origin.
func (s *State) blame(o *origin, trace [16]byte) {
	o.seen, o.trace = s.now, trace
	if in := s.cascadeOf(o); in != nil {
		in.lastArrival, in.Last = s.now, s.now
		in.rate.add(s.now)
		in.Count++
	}
}

// enter writes a verdict to the account of its failure, and gives the origin that it names.
func (s *State) enter(m *cascade.Marked) *origin {
	in := s.incidents[m.Key]
	if in == nil || in.Origin != FromRecords || s.cascades.tracker.Unknown(m.Origin) {
		return nil
	}
	in.ledger.Add(s.now, m)
	o := s.cascades.origins[m.Origin]
	if o == nil {
		o = &origin{node: m.Origin}
		s.cascades.origins[m.Origin] = o
	}
	if m.Own {
		o.own = include(o.own, in)
		if in.suspense.until > 0 {
			s.endWait(in) // Nothing explains it.
		}
		return o
	}
	o.affected = include(o.affected, in)
	if first := s.incidents[m.OriginKey]; first != nil {
		o.own = include(o.own, first)
	}
	return o
}

func include(list []*Incident, in *Incident) []*Incident {
	if len(list) >= maxAffected || slices.Contains(list, in) {
		return list
	}
	return append(list, in)
}

// cascadeOf gives the open cascade of an origin, or nil.
func (s *State) cascadeOf(o *origin) *Incident {
	if o.incident != nil && s.incidents[o.incident.key] != o.incident {
		o.incident = nil
	}
	return o.incident
}

// reconsider opens the cascade of an origin where several failures come from it, and holds them
// against it.
func (s *State) reconsider(o *origin) {
	ended := func(in *Incident) bool { return s.incidents[in.key] != in }
	o.own, o.affected = slices.DeleteFunc(o.own, ended), slices.DeleteFunc(o.affected, ended)
	var victims []*Incident
	for _, in := range o.affected {
		if s.victimOf(in, o.node) {
			victims = append(victims, in)
		}
	}
	victims = append(victims, s.brokenTo(o.node)...)
	members := slices.Clone(victims)
	for _, in := range o.own {
		members = include(members, in)
	}
	if len(victims) == 0 || !several(members) {
		return
	}
	suspect := s.cascades.tracker.Suspect(o.node)
	in := s.cascadeOf(o)
	if in == nil {
		if suspect.Confidence < minCascade {
			return
		}
		if in = s.beginCascade(o, &suspect, members); in == nil {
			return
		}
	}
	s.widen(in, &suspect, victims, members)
	for _, victim := range victims {
		s.suppress(victim, in)
	}
}

// victimOf says whether a failure comes from a service: mostly from that one, and seldom from itself.
func (s *State) victimOf(in *Incident, n cascade.Node) bool {
	origin, share := in.ledger.Origin(s.now)
	return origin == n && share >= cascade.VictimShare && !in.spared
}

// several says whether incidents that are told are of several types or services. One alone is no cascade,
// and neither are broken calls and the failures of them.
func several(list []*Incident) bool {
	var first *Incident
	for _, in := range list {
		switch {
		case in.pending || in.Breaker != nil:
		case first == nil:
			first = in
		case in.Type != first.Type || in.Group != first.Group:
			return true
		}
	}
	return false
}

// beginCascade opens the incident of a cascade, or gives nil where there is no room for it.
func (s *State) beginCascade(o *origin, suspect *cascade.Suspect, members []*Incident) *Incident {
	place := s.cascades.places[o.node]
	if place == nil {
		// What tells nothing of itself is told of by the first that it affects.
		g := members[0].Group
		place = &Resource{Values: g.Values, Carried: g.Carried, Service: g.Service}
	}
	g := s.groupOf(place)
	if s.full(g) {
		s.Stats.Overflow.Incidents++
		return nil
	}
	obs := &Observation{
		Resource: place, Type: failure.TypeCascade, Category: failure.CategoryComposite, Severity: failure.Low,
		Confidence: suspect.Confidence, Fingerprint: fingerprint.Composite(failure.TypeCascade, suspect.Name), TraceID: o.trace,
	}
	key := s.keyOf(g, "", obs.Fingerprint)
	if s.incidents[key] != nil {
		return nil
	}
	in := s.begin(g, key, obs, s.now, FromCascade)
	in.see(s.now, s.now, obs)
	in.Count += max(int64(suspect.Traces+0.5), 1)
	in.First = min(in.First, earliest(members))
	in.origin, o.incident = o, in
	return in
}

func earliest(members []*Incident) int64 {
	first := members[0].First
	for _, in := range members {
		first = min(first, in.First)
	}
	return first
}

// widen takes what is known of a cascade now, and announces what is new of it.
func (s *State) widen(in *Incident, suspect *cascade.Suspect, victims, members []*Incident) {
	was := in.Cascade
	now := &Cascade{
		Origin: suspect.Name, Path: suspect.Path, External: suspect.External, Evidence: suspect.Evidence,
		Traces: int64(suspect.Traces + 0.5), Biased: suspect.Biased,
	}
	if suspect.Requests > 0 {
		now.Share = min(suspect.Failures/suspect.Requests, 1)
	}
	for _, victim := range victims[:min(len(victims), maxVictims)] {
		now.Victims = append(now.Victims, victim.ID)
	}
	in.Cascade, in.Confidence = now, suspect.Confidence
	worst := failure.Low
	for _, member := range members {
		worst = max(worst, member.Severity)
	}
	switch {
	case was == nil:
		in.Severity = worst
		s.announceOpening(in)
	case worst > in.Severity:
		s.escalate(in, worst, "a failure of it is "+worst.String())
	default:
		in.widened = in.widened || len(now.Victims) > len(was.Victims)
	}
}

// tickCascade tells of further victims, now and then.
func (s *State) tickCascade(in *Incident) {
	if in.widened && s.now-in.lastSent >= widenAfter {
		in.widened = false
		s.announce(in, failure.EventOngoing, "it spreads")
	}
}

// tickOrigins forgets origins of which nothing is heard.
func (s *State) tickOrigins() {
	if s.cascades == nil {
		return
	}
	for n, o := range s.cascades.origins {
		if s.cascadeOf(o) == nil && s.now-o.seen > forgetOrigin {
			delete(s.cascades.origins, n)
		}
	}
}
