package cascade

// leaf gives where a failure comes from below which nothing failed.
func (a *analysis) leaf(at int32) Blame {
	s := &a.spans[at]
	own := Blame{Origin: s.service, at: at}
	switch {
	case !s.kind.calls():
		if call := a.outlasting(at); call != none {
			return a.slow(call, length(s)-(a.spans[call].start-s.start))
		}
		if !a.directory.nodes[s.service].clientFails {
			// It may not report what becomes of its calls.
			if below := a.silent(at, 0); below.Evidence != Refused {
				return below
			}
		}
		return own
	case s.fault == FaultCaller:
		return own
	}
	answer := a.answer(at)
	if answer == none {
		if callee := a.directory.callee(s.service, s.peer); callee != 0 {
			return Blame{Origin: callee, Evidence: Unanswered, at: at}
		}
		return own
	}
	switch {
	case a.gaveUp(at, answer):
		return a.slow(answer, length(s))
	case s.fault == FaultCallee || !a.directory.nodes[a.spans[answer].service].fails:
		return a.silent(answer, 0)
	}
	return own
}

// gaveUp says whether a call ended before its answer was there. An answer that was waited for takes
// less time than the call. Lengths of time are compared and not times, since clocks of services differ.
func (a *analysis) gaveUp(call, answer int32) bool {
	waited, took := length(&a.spans[call]), length(&a.spans[answer])
	if a.spans[call].fault == FaultTimeout {
		return took >= waited*9/10
	}
	return waited > 0 && took >= waited
}

// silent follows a failed call through a service that reports no failure to the call of it that was
// not answered, or not in time.
func (a *analysis) silent(at int32, depth int) Blame {
	refused := Blame{Origin: a.spans[at].service, Evidence: Refused, at: at}
	if depth >= maxDepth {
		return refused
	}
	for c := a.child[at]; c != none; c = a.sibling[c] {
		s := &a.spans[c]
		if s.service != a.spans[at].service || s.linked || s.kind == Producer {
			continue
		}
		if s.kind != Client {
			if below := a.silent(c, depth+1); below.at != c {
				return below
			}
			continue
		}
		answer := a.answer(c)
		switch {
		case answer != none && a.gaveUp(c, answer):
			return a.slow(answer, length(s))
		case answer == none:
			callee := a.directory.callee(s.service, s.peer)
			if callee != 0 && !a.directory.nodes[callee].external && !a.directory.mute(s.service, s.peer) {
				return Blame{Origin: callee, Evidence: Unanswered, at: c}
			}
		case !a.directory.nodes[a.spans[answer].service].fails:
			if below := a.silent(answer, depth+1); below.Evidence != Refused {
				return below
			}
		}
	}
	return refused
}

// slow follows what was still going on, so long after a span began, down to who was at work then.
func (a *analysis) slow(at int32, after int64) Blame {
	for range maxDepth {
		s := &a.spans[at]
		if !s.kind.calls() {
			next := a.running(at, after)
			if next == none {
				break
			}
			after -= a.spans[next].start - s.start
			at = next
			continue
		}
		answer := a.answer(at)
		if answer == none {
			if callee := a.directory.callee(s.service, s.peer); callee != 0 {
				return Blame{Origin: callee, Evidence: Slow, at: at}
			}
			break
		}
		at = answer
	}
	return Blame{Origin: a.spans[at].service, Evidence: Slow, at: at}
}

// running gives the longest part of a service's work that was going on so long after it began, or none.
// It may have ended a little before, with the call that was given up.
func (a *analysis) running(at int32, after int64) int32 {
	s, longest := &a.spans[at], none
	for c := a.child[at]; c != none; c = a.sibling[c] {
		child := &a.spans[c]
		began, ended := child.start-s.start, child.end-s.start
		if child.service != s.service || child.linked || began > after || ended < after*9/10 || length(child) < after/4 {
			continue
		}
		if longest == none || length(child) > length(&a.spans[longest]) {
			longest = c
		}
	}
	return longest
}

// outlasting gives a call of a service that was not over when the service was, or none: what has no
// time left fails without waiting for it.
func (a *analysis) outlasting(at int32) int32 {
	s := &a.spans[at]
	for c := a.child[at]; c != none; c = a.sibling[c] {
		child := &a.spans[c]
		if child.kind == Client && child.service == s.service && child.end-s.end > length(s)/10 && child.start < s.end {
			return c
		}
	}
	return none
}
