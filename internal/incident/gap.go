package incident

// bridge goes on after a time in which nobody listened, as after a restart: what was open is not quiet for
// that, since nobody heard whether it was.
func (s *State) bridge(gap int64) {
	for _, g := range s.groupList {
		for _, in := range g.incidents {
			in.lastArrival += gap
			if in.clearedAt > 0 {
				in.clearedAt += gap
			}
		}
	}
	if s.breakers != nil {
		for _, e := range s.breakers.edges {
			e.last += gap
		}
	}
	s.hangs.forget()
}

// forget lets go of what is waited for: it may have come while nobody listened.
func (h *hangs) forget() {
	if h == nil {
		return
	}
	h.missing, h.queue = map[spanKey]*ancestor{}, nil
	h.stages, h.stageQueue = map[[16]byte]*stage{}, nil
}
