package incident

import (
	"hash/maphash"
	"time"
)

const (
	// onceTurn is how long a generation of the window lasts. What arrives within it of the first
	// record of its trace is joined for certain; spans of one request arrive within seconds.
	onceTurn = int64(5 * time.Minute)
	// maxSpans is how many spans of one failure in one trace are told apart. A trace that repeats an
	// exception on more of them has counted it already.
	maxSpans = 64
)

// once counts a failure that several records of a trace report as one: per trace, service and
// fingerprint the count is the largest number seen on one span in one signal.
//
// It is a window of two generations: when one is full or old, the one before it is forgotten.
type once struct {
	limit    int
	seed     maphash.Seed
	since    int64
	current  map[onceKey]*onceEntry
	previous map[onceKey]*onceEntry
	// forgotten counts what was dropped before its time.
	forgotten int64
}

type onceKey struct {
	trace                [16]byte
	service, fingerprint uint64
}

type onceEntry struct {
	counted int32
	spans   []onceSpan
}

type onceSpan struct {
	span   [8]byte
	signal Signal
	seen   int32
}

func newOnce(limit int) once {
	return once{limit: max(limit/2, 1), seed: maphash.MakeSeed(), current: map[onceKey]*onceEntry{}}
}

// add says whether an observation is a failure that was not counted yet.
func (o *once) add(now int64, obs *Observation) bool {
	if obs.TraceID == [16]byte{} {
		return true
	}
	o.turn(now)
	entry := o.entry(onceKey{
		trace:       obs.TraceID,
		service:     maphash.String(o.seed, obs.Resource.Namespace) ^ maphash.String(o.seed, obs.Resource.Service+"\x1f"),
		fingerprint: maphash.String(o.seed, obs.Fingerprint),
	})
	seen := entry.see(obs.SpanID, obs.Signal)
	if seen <= entry.counted {
		return false
	}
	entry.counted = seen
	return true
}

func (o *once) turn(now int64) {
	full := len(o.current) >= o.limit
	if !full && now-o.since < onceTurn {
		return
	}
	if full && now-o.since < onceTurn {
		o.forgotten += int64(len(o.previous))
	}
	o.current, o.previous, o.since = make(map[onceKey]*onceEntry, len(o.current)/2), o.current, now
}

func (o *once) entry(key onceKey) *onceEntry {
	if entry := o.current[key]; entry != nil {
		return entry
	}
	entry := o.previous[key]
	if entry == nil {
		entry = &onceEntry{}
	} else {
		delete(o.previous, key)
	}
	o.current[key] = entry
	return entry
}

// see gives how often the failure was seen on a span in a signal, this time included.
func (e *onceEntry) see(span [8]byte, signal Signal) int32 {
	for i := range e.spans {
		if s := &e.spans[i]; s.span == span && s.signal == signal {
			s.seen++
			return s.seen
		}
	}
	if len(e.spans) < maxSpans {
		e.spans = append(e.spans, onceSpan{span: span, signal: signal, seen: 1})
	}
	return 1
}
