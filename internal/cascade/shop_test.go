package cascade

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// The faults that are injected.
const (
	faultError   = "error"
	faultLatency = "latency"
	faultCrash   = "crash"
	faultPartial = "partial outage"
	faultShared  = "shared database"
)

// shop is an application of services that call one another.
type shop struct {
	random   *rand.Rand
	services []*shopService
	// requests are what users ask for, each a tree of calls.
	requests []*work
	// shared is a database that several services use, and sharedDown whether it is broken.
	shared     string
	sharedDown bool
}

type shopService struct {
	name string
	// silent reports no failure on any of its spans, mute none on its calls. absent sends no spans: what
	// it calls names it as its parent all the same, or, where it only forwards, who called it.
	silent, mute, absent, forwards bool
	// skew is how wrong its clock is.
	skew time.Duration
	// noise is how often it fails for no reason of interest.
	noise float64
	fault string
	// share is how many of its requests the fault hits.
	share float64
}

// work is what one service does for a request.
type work struct {
	service   *shopService
	operation string
	calls     []call
	database  string
}

// call is what a service asks of another.
type call struct {
	to      *work
	soft    bool
	retries int
	async   bool
	timeout time.Duration
}

func newShop(random *rand.Rand) *shop {
	s := &shop{random: random}
	n := 6 + random.IntN(25)
	skewed := random.IntN(5) == 0
	for i := range n {
		service := &shopService{name: fmt.Sprintf("service-%d", i)}
		if random.IntN(2) == 0 {
			service.noise = random.Float64() * 0.02
		}
		switch random.IntN(12) {
		case 0, 1:
			service.silent = i > 0
		case 2:
			service.absent, service.forwards = i > 0, random.IntN(2) == 0
		case 3:
			service.mute = true
		}
		if skewed {
			service.skew = time.Duration(random.Int64N(int64(4*time.Minute))) - 2*time.Minute
		}
		s.services = append(s.services, service)
	}
	if random.IntN(2) == 0 {
		s.shared = "orders.db.example"
	}
	for i := range 3 + random.IntN(5) {
		s.requests = append(s.requests, s.plan(0, fmt.Sprintf("request-%d", i), 0))
	}
	return s
}

// plan makes the work of a service for a request. Services call only those after them.
func (s *shop) plan(at int, operation string, depth int) *work {
	w := &work{service: s.services[at], operation: operation}
	left := len(s.services) - at - 1
	if left > 0 && depth < 6 {
		for range 1 + s.random.IntN(3) {
			to := at + 1 + s.random.IntN(min(left, 8))
			if depth > 1 && s.random.IntN(3) == 0 {
				break
			}
			c := call{to: s.plan(to, operation, depth+1), timeout: time.Duration(500+s.random.IntN(2_500)) * time.Millisecond}
			c.soft, c.async = s.random.IntN(7) == 0, s.random.IntN(10) == 0
			if s.random.IntN(4) == 0 {
				c.retries = 1 + s.random.IntN(2)
			}
			w.calls = append(w.calls, c)
		}
	}
	switch {
	case len(w.calls) == 0 && s.shared != "" && s.random.IntN(3) == 0:
		w.database = s.shared
	case s.random.IntN(3) == 0:
		w.database = w.service.name + ".db.example"
	}
	return w
}

// reach counts on how many requests a service is waited for.
func (s *shop) reach(service *shopService) int {
	n := 0
	for _, r := range s.requests {
		if r.waitsFor(service) {
			n++
		}
	}
	return n
}

func (w *work) waitsFor(service *shopService) bool {
	if w.service == service {
		return true
	}
	for _, c := range w.calls {
		if !c.async && c.to.waitsFor(service) {
			return true
		}
	}
	return false
}

// sent is a span with when it arrives, and the failure that was reported on it.
type sent struct {
	Span
	service string
	arrives time.Duration
	failure string
}

// tellsOf says whether a span reports a fault: its own, or that of who it called.
func (s *sent) tellsOf(fault *shopService) bool {
	return s.Failed && (s.failure == "by "+fault.name || s.failure == "own" && s.service == fault.name)
}

// visit is one request on its way.
type visit struct {
	*shop
	trace TraceID
	spans []sent
	// faulty says that the faults are there by now.
	faulty bool
}

func (s *shop) newTrace() TraceID {
	var id TraceID
	for i := range id {
		id[i] = byte(s.random.IntN(256))
	}
	return id
}

func (v *visit) newSpan() SpanID {
	var id SpanID
	for i := range id {
		id[i] = byte(v.random.IntN(256))
	}
	id[0] |= 1
	return id
}

