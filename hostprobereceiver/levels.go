package hostprobereceiver

import (
	"errors"
	"fmt"
	"time"

	"github.com/failuredetector/failuredetector/internal/signal"
)

// standard is what holds for a signal unless the configuration says otherwise, in per cent. A signal that
// clears well below its threshold does not flap.
type standard struct {
	threshold, critical, clear float64
	sustain                    time.Duration
}

// level is the configuration of a signal with its standard.
type level struct {
	name     string
	config   *LevelConfig
	standard standard
	// apart says that the critical share is of something else than the threshold, so it may be below.
	apart bool
	// abrupt says that critical holds at once.
	abrupt bool
}

// levels are the signals that have thresholds.
func (c *SignalsConfig) levels() []level {
	return []level{
		{name: "cpu", config: &c.CPU, standard: standard{90, 97, 85, 5 * time.Minute}},
		{name: "cpu_throttling", config: &c.CPUThrottling, standard: standard{25, 50, 15, 5 * time.Minute}},
		{name: "memory", config: &c.Memory, standard: standard{85, 95, 80, 2 * time.Minute}, abrupt: true},
		{name: "memory_pressure", config: &c.MemoryPressure, standard: standard{10, 10, 5, time.Minute}, apart: true},
		{name: "disk", config: &c.Disk, standard: standard{90, 97, 87, time.Minute}, abrupt: true},
		{name: "inodes", config: &c.Inodes, standard: standard{90, 97, 87, time.Minute}, abrupt: true},
		{name: "file_descriptors", config: &c.FileDescriptors, standard: standard{80, 95, 75, time.Minute}},
		{name: "pids", config: &c.PIDs, standard: standard{85, 95, 80, time.Minute}},
	}
}

// mostRatio is up to where a number was most likely meant as a ratio.
const mostRatio = 1

// ladder are the shares at which a signal changes, 0 to 1.
type ladder struct {
	high, critical, clear float64
}

func (l *level) ladder() ladder {
	high := l.config.ThresholdPercent
	critical := l.standard.critical
	switch {
	case l.config.CriticalPercent != nil:
		critical = *l.config.CriticalPercent
	case !l.apart && high >= critical:
		critical = (high + 100) / 2
	}
	// A low threshold leaves less room below it than the signal's own.
	gap := min(l.standard.threshold-l.standard.clear, high/2)
	clearing := high - gap
	if l.config.ClearPercent != nil {
		clearing = *l.config.ClearPercent
	}
	return ladder{high: high / 100, critical: critical / 100, clear: clearing / 100}
}

// scans gives of how many scans in a row how many have to be too high: all of a few, and four in five of
// many, so that one dip does not begin the time anew.
func scans(sustain, interval time.Duration) (need, of int) {
	of = max(1, int((sustain+interval-1)/interval))
	return of - of/5, of
}

func (l *level) check(interval time.Duration) error {
	c, at := l.config, "signals::"+l.name+"::"
	var errs []error
	within := func(key string, value float64) {
		switch {
		case !(value > 0 && value <= 100):
			errs = append(errs, fmt.Errorf("%s%s: %v is not above 0 and up to 100, in per cent", at, key, value))
		case value <= mostRatio:
			// Nobody wants to be told of a CPU that is 0.9% busy.
			errs = append(errs, fmt.Errorf("%s%s: %v looks like a ratio, and is taken as per cent: write %.4g, or more than %v",
				at, key, value, 100*value, mostRatio))
		}
	}
	within("threshold_percent", c.ThresholdPercent)
	if c.CriticalPercent != nil {
		within("critical_percent", *c.CriticalPercent)
		if !l.apart && *c.CriticalPercent < c.ThresholdPercent {
			errs = append(errs, fmt.Errorf("%scritical_percent: %v is less than threshold_percent, %v: raise it, or leave it out",
				at, *c.CriticalPercent, c.ThresholdPercent))
		}
	}
	if c.ClearPercent != nil && !(*c.ClearPercent >= 0 && *c.ClearPercent < c.ThresholdPercent) {
		errs = append(errs, fmt.Errorf("%sclear_percent: %v is not from 0 to less than threshold_percent, %v: lower it, or leave it out",
			at, *c.ClearPercent, c.ThresholdPercent))
	}
	if c.Sustain < 0 {
		errs = append(errs, fmt.Errorf("%ssustain: %v is less than 0s", at, c.Sustain))
	} else if _, of := scans(c.Sustain, max(interval, minInterval)); of > signal.MaxScans {
		errs = append(errs, fmt.Errorf("%ssustain: %v is more than %d times the collection_interval, %v: shorten it, or collect less often",
			at, c.Sustain, signal.MaxScans, interval))
	}
	return errors.Join(errs...)
}
