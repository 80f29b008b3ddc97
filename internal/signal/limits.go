package signal

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Level is how bad a value is.
type Level uint8

// The levels, from none to the worst.
const (
	None Level = iota
	Warn
	Critical
)

// Bar is what makes a level hold: a value of at least At in Count of the last Of scans. A bar whose Count
// is 0 is never reached.
type Bar struct {
	At        float64
	Count, Of int
}

// Once is a bar that a single scan reaches.
func Once(at float64) Bar { return Bar{At: at, Count: 1, Of: 1} }

// InARow is a bar that so many scans in a row reach.
func InARow(at float64, scans int) Bar { return Bar{At: at, Count: scans, Of: scans} }

// Limits say when a value is bad and when it is good again.
type Limits struct {
	Warn, Critical Bar
	// Clear is what the value has to be below, for Hold scans in a row, to be good again.
	Clear float64
	Hold  int
}

// Validate tells what is wrong with limits that a person wrote.
func (l *Limits) Validate() error {
	var errs []error
	lowest := math.Inf(1)
	for _, level := range []struct {
		name string
		bar  Bar
	}{{"warn", l.Warn}, {"critical", l.Critical}} {
		bar := level.bar
		if bar.Count == 0 {
			continue
		}
		lowest = min(lowest, bar.At)
		if bar.Count < 0 || bar.Of < bar.Count || bar.Of > MaxScans {
			errs = append(errs, fmt.Errorf("%s: %d of %d scans: use at least 1, at most %d, and no more than there are", level.name, bar.Count, bar.Of, MaxScans))
		}
	}
	if !(l.Clear < lowest) {
		errs = append(errs, fmt.Errorf("clear: %v is not below %v, where it begins", l.Clear, lowest))
	}
	if l.Hold < 1 {
		errs = append(errs, fmt.Errorf("hold: %d scans: use at least 1", l.Hold))
	}
	return errors.Join(errs...)
}

// ease is what the value has to be below to be no longer critical: as far below as it has to fall to be
// good again.
func (l *Limits) ease() float64 { return l.Critical.At - (l.Warn.At - l.Clear) }

// Scans is how many scans fill a time, at least one.
func Scans(d, interval time.Duration) int {
	if interval <= 0 {
		return 1
	}
	return int(max(1, (d+interval-1)/interval))
}

// Sample is what one scan measured.
type Sample struct {
	// Value is judged by the bar for a warning and by what clears it.
	Value float64
	// Severe is judged by the bar for critical. It is mostly the value; not a number is never critical.
	Severe float64
	// Promoted says that further evidence makes critical what is only a warning.
	Promoted bool
}

// Of is a sample of one value.
func Of(value float64) Sample { return Sample{Value: value, Severe: value} }

// AtMostWarn is a sample of a value that is never critical.
func AtMostWarn(value float64) Sample { return Sample{Value: value, Severe: math.NaN()} }
