package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/fingerprint"
)

// Hangs say when a task counts as hanging.
type Hangs struct {
	// After is how long an ancestor may not come, or a stage may not change; 0 is no look for hangs.
	After time.Duration
	// Bounds are how long spans may take, by name. For others it is learnt.
	Bounds map[string]time.Duration
}

// hangs are the tasks that are watched.
type hangs struct {
	limit int
	// missing are the ancestors that did not come yet, and queue has them in the order in which they
	// were missed first, with some that came since.
	missing map[spanKey]*ancestor
	queue   []*ancestor
	// usual says how often ancestors of an operation come, and lengths how long it takes.
	usual   map[operation]*ancestry
	lengths map[operation]*lengths
	// stages are where tasks are, in the order in which they were heard of first.
	stages     map[[16]byte]*stage
	stageQueue []*stage
}

type spanKey struct {
	trace [16]byte
	span  [8]byte
}

type operation struct {
	service cascade.Node
	name    uint32
}

// ancestor is a span that others name as their parent.
type ancestor struct {
	key   spanKey
	child cascade.Orphan
	// first and last are when its children began and ended, on their clock; seen is when the last came.
	first, last, seen int64
	// due is when it is looked at, at the earliest.
	due  int64
	came bool
}

// ancestry counts the parents of an operation that came, and those that did not.
type ancestry struct{ came, lost int64 }

// lengths is how long an operation takes.
type lengths struct {
	n       int64
	longest int64
}

// stage is where a task is.
type stage struct {
	trace        [16]byte
	span, parent [8]byte
	service      cascade.Node
	task, value  string
	since        int64
	told         bool
}

const (
	// enoughAncestors is how many parents of an operation must have come before one is missed.
	enoughAncestors = 5
	// usuallyCome is the share of them that must, where the children of one show that it lasts.
	usuallyCome = 0.9
	// lasting is how far apart children are of an ancestor that lasts. Of a short one that does not come
	// the span was probably lost, and where that ever happened, it does not count.
	lasting = int64(30 * time.Second)
	// enoughLengths is how many spans say how long an operation takes, tooLong how many times as long as
	// the longest is remarkable, and leastBound what is not in any case.
	enoughLengths, tooLong = 100, 10
	leastBound             = int64(time.Minute)
)

func newHangs(settings *Settings) *hangs {
	if settings.Hangs.After == 0 || !settings.Incidents || !settings.Cascades.Enabled || !settings.Cascades.Traces {
		return nil
	}
	return &hangs{
		limit: settings.Cascades.Limits.Traces, missing: map[spanKey]*ancestor{}, usual: map[operation]*ancestry{},
		lengths: map[operation]*lengths{}, stages: map[[16]byte]*stage{},
	}
}

// watch looks at a span that came.
func (s *State) watch(span *cascade.Span) {
	h := s.hangs
	if h == nil || s.cascades.tracker.Unknown(span.Service) {
		return
	}
	if waiting := h.missing[spanKey{span.Trace, span.ID}]; waiting != nil {
		waiting.came = true
		delete(h.missing, waiting.key)
		h.ancestryOf(waiting.child.Service, waiting.child.Operation).came++
	}
	s.watchLength(span)
	s.watchStage(span)
}

// watchLength looks for a span that took longer than its bound.
func (s *State) watchLength(span *cascade.Span) {
	took := span.End - span.Start
	key := operation{span.Service, span.Operation}
	l := s.hangs.lengths[key]
	if l == nil {
		if len(s.hangs.lengths) >= s.hangs.limit {
			s.hangs.lengths = map[operation]*lengths{} // Names that never come back are not to fill it for ever.
		}
		l = &lengths{}
		s.hangs.lengths[key] = l
	}
	bound, configured := s.settings.Hangs.Bounds[span.Name]
	limit := int64(bound)
	if !configured && l.n >= enoughLengths {
		limit = max(tooLong*l.longest, leastBound)
	}
	if limit > 0 && took > limit {
		s.hang(span.Service, span.Trace, span.ID, span.End, span.Name, span.Stage,
			fmt.Sprintf("%s took %s, which is longer than %s.", nameOfTask(span.Name), since(took), since(limit)))
	}
	l.n++
	// One that takes far longer makes the bound wider, but not at once.
	l.longest = max(l.longest, min(took, max(2*l.longest, int64(time.Second))))
}

// watchStage notes where a task is. It is over when the span above its stages comes.
func (s *State) watchStage(span *cascade.Span) {
	h := s.hangs
	if span.Stage == "" || span.Parent == (cascade.SpanID{}) {
		return
	}
	st := h.stages[span.Trace]
	if st == nil {
		if len(h.stages) >= h.limit {
			s.Stats.Overflow.Tasks++
			return
		}
		st = &stage{trace: span.Trace}
		h.stages[st.trace] = st
		h.stageQueue = append(h.stageQueue, st)
	}
	st.span, st.parent, st.service = span.ID, span.Parent, span.Service
	if st.value != span.Stage {
		st.task, st.value, st.since, st.told = strings.Clone(span.Name), strings.Clone(span.Stage), s.now, false
	}
}

