package cascade

import "time"

// Limits bound what a tracker keeps.
type Limits struct {
	// Traces and Spans are how many are put together at once.
	Traces, Spans int
	// TraceSpans is how many spans of one trace are.
	TraceSpans int
	// Services is how many services and peers are told apart.
	Services int
	// Settle is how long after its last span a trace is looked at, and Longest how long after its first
	// it is in any case.
	Settle, Longest time.Duration
	// Ancestry says that somebody asks whether the parents of spans came.
	Ancestry bool
}

// NewDefaultLimits gives the limits that the documentation names.
func NewDefaultLimits() Limits {
	return Limits{
		Traces: 50_000, Spans: 500_000, TraceSpans: 2_000, Services: 10_000,
		Settle: 10 * time.Second, Longest: time.Minute,
	}
}

// Stats count what a tracker did.
type Stats struct {
	// Traces counts those that were looked at, Failed those of them in which something failed.
	Traces, Failed int64
	// Early counts traces that were looked at before their time for want of room, Spans the spans that
	// were left out of theirs, Services those of services that are not told apart.
	Early, Spans, Services int64
}

// Tracker puts traces together and finds out what failed first in them.
type Tracker struct {
	// Stats only rise.
	Stats Stats

	limits Limits
	now    int64

	spans  slab[spanEntry]
	traces slab[trace]
	byID   map[TraceID]int32
	// oldest and newest end the list of traces, in the order in which they were last heard of.
	oldest, newest int32

	directory directory
	edges     edges
	analysis  analysis
	verdicts  []Verdict
	seen      Ancestry
	// names are those of operations, kept where somebody asks for ancestors.
	names map[uint32]string
}

// spanEntry is a span in its trace.
type spanEntry struct {
	id, parent SpanID
	start, end int64
	service    Node
	// peer is the hash of the name that a call goes to.
	peer      uint64
	operation uint32
	next      int32
	kind      Kind
	fault     Fault
	failed    bool
	linked    bool
}

// trace is a trace that is put together, with those that it is linked to.
type trace struct {
	id TraceID
	// others are the ids of linked traces.
	others       []TraceID
	head, tail   int32
	size         int32
	older, newer int32
	first, last  int64
	weight       float32
	failed       bool
	marks        []Mark
}

// Mark says that a failure was reported on a span. The tracker hands it back with its verdict.
type Mark struct {
	Trace   TraceID
	Span    SpanID
	Service Node
	// Key identifies the failure, whatever span it is reported on.
	Key [16]byte
}

const (
	// maxMarks bounds the failures of one trace that are told apart.
	maxMarks = 64
	// maxSettled bounds the traces that are looked at in one go, so that nobody waits long for it.
	maxSettled = 5_000
	// maxLinked bounds the traces that are looked at together.
	maxLinked = 8
)

// New makes a tracker.
func New(limits Limits) *Tracker {
	return &Tracker{
		limits: limits, byID: map[TraceID]int32{}, oldest: none, newest: none,
		directory: newDirectory(limits.Services), edges: newEdges(limits.Services), names: map[uint32]string{},
	}
}

// Service gives the node of a service. The key tells it apart, the name is what people call it.
func (t *Tracker) Service(key, name string) Node { return t.directory.service(key, name) }

// External gives the node of what is only called, by its name; 0 where there is no room.
func (t *Tracker) External(name string) Node { return t.directory.only(name) }

// Key gives the key of a service, "" for what is only called.
func (t *Tracker) Key(n Node) string { return t.directory.nodes[n].key }

// Callee gives who answers a name that a service calls; 0 is nobody that is known.
func (t *Tracker) Callee(caller Node, name string, port uint16) Node {
	return t.directory.callee(caller, hashOf(name)+uint64(port))
}

// Gathers says whether a trace is still put together.
func (t *Tracker) Gathers(id TraceID) bool {
	_, known := t.byID[id]
	return known
}

// Unknown says whether a node is none that could be named.
func (*Tracker) Unknown(n Node) bool { return n <= overflowNode }

// Name gives what people call a node.
func (t *Tracker) Name(n Node) string { return t.directory.nodes[n].name }

