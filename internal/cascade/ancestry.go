package cascade

import "strings"

// Ancestry says of the spans of a trace whether their parents came.
type Ancestry struct {
	// Known are those whose parent came, and Orphans those whose did not.
	Known   []Child
	Orphans []Orphan
}

// Child is an operation of a service.
type Child struct {
	Service   Node
	Operation uint32
}

// Orphan is a span whose parent did not come.
type Orphan struct {
	Child
	Trace        TraceID
	Span, Parent SpanID
	Start, End   int64
	// Name is that of its operation.
	Name string
}

// ancestry notes whether the parents of a trace's spans came, where somebody asks for that.
func (a *analysis) ancestry(tr *trace) {
	if !a.limits.Ancestry {
		return
	}
	for i := range a.spans {
		s := &a.spans[i]
		switch {
		case s.parent == (SpanID{}) || s.linked || s.kind == Consumer: // Nobody waits for it.
		case a.parent[i] != none:
			a.seen.Known = append(a.seen.Known, Child{s.service, s.operation})
		default:
			a.seen.Orphans = append(a.seen.Orphans, Orphan{
				Child: Child{s.service, s.operation}, Trace: tr.id, Span: s.id, Parent: s.parent, Start: s.start, End: s.end,
				Name: a.names[s.operation],
			})
		}
	}
}

// TakeAncestry gives what was noted since the last time.
func (t *Tracker) TakeAncestry() Ancestry {
	seen := t.seen
	t.seen = Ancestry{}
	return seen
}

// noteName keeps the name of an operation. Names that never come back are not to be kept for ever.
func (t *Tracker) noteName(s *Span) {
	if _, known := t.names[s.Operation]; known || !t.limits.Ancestry {
		return
	}
	if len(t.names) >= t.limits.Services {
		t.names = map[uint32]string{}
	}
	t.names[s.Operation] = strings.Clone(s.Name)
}
