package signal

import "time"

// staleAfter is how many scans in a row may fail before that is worth saying.
const staleAfter = 5

// Phase is how far a signal is.
type Phase uint8

// The phases. Their numbers are the values of the metrics that show them.
const (
	OK Phase = iota
	Pending
	Firing
	Clearing
)

// String gives the name of a phase.
func (p Phase) String() string { return [...]string{"ok", "pending", "firing", "clearing"}[p&3] }

// Change is what a scan changed.
type Change uint8

// The changes. One that is cleared is forgotten with the next that is raised, so its peak can be read until then.
const (
	Unchanged Change = iota
	Raised
	Worse
	Better
	Cleared
)

// Machine follows one signal of one thing: ok, pending, firing at a level, clearing, ok.
type Machine struct {
	limits   Limits
	interval time.Duration

	pace  pace
	phase Phase
	level Level
	// warn and critical remember the scans that reached each bar.
	warn, critical sustain
	// below and eased count the scans in a row that were good, and no longer critical.
	below, eased int
	flap         flap
	unknown      int

	began time.Duration
	peak  float64
}

// NewMachine follows a signal that is measured about once in an interval.
func NewMachine(limits Limits, interval time.Duration) Machine {
	return Machine{limits: limits, interval: interval}
}

// Observe takes what a scan measured. The first scan is not judged: what is counted since then has no
// beginning; nor is one that follows another too closely or after too long. A value that is no number is
// a scan that failed.
func (m *Machine) Observe(now time.Duration, s Sample) Change {
	if s.Value != s.Value {
		m.Unknown(now)
		return Unchanged
	}
	m.unknown = 0
	switch m.pace.judge(now, m.interval) {
	case skipped:
		return Unchanged
	case restarted:
		m.warn, m.critical, m.below, m.eased = sustain{}, sustain{}, 0, 0
		return Unchanged
	case counts:
	}
	level := m.reached(s)
	if m.phase < Firing {
		return m.rise(now, s, level)
	}
	m.peak = max(m.peak, s.Value)
	if level > m.level {
		m.level, m.phase, m.below, m.eased = level, Firing, 0, 0
		return Worse
	}
	return m.fall(now, s)
}

// reached gives the level that holds after this scan.
func (m *Machine) reached(s Sample) Level {
	severe := m.severe(s)
	warn := m.warn.add(m.limits.Warn, s.Value >= m.limits.Warn.At || severe)
	switch {
	case m.critical.add(m.limits.Critical, severe):
		return Critical
	case warn:
		return Warn
	default:
		return None
	}
}

func (m *Machine) severe(s Sample) bool {
	if m.limits.Critical.Count == 0 {
		return false
	}
	return s.Severe >= m.limits.Critical.At || m.promoted(s) && s.Value >= m.limits.Warn.At
}

// promoted says whether evidence counts: it moves what is up already, and raises nothing.
func (m *Machine) promoted(s Sample) bool {
	return s.Promoted && m.phase >= Firing && m.limits.Warn.Count > 0
}

func (m *Machine) rise(now time.Duration, s Sample, level Level) Change {
	if level == None {
		m.phase = OK
		if m.warn.any() || m.critical.any() {
			m.phase = Pending
		}
		return Unchanged
	}
	m.phase, m.level, m.below, m.eased = Firing, level, 0, 0
	m.began, m.peak = now, s.Value
	m.flap.raised(now)
	return Raised
}

func (m *Machine) fall(now time.Duration, s Sample) Change {
	severe := m.severe(s)
	m.phase = Firing
	if below := inARow(&m.below, s.Value < m.limits.Clear && !severe); below > 0 {
		m.phase = Clearing
		if below >= m.flap.hold(m.limits.Hold, m.interval) {
			m.end(now)
			return Cleared
		}
	}
	eased := inARow(&m.eased, !(s.Severe >= m.limits.ease()) && !severe)
	if m.level == Critical && m.limits.Warn.Count > 0 && eased >= m.limits.Hold {
		m.level, m.critical, m.eased = Warn, sustain{}, 0
		return Better
	}
	return Unchanged
}

// inARow counts what is good, and begins anew after what is not.
func inARow(n *int, good bool) int {
	if !good {
		*n = 0
		return 0
	}
	*n++
	return *n
}

func (m *Machine) end(now time.Duration) {
	m.flap.cleared(now)
	m.phase, m.level = OK, None
	m.warn, m.critical, m.below, m.eased = sustain{}, sustain{}, 0, 0
}

// Unknown takes a scan that failed. It changes nothing about the signal, and says whether it is the one
// after which the measurement is stale.
func (m *Machine) Unknown(now time.Duration) bool {
	m.pace.last, m.pace.seen = now, true
	m.unknown++
	return m.unknown == staleAfter
}

// Stale says whether too many scans in a row have failed.
func (m *Machine) Stale() bool { return m.unknown >= staleAfter }

// Phase tells how far the signal is.
func (m *Machine) Phase() Phase { return m.phase }

// Level tells at which level it fires, and None where it does not.
func (m *Machine) Level() Level { return m.level }

// Firing says whether it is raised, clearing or not.
func (m *Machine) Firing() bool { return m.phase >= Firing }

// Peak is the highest value since it was raised last.
func (m *Machine) Peak() float64 { return m.peak }

// Lasted is how long ago it was raised last.
func (m *Machine) Lasted(now time.Duration) time.Duration { return now - m.began }

// Threshold is the bar that was passed: that of the level it fires at, or else the lowest there is.
func (m *Machine) Threshold() float64 {
	if m.level == Critical || m.limits.Warn.Count == 0 {
		return m.limits.Critical.At
	}
	return m.limits.Warn.At
}
