package incident

// saveSuspense saves what an incident has to do with others. What its trace would say is not known
// after a restart, so a wait is not saved: it ends then.
func (s *State) saveSuspense(in *Incident, saved *incidentSnapshot) {
	if in.suspense.by != nil {
		saved.SuppressedBy = in.SuppressedBy
	}
	saved.Spared, saved.Cascade = in.spared, in.Cascade
	if in.origin != nil && s.cascades != nil {
		saved.OriginKey = s.cascades.tracker.Key(in.origin.node)
	}
}

func (s *State) restoreSuspense(in *Incident, saved *incidentSnapshot) {
	in.SuppressedBy, in.spared, in.Cascade = saved.SuppressedBy, saved.Spared, saved.Cascade
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

// rejoin finds the cascades that explain incidents. One that is gone explains nothing.
func (s *State) rejoin() {
	byID := map[string]*Incident{}
	for _, in := range s.incidents {
		if in.Cascade != nil && !in.Cascade.ByTime {
			byID[in.ID] = in
		}
	}
	for _, in := range s.incidents {
		if in.SuppressedBy == "" {
			continue
		}
		if in.suspense.by = byID[in.SuppressedBy]; in.suspense.by == nil {
			in.SuppressedBy = ""
		}
	}
}
