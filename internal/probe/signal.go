package probe

import (
	"strconv"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// Signal is one thing that is measured of any number of entities. It does not change once it is in use.
type Signal struct {
	// ID is unique in the receiver, such as disk.util; the rule of its events is the component's type, a
	// slash and this.
	ID string
	// Type and Category are those of the failure.
	Type, Category string
	// Title says what is wrong, such as "Disk space is low", and Subject of what, such as "disk space".
	Title, Subject string
	// Quantity says what the value is, such as "used", and Format writes it; nil is [Percent].
	Quantity string
	Format   func(float64) string

	Limits signal.Limits
	// Warn and Critical are how bad each level is; high and critical where they are 0.
	Warn, Critical failure.Severity
	// Forecast says that the value is the share in use of something that can run out.
	Forecast bool
	// DeniedAtStart says that a probe which starts tells once that the condition does not hold, as soon as it knows:
	// one that ended while no probe ran is open in the connector and has nobody else to end it. It suits
	// what a reading alone decides, not what is counted or compared with how it was at the start.
	DeniedAtStart bool
	// Supports lists the ids of the signals that it is evidence for. Such a signal has no events.
	Supports []string
}

func (s *Signal) severity(level signal.Level) failure.Severity {
	switch {
	case level == signal.Critical && s.Critical != 0:
		return s.Critical
	case level == signal.Critical:
		return failure.Critical
	case s.Warn != 0:
		return s.Warn
	default:
		return failure.High
	}
}

func (s *Signal) format(value float64) string {
	if s.Format != nil {
		return s.Format(value)
	}
	return Percent(value)
}

// Percent writes a share, such as 0.934 as 93.4%.
func Percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }

// Count writes a number of things.
func Count(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Seconds writes a time.
func Seconds(s float64) string { return strconv.FormatFloat(s, 'g', 3, 64) + " s" }

// Attribute is a key with a text.
type Attribute struct{ Key, Value string }

// Entity is what is measured.
type Entity struct {
	// ID identifies it everywhere, in the form that failure_entity has.
	ID string
	// Name is how a person calls it, such as "/data of node-7".
	Name string
	// Scope is host, container, cgroup or target.
	Scope string
	// Attributes identify it by the semantic conventions, and Captures fill the text that explains the
	// failure type, such as path.
	Attributes, Captures []Attribute
}

// Reading is what was measured of an entity.
type Reading struct {
	Sample signal.Sample
	// Capacity is the size of what runs out, in any unit. When it changes, what was forecast is forgotten.
	Capacity float64
	// Says is what is said in place of the value, where the value is no more than yes or no.
	Says string
	// Evidence gives what else was seen, each text without prefix. It is asked only when an event is written.
	Evidence func() []string
}
