package failurefeedexporter

import (
	"container/list"
	"sync"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// missedReminders is after how many reminders that did not come nobody knows how a failure stands.
const missedReminders = 3

// outcome is what became of a record.
type outcome int

const (
	// taken is an event that is news.
	taken outcome = iota
	// known is one that says nothing new.
	known
	// foreign is a record that is no failure event.
	foreign
	// overflowed is an event of a failure that there is no room for.
	overflowed
	outcomes
)

// store keeps failures up to a limit. It has no clock.
type store struct {
	limit int
	keep  time.Duration

	mu       sync.RWMutex
	failures map[string]*list.Element
	// over has the failures that do not go on, in the order in which they ceased to, and open the others,
	// in the order in which they came. Values are *shownFailure.
	over, open *list.List
	tally      *tally
	overflow   int64
	// revision rises with whatever is worth saving.
	revision int64
}

func newStore(config *Config, now time.Time) *store {
	return &store{
		limit: config.Limits.Failures, keep: config.KeepEnded,
		failures: map[string]*list.Element{}, over: list.New(), open: list.New(),
		tally: newTally(now),
	}
}

// apply takes an event. It gives the failure as it is now, and the name of the event for those who listen;
// nil where there is nothing to tell them.
func (s *store) apply(e event) (*shownFailure, string, outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	element := s.failures[e.ID]
	if element == nil {
		return s.begin(e)
	}
	last := element.Value.(*shownFailure)
	switch {
	case e.probed:
		return s.observe(element, e)
	case e.sequence > 0 && last.timeline.knows(e.sequence):
		return nil, "", known
	case e.sequence > 0 && e.sequence < last.sequence:
		fresh := *last
		fresh.timeline = last.timeline.with(e.moment())
		element.Value = &fresh
		s.revision++
		return nil, "", taken // It came too late to change how the failure stands.
	}
	return s.replace(element, e), e.name, taken
}

func (e *event) moment() moment {
	return moment{
		Event: e.name, Sequence: e.sequence, Time: e.Updated, Status: e.Status, Severity: e.Severity, Count: e.Count,
		Message: clip(e.Message, maxMoment),
	}
}

// begin takes the first event of a failure. Where all room is taken, that of the one which is over for
// longest is used; one that goes on makes room for none.
func (s *store) begin(e event) (*shownFailure, string, outcome) {
	if e.probed {
		switch e.name {
		case failure.EventCleared:
			return nil, "", known // Nothing that is shown ends by it.
		case failure.EventObserved:
			e.name, e.Count = failure.EventOpened, 1
		}
	}
	if len(s.failures) >= s.limit {
		if s.over.Len() == 0 {
			s.overflow++
			fresh := e.shownFailure
			return &fresh, e.name, overflowed
		}
		s.remove(s.over.Front())
	}
	fresh := e.shownFailure
	fresh.timeline = timeline{}.with(e.moment())
	s.put(&fresh)
	s.tally.count(e.name, nil, &fresh)
	return &fresh, e.name, taken
}

// replace takes a further event of a failure, which says all that there is to say.
func (s *store) replace(element *list.Element, e event) *shownFailure {
	last := element.Value.(*shownFailure)
	fresh := e.shownFailure
	fresh.Judgement = last.Judgement
	fresh.timeline = last.timeline.with(e.moment())
	fresh.held = heldBack(last, &e)
	if !e.probed && fresh.Status == failure.StatusActive {
		fresh.Trend = fresh.timeline.trend()
	}
	s.remove(element)
	s.put(&fresh)
	s.tally.count(e.name, last, &fresh)
	return &fresh
}

// observe takes a further event of a probe, which knows only the condition of this moment.
func (s *store) observe(element *list.Element, e event) (*shownFailure, string, outcome) {
	last := element.Value.(*shownFailure)
	ended := last.Status == failure.StatusResolved
	switch e.name {
	case failure.EventPredicted:
		if !ended && !last.expected() {
			return nil, "", known // What is here is not expected any more.
		}
	case failure.EventCleared:
		if ended {
			return nil, "", known
		}
		e.name = failure.EventResolved
	default:
		e.name = observedAs(last, &e)
	}
	e.Count = last.Count
	if e.name == failure.EventOpened || e.name == failure.EventRegressed {
		e.Count++
	}
	if !ended && !last.expected() {
		e.FirstSeen = last.FirstSeen
	}
	if ended && e.name == failure.EventRegressed {
		e.FirstSeen = last.FirstSeen
	}
	return s.replace(element, e), e.name, taken
}

func observedAs(last *shownFailure, e *event) string {
	switch {
	case last.expected():
		return failure.EventOpened
	case last.Status == failure.StatusResolved:
		return failure.EventRegressed
	case rank(e.Severity) > rank(last.Severity):
		return failure.EventEscalated
	default:
		return failure.EventOngoing
	}
}

// rank orders severities by how bad they are; 0 is none.
func rank(severity string) failure.Severity {
	var s failure.Severity
	if s.UnmarshalText([]byte(severity)) != nil {
		return 0
	}
	return s
}

// put adds a failure as the latest.
func (s *store) put(f *shownFailure) {
	s.failures[f.ID] = s.listOf(f).PushBack(f)
	s.revision++
}

// putFirst adds one as the earliest.
func (s *store) putFirst(f *shownFailure) { s.failures[f.ID] = s.listOf(f).PushFront(f) }

func (s *store) listOf(f *shownFailure) *list.List {
	if f.goesOn() {
		return s.open
	}
	return s.over
}

func (s *store) remove(element *list.Element) {
	f := element.Value.(*shownFailure)
	delete(s.failures, f.ID)
	s.revision++
	// Each list ignores an element of the other.
	s.open.Remove(element)
	s.over.Remove(element)
}

// sweep forgets what has been over for long enough, and gives what is stale since the last time: failures
// of which nothing was heard for three of their reminders.
func (s *store) sweep(now time.Time) []*shownFailure {
	s.mu.Lock()
	defer s.mu.Unlock()
	for element := s.over.Front(); element != nil; element = s.over.Front() {
		if now.Sub(element.Value.(*shownFailure).received) < s.keep {
			break
		}
		s.remove(element)
	}
	var stale []*shownFailure
	for element := s.open.Front(); element != nil; {
		next := element.Next()
		f := element.Value.(*shownFailure)
		if f.reminder > 0 && now.Sub(f.received) > missedReminders*f.reminder {
			fresh := *f
			fresh.Status = failure.StatusStale
			// From here on it is kept as one that is over.
			fresh.received = now
			s.remove(element)
			s.put(&fresh)
			stale = append(stale, &fresh)
		}
		element = next
	}
	return stale
}

// get gives one failure, or nil.
func (s *store) get(id string) *shownFailure {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if element := s.failures[id]; element != nil {
		return element.Value.(*shownFailure)
	}
	return nil
}

// all gives the failures that a filter lets through, in no order.
func (s *store) all(wanted func(*shownFailure) bool) []*shownFailure {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*shownFailure
	for _, element := range s.failures {
		if f := element.Value.(*shownFailure); wanted(f) {
			found = append(found, f)
		}
	}
	return found
}

func (s *store) size() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.failures)
}
