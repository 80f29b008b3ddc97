package incident

// saveSuspense saves what an incident has to do with others. What its trace would say is not known
// after a restart, so a wait is not saved: it ends then.
func (s *State) saveSuspense(in *Incident, saved *incidentSnapshot) {
	if in.suspense.by != nil {
		saved.SuppressedBy = in.SuppressedBy
	}
	saved.Spared, saved.Cascade = in.spared, in.Cascade
	saved.Breaker, saved.Missing, saved.News = in.Breaker, in.Missing, in.News
	if in.edge != nil && s.cascades != nil {
		saved.OriginKey = s.cascades.tracker.Key(in.edge.key.caller)
	}
	if in.origin != nil && s.cascades != nil {
		saved.OriginKey = s.cascades.tracker.Key(in.origin.node)
	}
}

func (s *State) restoreSuspense(in *Incident, saved *incidentSnapshot) {
	in.SuppressedBy, in.spared, in.Cascade, in.News = saved.SuppressedBy, saved.Spared, saved.Cascade, saved.News
	if in.Breaker = saved.Breaker; in.Breaker != nil {
		s.restoreBreaker(in, saved)
	}
	if in.Missing = saved.Missing; in.Missing != nil {
		s.restoreSilence(in)
	}
	if in.Cascade == nil || in.Cascade.ByTime || s.cascades == nil {
		return
	}
	node := s.cascades.tracker.External(in.Cascade.Origin)
	if saved.OriginKey != "" {
		node = s.cascades.tracker.Service(saved.OriginKey, in.Cascade.Origin)
	}
	if !s.cascades.tracker.Unknown(node) {
		in.origin = &origin{node: node, incident: in, seen: in.lastArrival}
		s.cascades.origins[node] = in.origin
	}
}

// restoreBreaker goes on with broken calls. Without the duty their incident ends when it is quiet.
func (s *State) restoreBreaker(in *Incident, saved *incidentSnapshot) {
	if s.breakers == nil || saved.OriginKey == "" {
		return
	}
	caller := s.cascades.tracker.Service(saved.OriginKey, in.Breaker.Caller)
	if s.cascades.tracker.Unknown(caller) {
		return
	}
	e := s.edge(edgeKey{caller, in.Breaker.Call})
	if e == nil || e.incident != nil {
		return
	}
	if s.cascades.places[caller] == nil {
		g := in.Group
		s.cascades.places[caller] = &Resource{Values: g.Values, Carried: g.Carried, Service: in.Breaker.Caller}
	}
	e.breaker.Reopen(s.now)
	e.last, e.incident, e.tripped, e.group = s.now, in, true, in.Group
	in.edge = e
	s.breakers.tripped = append(s.breakers.tripped, e)
}

// restoreSilence waits further for records. Other sources are not missed before they sent for an hour.
func (s *State) restoreSilence(in *Incident) {
	if s.sources == nil {
		return
	}
	if in.Missing.Signal == "" {
		s.sources.nothing, s.sources.last = in, in.Missing.Since
		return
	}
	signal := Logs
	if in.Missing.Signal == signalNames[Traces] {
		signal = Traces
	}
	r := &Resource{Values: in.Group.Values, Carried: in.Group.Carried, Service: in.Service}
	if src := s.sourceOf(r, signal); src != nil && src.incident == nil {
		src.incident, src.last = in, in.lastArrival // Time in which nobody listened is not in it.
	}
}

// rejoin finds the incidents that explain incidents. One that is gone explains nothing.
func (s *State) rejoin() {
	byID := map[string]*Incident{}
	for _, in := range s.incidents {
		if in.Breaker != nil || in.Cascade != nil && !in.Cascade.ByTime {
			byID[in.ID] = in
		}
	}
	for _, in := range s.incidents {
		if in.SuppressedBy == "" {
			continue
		}
		if in.suspense.by = byID[in.SuppressedBy]; in.suspense.by == nil {
			in.SuppressedBy = ""
		} else {
			in.calls = in.suspense.by.edge
			s.countActive(in)
		}
	}
}