// Add takes spans that arrive at a time.
func (t *Tracker) Add(now int64, spans []Span) {
	t.now = max(t.now, now)
	current := none
	for i := range spans {
		s := &spans[i]
		if s.Trace == (TraceID{}) || s.ID == (SpanID{}) {
			t.Stats.Spans++
			continue
		}
		if current == none || t.traces.at(current).id != s.Trace {
			current = t.touch(s.Trace)
		}
		if s.Link.Trace != (TraceID{}) && s.Link.Trace != s.Trace {
			t.link(current, s.Link.Trace)
		}
		t.addSpan(current, s)
	}
}

// Mark notes a failure that was reported on a span, which may be still to come.
func (t *Tracker) Mark(now int64, mark Mark) {
	t.now = max(t.now, now)
	tr := t.traces.at(t.touch(mark.Trace))
	tr.failed = true
	if len(tr.marks) < maxMarks {
		tr.marks = append(tr.marks, mark)
	}
}

func (t *Tracker) addSpan(at int32, s *Span) {
	tr := t.traces.at(at)
	tr.failed = tr.failed || s.Failed
	tr.weight = max(tr.weight, s.Weight)
	if int(tr.size) >= t.limits.TraceSpans {
		t.Stats.Spans++
		return
	}
	for t.spans.used() >= t.limits.Spans {
		t.Stats.Early++
		if t.oldest == at && tr.older == none && tr.newer == none {
			t.Stats.Spans++ // It is the only one, and has all the room there is.
			return
		}
		t.settle(t.eldest(at))
	}
	t.noteName(s)
	index := t.spans.take()
	*t.spans.at(index) = spanEntry{
		id: s.ID, parent: s.Parent, start: s.Start, end: s.End, service: s.Service, peer: t.directory.peer(s.Service, s.Peer, s.Port),
		operation: s.Operation, next: none, kind: s.Kind, fault: s.Fault, failed: s.Failed,
	}
	if s.Parent == (SpanID{}) && s.Link.Span != (SpanID{}) {
		entry := t.spans.at(index)
		entry.parent, entry.linked = s.Link.Span, true
	}
	if tr.tail == none {
		tr.head = index
	} else {
		t.spans.at(tr.tail).next = index
	}
	tr.tail = index
	tr.size++
}

// eldest gives the trace that was heard of longest ago, other than one.
func (t *Tracker) eldest(but int32) int32 {
	if t.oldest != but {
		return t.oldest
	}
	return t.traces.at(but).newer
}

// touch gives a trace, which begins where it is not known, and notes that it was heard of now.
func (t *Tracker) touch(id TraceID) int32 {
	if at, known := t.byID[id]; known {
		tr := t.traces.at(at)
		if t.now-tr.first < int64(t.limits.Longest) {
			if tr.last != t.now {
				t.unlist(at)
				t.list(at)
			}
			return at
		}
		t.settle(at)
	}
	if t.traces.used() >= t.limits.Traces {
		t.Stats.Early++
		t.settle(t.oldest)
	}
	at := t.traces.take()
	tr := t.traces.at(at)
	*tr = trace{id: id, head: none, tail: none, first: t.now, marks: tr.marks[:0], others: tr.others[:0]}
	t.byID[id] = at
	t.list(at)
	return at
}

// Tick looks at the traces that have settled, and gives the verdicts on those in which something
// failed. They are good until the next call.
func (t *Tracker) Tick(now int64) []Verdict {
	t.now = max(t.now, now)
	for range maxSettled {
		if t.oldest == none || t.now-t.traces.at(t.oldest).last < int64(t.limits.Settle) {
			break
		}
		t.settle(t.oldest)
	}
	t.Stats.Services = t.directory.refused
	verdicts := t.verdicts
	t.verdicts = nil
	return verdicts
}

// Idle says that no trace is put together, and none waits to be told of.
func (t *Tracker) Idle() bool { return t.oldest == none && len(t.verdicts) == 0 }

// settle looks at a trace and forgets it.
func (t *Tracker) settle(at int32) {
	tr := t.traces.at(at)
	t.Stats.Traces++
	if tr.failed {
		t.Stats.Failed++
	}
	t.analyse(tr)
	for index := tr.head; index != none; {
		next := t.spans.at(index).next
		t.spans.free(index)
		index = next
	}
	delete(t.byID, tr.id)
	for _, id := range tr.others {
		delete(t.byID, id)
	}
	t.unlist(at)
	t.traces.free(at)
}