func (v *visit) emit(service *shopService, span Span, failure string, from, took time.Duration) {
	if service.absent {
		return
	}
	span.Trace, span.Start, span.End = v.trace, int64(from+service.skew), int64(from+took+service.skew)
	if service.silent || service.mute && span.Kind == Client {
		failure = ""
	}
	span.Failed = failure != ""
	delay := time.Duration(v.random.Int64N(int64(5 * time.Second)))
	if v.random.IntN(50) == 0 {
		delay *= 8
	}
	v.spans = append(v.spans, sent{Span: span, service: service.name, arrives: from + took + delay, failure: failure})
}

// hit says whether a fault hits this time.
func (v *visit) hit(service *shopService, fault string) bool {
	return v.faulty && service.fault == fault && v.random.Float64() < service.share
}

// serve lets a service do its work, and gives how long that took and whether it failed.
func (v *visit) serve(w *work, parent SpanID, link Link, kind Kind, from time.Duration) (took time.Duration, failed bool) {
	id := v.newSpan()
	if w.service.absent && w.service.forwards {
		id = parent
	}
	took = time.Duration(1+v.random.IntN(9)) * time.Millisecond
	failure := ""
	if v.hit(w.service, faultError) || v.hit(w.service, faultPartial) {
		failure = "own"
	} else if v.random.Float64() < w.service.noise {
		failure = "noise"
	}
	if v.hit(w.service, faultLatency) {
		took += time.Duration(4+v.random.IntN(8)) * time.Second
	}
	if failure == "" && w.database != "" {
		query := time.Duration(1+v.random.IntN(5)) * time.Millisecond
		if v.faulty && v.sharedDown && w.database == v.shared {
			failure = "by " + v.shared
		}
		v.emit(w.service, Span{ID: v.newSpan(), Parent: id, Kind: Client, Operation: Operation("query"), Peer: w.database}, failure, from+took, query)
		took += query
	}
	for i := range w.calls {
		if failure != "" {
			break
		}
		c := &w.calls[i]
		if c.async {
			v.send(c, w.service, id, from+took)
			continue
		}
		waited, good := v.attempt(c, w.service, id, from+took)
		took += waited
		if !good && !c.soft {
			failure = "by " + c.to.service.name
		}
	}
	v.emit(w.service, Span{ID: id, Parent: parent, Link: link, Kind: kind, Operation: Operation(w.operation)}, failure, from, took)
	return took, failure != ""
}

// attempt calls a service, again where that fails.
func (v *visit) attempt(c *call, caller *shopService, parent SpanID, from time.Duration) (took time.Duration, good bool) {
	for range 1 + c.retries {
		id := v.newSpan()
		waited := time.Duration(1+v.random.IntN(3)) * time.Millisecond
		failed := true
		fault := FaultUnknown
		coded := v.random.IntN(2) == 0
		// What only forwards passes the context on that it was given.
		parentOfCall := id
		if caller.absent && caller.forwards {
			parentOfCall = parent
		}
		if !v.hit(c.to.service, faultCrash) {
			var served time.Duration
			served, failed = v.serve(c.to, parentOfCall, Link{}, Server, from+took+waited/2)
			waited += served
			if failed && coded {
				fault = FaultCallee
			}
			if waited > c.timeout {
				waited, failed, fault = c.timeout, true, FaultUnknown
				if coded {
					fault = FaultTimeout
				}
			}
		} else if coded {
			fault = FaultCallee
		}
		failure := ""
		if failed {
			failure = "by " + c.to.service.name
		}
		v.emit(caller, Span{
			ID: id, Parent: parent, Kind: Client, Fault: fault, Operation: Operation("GET"), Peer: c.to.service.name + ".internal",
		}, failure, from+took, waited)
		took += waited
		if !failed {
			return took, true
		}
	}
	return took, false
}

// send leaves a message that another service takes later, half of the time in a trace of its own.
func (v *visit) send(c *call, caller *shopService, parent SpanID, from time.Duration) {
	id := v.newSpan()
	v.emit(caller, Span{ID: id, Parent: parent, Kind: Producer, Operation: Operation("send")}, "", from, time.Millisecond)
	if v.hit(c.to.service, faultCrash) {
		return
	}
	later := from + time.Duration(v.random.Int64N(int64(2*time.Second)))
	if v.random.IntN(2) == 0 {
		v.serve(c.to, id, Link{}, Consumer, later)
		return
	}
	own, link := v.trace, Link{Trace: v.trace, Span: id}
	v.trace = v.newTrace()
	v.serve(c.to, SpanID{}, link, Consumer, later)
	v.trace = own
}
