package cascade

// Verdict is what was found out about one trace in which something failed.
type Verdict struct {
	Trace TraceID
	// Causes are where its failures come from.
	Causes []Cause
	// Marks are the failures that were reported in it and could be found in it.
	Marks []Marked
}

// Cause is one origin of a trace's failures.
type Cause struct {
	Blame
	// Path has the services from the origin to the last one that it made fail.
	Path []Node
}

// Marked is a failure that was reported, with what it comes from.
type Marked struct {
	Mark
	Blame
	// Own says that nothing below it failed: it is itself the origin.
	Own bool
	// OriginKey is the failure that was reported on the origin's span, where one was.
	OriginKey [16]byte
}

// maxPath bounds the services of a path.
const maxPath = 16

// judge finds the origins of all failures of a trace.
func (a *analysis) judge(tr *trace, weight float64) {
	n := len(a.spans)
	a.done, a.found = a.done[:0], a.found[:0]
	for range n {
		a.done, a.found = append(a.done, false), append(a.found, nil)
	}
	a.learnEdges()
	v := Verdict{Trace: tr.id}
	for i := range a.spans {
		if !a.spans[i].failed {
			continue
		}
		for _, blame := range a.origins(int32(i), 0) {
			a.addCause(&v, blame, int32(i))
		}
	}
	if len(v.Causes) == 0 {
		return
	}
	a.tallyTrace(&v, weight, tr.weight > 0)
	for i := range tr.marks {
		if m, found := a.marked(tr.marks, i); found {
			v.Marks = append(v.Marks, m)
		}
	}
	a.verdicts = append(a.verdicts, v)
}

// addCause takes the origin of a span's failure, and keeps the longest way from one to the other.
func (a *analysis) addCause(v *Verdict, blame Blame, failed int32) {
	at := -1
	for i := range v.Causes {
		if v.Causes[i].Origin == blame.Origin {
			at = i
		}
	}
	if at < 0 {
		if len(v.Causes) >= 2*maxOrigins {
			return
		}
		at = len(v.Causes)
		v.Causes = append(v.Causes, Cause{Blame: blame})
	}
	if path := a.path(blame, failed); len(path) > len(v.Causes[at].Path) {
		v.Causes[at].Path = path
	}
}

// path gives the services from an origin up to a span that failed because of it.
func (a *analysis) path(blame Blame, failed int32) []Node {
	path := []Node{blame.Origin}
	for at := blame.at; at != none && len(path) < maxPath; at = a.parent[at] {
		if service := a.spans[at].service; service != path[len(path)-1] {
			path = append(path, service)
		}
		if at == failed {
			break
		}
	}
	return path
}

// marked finds out what a reported failure comes from.
func (a *analysis) marked(marks []Mark, i int) (Marked, bool) {
	m := Marked{Mark: marks[i]}
	at := a.spanOf(&m.Mark)
	if at == none || !a.spans[at].failed {
		return m, false
	}
	for _, blame := range a.origins(at, 0) {
		key := a.keyOn(marks, blame)
		if blame.Origin == m.Service && (key == [16]byte{} || key == m.Key) {
			m.Own, m.Blame, m.OriginKey = true, blame, m.Key
			return m, true
		}
		if m.Origin == 0 {
			m.Blame, m.OriginKey = blame, key
		}
	}
	return m, true
}

// spanOf gives the span that a failure was reported on. Where it did not come, the first failed one of
// the service stands in.
func (a *analysis) spanOf(m *Mark) int32 {
	if at, found := a.index[m.Span]; found {
		return at
	}
	for i := range a.spans {
		if a.spans[i].failed && a.spans[i].service == m.Service {
			return int32(i)
		}
	}
	return none
}

// keyOn gives the failure that the origin reported on the span on which a blame rests.
func (a *analysis) keyOn(marks []Mark, blame Blame) [16]byte {
	for i := range marks {
		if marks[i].Span == a.spans[blame.at].id && marks[i].Service == blame.Origin {
			return marks[i].Key
		}
	}
	return [16]byte{}
}
