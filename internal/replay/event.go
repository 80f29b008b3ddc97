package replay

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// Event is what a connector announced.
type Event struct {
	// Time is when it happened, and Name what did.
	Time time.Time
	Name string
	// ID is that of the incident, and Sequence the number of its event.
	ID       string
	Sequence int64
	// Service, Type, Severity, Status, Count and Cause say what the incident was then.
	Service, Type, Severity, Status string
	Count                           int64
	Cause                           string
	// Fingerprint and First tell incidents of several replays that are the same failure.
	Fingerprint, First string

	// Record is all of it, and Resource who failed. They are good until the call ends that gives them.
	Record   plog.LogRecord
	Resource pcommon.Resource
}

func newEvent(resource pcommon.Resource, lr plog.LogRecord) Event {
	text := func(key string) string {
		if value, found := lr.Attributes().Get(key); found {
			return value.AsString()
		}
		return ""
	}
	number := func(key string) int64 {
		if value, found := lr.Attributes().Get(key); found && value.Type() == pcommon.ValueTypeInt {
			return value.Int()
		}
		return 0
	}
	return Event{
		Time: lr.Timestamp().AsTime(), Name: lr.EventName(), ID: text(failure.AttrIncidentID), Sequence: number(failure.AttrSequence),
		Service: whoOf(resource), Type: text(failure.AttrType), Severity: text(failure.AttrSeverity), Status: text(failure.AttrStatus),
		Count: number(failure.AttrCount), Cause: text(failure.AttrCause),
		Fingerprint: text(failure.AttrFingerprint), First: text(failure.AttrFirstSeen), Record: lr, Resource: resource,
	}
}

// whoOf gives the service of an event, or another attribute where it is not grouped by that.
func whoOf(resource pcommon.Resource) string {
	if name, found := resource.Attributes().Get("service.name"); found {
		return name.AsString()
	}
	for _, value := range resource.Attributes().All() {
		return value.AsString()
	}
	return ""
}

// announcer takes the events of all connectors. One that a connector forwards is told once.
type announcer struct {
	each func(Event) error
	// latest and earlier have the last event of each incident that was told of lately: forwarding takes no time.
	latest, earlier map[string]int64
	events          int
	err             error
}

// lately is how many incidents are told of before the ones before are forgotten.
const lately = 10_000

// isNew says whether an event was not told yet.
func (a *announcer) isNew(e *Event) bool {
	if e.Sequence <= max(a.latest[e.ID], a.earlier[e.ID]) {
		return false
	}
	if a.latest == nil || len(a.latest) >= lately {
		a.latest, a.earlier = map[string]int64{}, a.latest
	}
	a.latest[e.ID] = e.Sequence
	return true
}

// Capabilities says that events are only read.
func (*announcer) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeLogs takes events.
func (a *announcer) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				e := newEvent(rl.Resource(), lr)
				if a.err == nil && a.isNew(&e) {
					a.events++
					a.err = a.each(e)
				}
			}
		}
	}
	return nil
}
