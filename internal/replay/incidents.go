package replay

import (
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// Incident is what a replay told of one incident.
type Incident struct {
	ID, Service, Type, Fingerprint, Cause string
	// First is the time of its first failure.
	First string
	// Severity is the worst that it was.
	Severity failure.Severity
	Count    int64
	// Told is when it was told first, and Ended when it was resolved last; none where it is open.
	Told, Ended time.Time
}

// Incidents adds events up.
type Incidents struct {
	// All are in the order in which they were told first.
	All []*Incident
	// Beyond counts the events of those for which there was no room.
	Beyond int
	byID   map[string]*Incident
}

// maxIncidents bounds the incidents that are known: some 200 MB.
const maxIncidents = 500_000

// Add takes an event.
func (l *Incidents) Add(e *Event) {
	if l.byID == nil {
		l.byID = map[string]*Incident{}
	}
	in := l.byID[e.ID]
	if in == nil && len(l.All) >= maxIncidents {
		l.Beyond++
		return
	}
	if in == nil {
		in = &Incident{ID: e.ID, Told: e.Time, First: e.First}
		l.byID[e.ID] = in
		l.All = append(l.All, in)
	}
	in.Service, in.Type, in.Fingerprint, in.Cause, in.Count = e.Service, e.Type, e.Fingerprint, e.Cause, e.Count
	var severity failure.Severity
	if severity.UnmarshalText([]byte(e.Severity)) == nil {
		in.Severity = max(in.Severity, severity)
	}
	in.Ended = time.Time{}
	if e.Status == failure.StatusResolved {
		in.Ended = e.Time
	}
}

// Open counts those that go on.
func (l *Incidents) Open() int {
	n := 0
	for _, in := range l.All {
		if in.Ended.IsZero() {
			n++
		}
	}
	return n
}
