package incident

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// start is when the scripts of the tests begin.
var start = time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)

// script drives a state through time.
type script struct {
	t     *testing.T
	state *State
	now   time.Time
}

// testSettings are small, so that tests reach the limits.
func testSettings() Settings {
	s := NewDefaultSettings()
	s.GroupBy = []string{"service.name"}
	return s
}

// testPolicies call one type transient and let one rule resolve sooner.
func testPolicies(rule, failureType string) Policy {
	return Policy{
		Transient:    failureType == "NETWORK_ERROR",
		ResolveAfter: map[string]time.Duration{"quick": 2 * time.Minute}[rule],
	}
}

func newScript(t *testing.T, settings Settings) *script {
	t.Helper()
	return &script{t: t, state: New(settings, testPolicies), now: start}
}

// resource is a service.
func resource(service string) *Resource {
	return &Resource{Values: []string{service}, Service: service}
}

// broken is a failure of a service that happens when it arrives.
func broken(service, fingerprint string, change ...func(*Observation)) Observation {
	obs := Observation{
		Resource: resource(service), Type: "DISK_SPACE_LOW", Category: "resource", Rule: "disk-full", Severity: failure.High,
		Confidence: 0.9, Fingerprint: fingerprint,
	}
	for _, c := range change {
		c(&obs)
	}
	return obs
}

func ofType(failureType, category string, severity failure.Severity) func(*Observation) {
	return func(o *Observation) { o.Type, o.Category, o.Severity = failureType, category, severity }
}

func inVersion(version string) func(*Observation) {
	return func(o *Observation) {
		r := *o.Resource
		r.Version = version
		o.Resource = &r
	}
}

func at(t time.Time) func(*Observation) {
	return func(o *Observation) { o.Time = t.UnixNano() }
}

func inTrace(trace, span byte, signal Signal) func(*Observation) {
	return func(o *Observation) { o.TraceID[0], o.SpanID[0], o.Signal = trace, span, signal }
}

func byRule(rule string) func(*Observation) {
	return func(o *Observation) { o.Rule = rule }
}

// send applies records that arrive together.
func (s *script) send(batch ...Observation) []Event {
	return s.state.Apply(s.now, batch)
}

// wait lets time pass, looking every ten seconds as the connector does more often.
func (s *script) wait(d time.Duration) []Event {
	var events []Event
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(min(10*time.Second, end.Sub(s.now)))
		events = append(events, s.state.Tick(s.now)...)
	}
	return events
}

// names gives events as "opened#1 high".
func names(events []Event) []string {
	list := []string{}
	for i := range events {
		e := &events[i]
		list = append(list, fmt.Sprintf("%s#%d %s", e.Name[len(failure.EventPrefix):], e.Sequence, e.Incident.Severity))
	}
	return list
}

func (s *script) only(events []Event) *Event {
	s.t.Helper()
	require.Len(s.t, events, 1)
	return &events[0]
}

// value is the sum of a metric's series.
func value(f *Family) int64 {
	var sum int64
	for _, series := range f.Series {
		sum += series.Value
	}
	return sum
}
