package cascade

import "slices"

// Evidence is what a blame rests on.
type Evidence uint8

// The kinds of evidence, the surest first.
const (
	// Reported is a failure that the origin itself reported.
	Reported Evidence = iota
	// Slow is a call that was given up while the origin was still at work.
	Slow
	// Unanswered is a call to the origin of which the origin knows nothing.
	Unanswered
	// Refused is a call that failed although the origin reports no failure.
	Refused
)

// trust is how much a blame counts, by its evidence.
var trust = [...]float64{Reported: 1, Slow: 0.95, Unanswered: 0.9, Refused: 0.85}

// Blame says where a failure comes from.
type Blame struct {
	Origin   Node
	Evidence Evidence
	// at is the span on which the blame rests.
	at int32
}

const (
	// maxOrigins bounds the origins of one failure in one trace.
	maxOrigins = 4
	// maxDepth bounds how deep a trace is followed. Real ones are shallower.
	maxDepth = 1_000
	// maxRetries bounds the siblings among which a retry is looked for.
	maxRetries = 64
)

// origins gives where the failure of a span comes from: the deepest failures below it.
func (a *analysis) origins(at int32, depth int) []Blame {
	if a.done[at] {
		return a.found[at]
	}
	a.done[at] = true
	var found []Blame
	if depth < maxDepth {
		for _, cause := range a.causes(at, at, depth, nil) {
			for _, blame := range a.origins(cause, depth+1) {
				found = join(found, blame)
			}
		}
	}
	if len(found) == 0 {
		found = []Blame{a.leaf(at)}
	}
	a.found[at] = found
	return found
}

func join(list []Blame, blame Blame) []Blame {
	same := func(b Blame) bool { return b.Origin == blame.Origin }
	if len(list) >= maxOrigins || slices.ContainsFunc(list, same) {
		return list
	}
	return append(list, blame)
}

// causes gathers the failed spans nearest below a span that its failure may come from. It goes through
// what reports no failure of its own.
func (a *analysis) causes(failed, at int32, depth int, list []int32) []int32 {
	if depth >= maxDepth {
		return list
	}
	for c := a.child[at]; c != none; c = a.sibling[c] {
		switch {
		case a.spans[c].failed:
			if !a.recovered(c) && !a.tolerates(failed, c) {
				list = append(list, c)
			}
		case a.bridged(at, c):
			list = a.causes(failed, c, depth+1, list)
		}
	}
	return list
}

// bridged says whether a failure may have passed through a span that does not report it.
func (a *analysis) bridged(parent, child int32) bool {
	p, c := &a.spans[parent], &a.spans[child]
	switch {
	case c.linked:
		return false // Nobody waits for who follows.
	case p.service != c.service:
		return true
	case c.kind == Producer:
		return false
	case c.kind == Client:
		// A service that reports failures of its calls has said that this one was good.
		return !a.directory.nodes[c.service].clientFails
	default:
		return true
	}
}

// recovered says whether a failed call was made again and was good then.
func (a *analysis) recovered(at int32) bool {
	s := &a.spans[at]
	up := a.parent[at]
	if !s.kind.calls() || up == none {
		return false
	}
	looked := 0
	for c := a.child[up]; c != none && looked < maxRetries; c = a.sibling[c] {
		looked++
		again := &a.spans[c]
		if !again.failed && again.kind == s.kind && again.peer == s.peer && again.operation == s.operation && again.start >= s.end {
			return true
		}
	}
	return false
}

// tolerates says whether a failed span belongs to an operation that is known to live with the failed
// call below it.
func (a *analysis) tolerates(failed, call int32) bool {
	f, c := &a.spans[failed], &a.spans[call]
	if !c.kind.calls() || f.kind.calls() || f.service != c.service {
		return false
	}
	key, known := a.edge(call)
	return known && a.edges.tolerated(a.now, key)
}

// edge gives the edge that a call belongs to.
func (a *analysis) edge(call int32) (edge, bool) {
	c := &a.spans[call]
	callee := Node(0)
	if answer := a.answer(call); answer != none {
		callee = a.spans[answer].service
	} else if c.peer != 0 {
		callee = a.directory.callee(c.service, c.peer)
	}
	entry := a.entry(call)
	return edge{caller: c.service, operation: a.spans[entry].operation, callee: callee}, entry != call && callee != 0
}

// learnEdges notes which failed calls made their callers fail.
func (a *analysis) learnEdges() {
	for i := range a.spans {
		call := int32(i)
		if s := &a.spans[i]; !s.failed || !s.kind.calls() || a.recovered(call) {
			continue
		}
		key, known := a.edge(call)
		if !known {
			continue
		}
		entry := a.entry(call)
		up := a.parent[entry]
		a.edges.learn(a.now, key, a.spans[entry].failed || up != none && a.spans[up].failed)
	}
}
