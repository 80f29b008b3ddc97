package probe

import (
	"iter"
	"math"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/internal/signal"
)

const (
	// Heartbeat is how often a condition that lasts is told again; the connector waits for it.
	Heartbeat = 5 * time.Minute
	// maxConditions bounds the memory of a set, 6 KiB each where it is forecast.
	maxConditions = 1000
)

// Settings are those of a set.
type Settings struct {
	// Component is the type of the receiver, and ScopeName the name of its instrumentation scope.
	Component, ScopeName string
	// Resource goes onto the events; it identifies what is probed.
	Resource pcommon.Resource
	// Interval is how far scans are apart.
	Interval time.Duration
	// Heartbeat is how often a condition that lasts is told again, [Heartbeat] where it is 0.
	Heartbeat time.Duration
	// MaxConditions bounds how many conditions are followed, 1,000 where it is 0.
	MaxConditions int
}

type key struct{ signal, entity string }

// Set has the conditions of a receiver. It is not safe for concurrent use.
type Set struct {
	settings   Settings
	conditions map[key]*condition
	// order is that in which they were first seen, so that output has a fixed order.
	order []*condition
	// supporters are those that are evidence for others, in the present scan.
	supporters []*condition
	forecaster signal.Forecaster

	// origin is the time of the first scan, and now what has passed since, on the monotonic clock.
	origin, wall time.Time
	now          time.Duration
	leftOut      int
}

// NewSet makes a set without conditions.
func NewSet(settings Settings) *Set {
	if settings.Heartbeat <= 0 {
		settings.Heartbeat = Heartbeat
	}
	if settings.MaxConditions <= 0 {
		settings.MaxConditions = maxConditions
	}
	return &Set{settings: settings, conditions: map[key]*condition{}}
}

// Begin begins a scan. The time has to come from time.Now, so that it passes as it does when the clock is set.
func (s *Set) Begin(now time.Time) {
	if s.origin.IsZero() {
		s.origin = now
	}
	s.now, s.wall, s.leftOut = now.Sub(s.origin), now, 0
	for _, c := range s.order {
		c.seen = absent
	}
}

// Measure takes what was measured of an entity. A value that is no number is unknown.
func (s *Set) Measure(sig *Signal, entity *Entity, reading Reading) {
	if math.IsNaN(reading.Sample.Value) || math.IsInf(reading.Sample.Value, 0) {
		s.Unknown(sig, entity, "what was read is no number")
		return
	}
	if c := s.condition(sig, entity); c != nil {
		c.seen, c.reading = measured, reading
	}
}

// Unknown says that an entity could not be measured, and why.
func (s *Set) Unknown(sig *Signal, entity *Entity, reason string) {
	if c := s.condition(sig, entity); c != nil {
		c.seen, c.reason = unknown, reason
	}
}

// UnknownSignal says that a signal could not be measured of any entity, and why. What was measured in this
// scan already stays.
func (s *Set) UnknownSignal(sig *Signal, reason string) {
	for _, c := range s.order {
		if c.signal.ID == sig.ID && c.seen == absent {
			c.seen, c.reason = unknown, reason
		}
	}
}

// Skip leaves a condition as it is, where there is one: it was not measured for a reason that another signal
// tells, such as a database that cannot be reached.
func (s *Set) Skip(sig *Signal, entity *Entity) {
	if c := s.conditions[key{sig.ID, entity.ID}]; c != nil {
		c.seen = skipped
	}
}

// SkipSignal leaves a signal as it is of every entity that was not measured in this scan.
func (s *Set) SkipSignal(sig *Signal) {
	for _, c := range s.order {
		if c.signal.ID == sig.ID && c.seen == absent {
			c.seen = skipped
		}
	}
}

// condition gives the condition of a signal and an entity, or nil where there are too many.
func (s *Set) condition(sig *Signal, entity *Entity) *condition {
	k := key{sig.ID, entity.ID}
	if c := s.conditions[k]; c != nil {
		return c
	}
	if len(s.order) >= s.settings.MaxConditions {
		s.leftOut++
		return nil
	}
	c := newCondition(sig, entity, s.settings.Interval)
	s.conditions[k] = c
	s.order = append(s.order, c)
	return c
}

// End ends a scan, and appends the events that it gives rise to.
func (s *Set) End(logs plog.Logs) {
	w := &eventWriter{set: s, logs: logs}
	s.supporters = s.supporters[:0]
	for _, c := range s.order {
		if c.supports() {
			s.judgeSupport(c)
			s.supporters = append(s.supporters, c)
		}
	}
	for _, c := range s.order {
		if !c.supports() {
			s.judge(c, w)
		}
	}
	s.order = slices.DeleteFunc(s.order, func(c *condition) bool {
		if c.seen == absent {
			delete(s.conditions, key{c.signal.ID, c.entity.ID})
		}
		return c.seen == absent
	})
}

func (s *Set) judgeSupport(c *condition) {
	switch c.seen {
	case measured:
		c.machine.Observe(s.now, c.reading.Sample)
	case unknown:
		c.machine.Unknown(s.now)
	case absent, skipped:
	}
}

// LeftOut is how many readings of the last scan were left out because there are too many conditions.
func (s *Set) LeftOut() int { return s.leftOut }

// Condition is how a signal of an entity is, for metrics.
type Condition struct {
	Signal *Signal
	Entity *Entity
	Phase  signal.Phase
	Level  signal.Level
	// Value is what was measured last; Known says that it was in the last scan.
	Value float64
	Known bool
	// Forecast is when it will be full, where Foreseen says that this can be told.
	Forecast signal.Forecast
	Foreseen bool
}

// Conditions gives all conditions, in the order in which they were first seen.
func (s *Set) Conditions() iter.Seq[Condition] {
	return func(yield func(Condition) bool) {
		for _, c := range s.order {
			known := c.seen == measured
			if !yield(Condition{
				Signal: c.signal, Entity: &c.entity, Phase: c.machine.Phase(), Level: c.machine.Level(),
				Value: c.reading.Sample.Value, Known: known, Forecast: c.forecast, Foreseen: c.foreseen && known,
			}) {
				return
			}
		}
	}
}
