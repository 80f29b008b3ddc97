package cascade

// analysis is the room in which one trace is looked at; it is used again for the next.
type analysis struct {
	*Tracker
	spans  []spanEntry
	index  map[SpanID]int32
	parent []int32
	// child and sibling are the first child and the next child of the same parent.
	child, sibling []int32
	found          [][]Blame
	done           []bool
	walked         []int32
	involved       []Node
	pairs          [][2]Node
}

const (
	// learnAll is how many traces teach who answers whom, one and all; of later ones in which nothing
	// failed one of learnSome does.
	learnAll, learnSome = 1_000, 16
)

// analyse looks at a trace.
func (t *Tracker) analyse(tr *trace) {
	weight := float64(max(tr.weight, 1))
	t.countRequests(tr, weight)
	if !tr.failed && !t.limits.Ancestry && t.Stats.Traces > learnAll && t.Stats.Traces%learnSome != 0 {
		return
	}
	a := &t.analysis
	a.Tracker = t
	a.gather(tr)
	a.raise(tr.marks)
	a.connect()
	a.ancestry(tr)
	a.learn()
	a.attachFragments()
	if tr.failed {
		a.judge(tr, weight)
	}
}

// gather copies the spans of a trace, each once.
func (a *analysis) gather(tr *trace) {
	a.spans = a.spans[:0]
	if a.index == nil {
		a.index = map[SpanID]int32{}
	}
	clear(a.index)
	for at := tr.head; at != none; {
		entry := a.Tracker.spans.at(at)
		at = entry.next
		if seen, twice := a.index[entry.id]; twice {
			a.spans[seen].failed = a.spans[seen].failed || entry.failed
			continue
		}
		a.index[entry.id] = int32(len(a.spans))
		a.spans = append(a.spans, *entry)
	}
}

// raise counts a span as failed on which a failure was reported, also where it does not say so itself.
func (a *analysis) raise(marks []Mark) {
	for i := range marks {
		if at, found := a.index[marks[i].Span]; found {
			a.spans[at].failed = true
		}
	}
}

// connect finds parents and children. A loop is cut where it closes.
func (a *analysis) connect() {
	n := len(a.spans)
	a.parent, a.child, a.sibling = fill(a.parent, n), fill(a.child, n), fill(a.sibling, n)
	for i := range a.spans {
		if at, found := a.index[a.spans[i].parent]; found && at != int32(i) {
			a.parent[i] = at
		}
	}
	a.cutLoops()
	// From the last to the first, so that children are in the order in which they came.
	for i := int32(n - 1); i >= 0; i-- {
		if p := a.parent[i]; p != none {
			a.sibling[i], a.child[p] = a.child[p], i
		}
	}
}

// cutLoops walks up from each span until it meets one that was walked over before: on this walk it is
// a loop.
func (a *analysis) cutLoops() {
	walked := a.walked[:0]
	for range a.spans {
		walked = append(walked, none)
	}
	for i := range a.parent {
		for at := int32(i); at != none && walked[at] == none; at = a.parent[at] {
			walked[at] = int32(i)
			if up := a.parent[at]; up != none && walked[up] == int32(i) {
				a.parent[at] = none
			}
		}
	}
	a.walked = walked
}

// attachFragments hangs what lost its parent under the call that it answers: one without an answer of
// its own that took as long, best one to that very service.
func (a *analysis) attachFragments() {
	fragments := 0
	for i := range a.spans {
		if a.parent[i] != none || a.spans[i].parent == (SpanID{}) || a.spans[i].kind.calls() {
			continue
		}
		if fragments++; fragments > maxFragments {
			return
		}
		if to := a.callOf(int32(i)); to != none {
			a.parent[i], a.sibling[i], a.child[to] = to, a.child[to], int32(i)
		}
	}
}

const (
	// maxFragments bounds the fragments of a trace that are put together: of more nothing sure is known.
	maxFragments = 32
	// maxCalls bounds the calls among which that of a fragment is looked for, and maxClimb how far up.
	maxCalls, maxClimb = 256, 64
)

func (a *analysis) callOf(fragment int32) int32 {
	f, best, bestRank, looked := &a.spans[fragment], none, minRank-1, 0
	for i := range a.spans {
		c := &a.spans[i]
		if !c.kind.calls() || a.child[i] != none || c.service == f.service || a.above(fragment, int32(i)) {
			continue
		}
		if looked++; looked > maxCalls {
			break
		}
		rank := a.rank(c, f)
		if rank > bestRank || best != none && rank == bestRank && length(c) < length(&a.spans[best]) {
			best, bestRank = int32(i), rank
		}
	}
	return best
}

// minRank is how well a call and a fragment fit at least: what one says about the other is then at
// least that both failed, or that one lies within the other.
const minRank = 3

// rank says how well a call and a fragment fit. Clocks may differ, so that times alone decide nothing.
func (a *analysis) rank(c, f *spanEntry) int {
	if length(c) < length(f) && !c.failed {
		return 0
	}
	rank := 1
	if a.directory.callee(c.service, c.peer) == f.service {
		rank += 4
	}
	if c.failed && f.failed {
		rank += 2
	}
	if c.start <= f.start && f.start <= c.end {
		rank += 2
		if f.end <= c.end {
			rank++
		}
	}
	return rank
}

// above says whether a span is another one or above it. One that is far below may be.
func (a *analysis) above(upper, lower int32) bool {
	for range maxClimb {
		if lower == upper {
			return true
		}
		if lower = a.parent[lower]; lower == none {
			return false
		}
	}
	return true
}

// learn notes who answers whom, and who reports failures.
func (a *analysis) learn() {
	for i := range a.spans {
		s := &a.spans[i]
		service := &a.directory.nodes[s.service]
		if s.failed {
			service.fails = true
			service.clientFails = service.clientFails || s.kind.calls()
		}
		if s.peer == 0 {
			continue
		}
		if answer := a.answer(int32(i)); answer != none {
			a.directory.learn(s.service, s.peer, a.spans[answer].service)
		} else if !s.failed {
			a.directory.learn(s.service, s.peer, 0)
		}
	}
}

// answer is the span with which another service answers a call, or none.
func (a *analysis) answer(call int32) int32 {
	for c := a.child[call]; c != none; c = a.sibling[c] {
		if a.spans[c].service != a.spans[call].service && !a.spans[c].linked {
			return c
		}
	}
	return none
}

// entry is the span with which the service of a span began its part.
func (a *analysis) entry(at int32) int32 {
	for {
		up := a.parent[at]
		if kind := a.spans[at].kind; up == none || kind == Server || kind == Consumer || a.spans[up].service != a.spans[at].service {
			return at
		}
		at = up
	}
}

func length(s *spanEntry) int64 { return max(s.end-s.start, 0) }

// fill gives a list of a length in which nothing is set.
func fill(list []int32, n int) []int32 {
	list = list[:0]
	for range n {
		list = append(list, none)
	}
	return list
}
