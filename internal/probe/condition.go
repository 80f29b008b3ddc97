package probe

import (
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// seen is what the present scan told of a condition.
type seen uint8

const (
	absent seen = iota
	measured
	unknown
	skipped
)

// condition is a signal of an entity.
type condition struct {
	signal  *Signal
	entity  Entity
	machine signal.Machine

	history  *signal.History
	outlook  signal.Outlook
	forecast signal.Forecast
	foreseen bool
	capacity float64

	seen    seen
	reading Reading
	// reason is why it is unknown.
	reason string

	// well counts the readings that were good, until it is known how it stands.
	well  int
	known bool

	// told is when an event of it was written last, and foretold that it was predicted, which nothing has
	// taken back.
	told     time.Duration
	foretold bool
	// stale says that it was told that it cannot be measured, and since when it could not be.
	stale      bool
	unknownAt  time.Duration
	toldStale  time.Duration
	wasUnknown bool
}

func newCondition(s *Signal, e *Entity, interval time.Duration) *condition {
	c := &condition{signal: s, entity: *e, machine: signal.NewMachine(s.Limits, interval)}
	if s.Forecast {
		c.history = new(signal.History)
	}
	return c
}

// supports says whether the condition is evidence and no more.
func (c *condition) supports() bool { return len(c.signal.Supports) > 0 }

// look takes the value into the forecast, and says whether the outlook changed.
func (c *condition) look(now time.Duration, forecaster *signal.Forecaster) bool {
	if c.history == nil {
		return false
	}
	if c.capacity != c.reading.Capacity {
		if c.capacity != 0 {
			c.history.Reset()
		}
		c.capacity = c.reading.Capacity
	}
	c.history.Add(now, c.reading.Sample.Value)
	c.forecast, c.foreseen = forecaster.Look(c.history)
	return c.outlook.Look(c.reading.Sample.Value, c.forecast, c.foreseen)
}

// threshold is the bar that the value passed. What evidence made critical, or has eased but not for long
// enough, is above that of a warning only.
func (c *condition) threshold() float64 {
	at := c.machine.Threshold()
	if warn := c.signal.Limits.Warn; warn.Count > 0 && c.reading.Sample.Value < at {
		return warn.At
	}
	return at
}

// judgedWell says once that the condition does not hold, where it never did since the probe started. The
// first reading is not judged; after it as many have to be good as would end the condition.
func (c *condition) judgedWell() bool {
	if c.known || !c.signal.DeniedAtStart {
		return false
	}
	c.well++
	if c.reading.Sample.Value >= c.signal.Limits.Clear {
		c.well = 0
	}
	c.known = c.machine.Firing() || c.well > c.signal.Limits.Hold
	return c.known && !c.machine.Firing()
}

// severity is how bad the condition is, or will be, or was before it was over.
func (c *condition) severity() failure.Severity {
	if c.machine.Firing() || !c.foretold {
		return c.signal.severity(c.machine.Level())
	}
	switch c.outlook.Tier() {
	case signal.Imminent:
		return failure.Critical
	case signal.Near:
		return failure.High
	default:
		return failure.Medium
	}
}