// missAncestors notes the parents that the spans of a trace name and that did not come.
func (s *State) missAncestors(seen *cascade.Ancestry) {
	h := s.hangs
	if h == nil {
		return
	}
	for _, known := range seen.Known {
		h.ancestryOf(known.Service, known.Operation).came++
	}
	for _, orphan := range seen.Orphans {
		key := spanKey{orphan.Trace, orphan.Parent}
		if s.cascades.tracker.Unknown(orphan.Service) {
			continue
		}
		if waiting := h.missing[key]; waiting != nil {
			waiting.first, waiting.last, waiting.seen = min(waiting.first, orphan.Start), max(waiting.last, orphan.End), s.now
			continue
		}
		if len(h.missing) >= h.limit {
			s.Stats.Overflow.Tasks++
			continue
		}
		waiting := &ancestor{key: key, child: orphan, first: orphan.Start, last: orphan.End, seen: s.now, due: s.now + int64(s.settings.Hangs.After)}
		h.missing[key] = waiting
		h.queue = append(h.queue, waiting)
	}
}

func (h *hangs) ancestryOf(service cascade.Node, name uint32) *ancestry {
	key := operation{service, name}
	a := h.usual[key]
	if a == nil {
		if len(h.usual) >= h.limit {
			h.usual = map[operation]*ancestry{}
		}
		a = &ancestry{}
		h.usual[key] = a
	}
	return a
}

// tickHangs tells of what did not come, and of what does not go on.
func (s *State) tickHangs() {
	h := s.hangs
	if h == nil {
		return
	}
	after := int64(s.settings.Hangs.After)
	s.tickStages(after) // Before their ancestors are given up.
	for len(h.queue) > 0 && (h.queue[0].came || s.now >= h.queue[0].due) {
		waiting := h.queue[0]
		h.queue[0] = nil
		h.queue = h.queue[1:]
		switch {
		case waiting.came:
		case s.now-waiting.seen < after:
			waiting.due = waiting.seen + after // Children still come.
			h.queue = append(h.queue, waiting)
		default:
			delete(h.missing, waiting.key)
			s.missAncestor(waiting)
		}
	}
}

// tickStages tells of tasks that stay where they are.
func (s *State) tickStages(after int64) {
	h := s.hangs
	h.stageQueue = slices.DeleteFunc(h.stageQueue, func(st *stage) bool {
		if s.now-st.since < after {
			return false
		}
		if h.missing[spanKey{st.trace, st.parent}] == nil {
			delete(h.stages, st.trace)
			return true
		}
		if !st.told {
			st.told = true
			s.hang(st.service, st.trace, st.span, s.now, st.task, st.value,
				fmt.Sprintf("A task has not gone on from stage %s for %s.", st.value, since(s.now-st.since)))
		}
		return false
	})
}

// missAncestor tells of an ancestor that did not come, where such usually do.
func (s *State) missAncestor(waiting *ancestor) {
	usual := s.hangs.ancestryOf(waiting.child.Service, waiting.child.Operation)
	share := float64(usual.came) / float64(max(usual.came+usual.lost, 1))
	lasts := waiting.last-waiting.first >= lasting
	missed := usual.came >= enoughAncestors && (usual.lost == 0 || lasts && share >= usuallyCome)
	usual.lost++
	if !missed {
		return
	}
	name := waiting.child.Name
	s.hang(waiting.child.Service, waiting.key.trace, waiting.child.Span, waiting.last, name, s.stageOf(waiting.key.trace),
		fmt.Sprintf("What waits for %s has not ended %s after that came.", nameOfTask(name), since(s.now-waiting.seen)))
}

// hang counts a hanging task like a failure that a record tells of.
func (s *State) hang(service cascade.Node, trace [16]byte, span [8]byte, at int64, task, where, text string) {
	place := s.cascades.places[service]
	obs := &Observation{
		Kind: Failure, Signal: Traces, Resource: place, Time: at, Type: failure.TypeHang, Category: failure.CategoryHang,
		Severity: failure.High, Confidence: hangConfidence, Fingerprint: fingerprint.Composite(failure.TypeHang, task),
		TraceID: trace, SpanID: span, Text: text, Captures: []Attribute{{Key: "task", Value: task}},
	}
	if where != "" {
		obs.Captures = append(obs.Captures, Attribute{Key: "stage", Value: where})
	}
	s.revision++
	s.apply(obs)
}

// hangConfidence is how sure a hang is: a span that was lost looks the same.
const hangConfidence = 0.7

// stageOf gives where a task is, as far as is known.
func (s *State) stageOf(trace [16]byte) string {
	if st := s.hangs.stages[trace]; st != nil {
		return st.value
	}
	return ""
}

func nameOfTask(name string) string {
	if name == "" {
		return "an unnamed span"
	}
	return name
}
