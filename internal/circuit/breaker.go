package circuit

import "time"

// State is what a breaker would be.
type State uint8

// The states.
const (
	// Closed lets calls through: they are good.
	Closed State = iota
	// Open refuses them: too many fail.
	Open
	// HalfOpen tries whether they are good again.
	HalfOpen
)

var stateNames = [...]string{Closed: "closed", Open: "open", HalfOpen: "half_open"}

// String gives the name that metrics use.
func (s State) String() string { return stateNames[s] }

// States are all there are.
func States() []State { return []State{Closed, Open, HalfOpen} }

// Settings say when a breaker opens and closes.
type Settings struct {
	// MinCalls is how many calls within a minute say anything, and Share the share of them that must fail.
	MinCalls int
	Share    float64
	// OpenFor is how long it is open at least.
	OpenFor time.Duration
	// Trial is how many calls are looked at before it closes or opens again.
	Trial int
}

const (
	// slots is how many parts the minute has in which calls are counted.
	slots = 6
	// slot is the length of one.
	slot = int64(10 * time.Second)
)

// Breaker follows the calls from one service to another. Its zero value is closed.
type Breaker struct {
	state State
	since int64
	slots [slots]counts
	trial counts
}

type counts struct {
	at            int64
	calls, failed int32
}

func (c *counts) add(failed bool) {
	c.calls++
	if failed {
		c.failed++
	}
}

// State gives the state that it is in, and since when.
func (b *Breaker) State() (state State, since int64) { return b.state, b.since }

// Lately gives the calls of the last minute, and those of them that failed.
func (b *Breaker) Lately(now int64) (calls, failed int) {
	for i := range b.slots {
		if c := &b.slots[i]; now/slot-c.at < slots {
			calls += int(c.calls)
			failed += int(c.failed)
		}
	}
	return calls, failed
}

// Reopen makes it open, as it was before a restart.
func (b *Breaker) Reopen(now int64) { b.enter(Open, now) }

// Add takes a call, and reports whether that changed the state.
func (b *Breaker) Add(now int64, failed bool, s *Settings) bool {
	b.count(now, failed)
	switch b.state {
	case Closed:
		if !failed {
			return false
		}
		calls, bad := b.Lately(now)
		if calls >= s.MinCalls && float64(bad) >= s.Share*float64(calls) {
			return b.enter(Open, now)
		}
	case Open:
		if !failed && now-b.since >= int64(s.OpenFor) {
			b.trial = counts{}
			b.trial.add(failed)
			return b.enter(HalfOpen, now)
		}
	case HalfOpen:
		b.trial.add(failed)
		switch {
		case int(b.trial.calls) < s.Trial:
		case float64(b.trial.failed) >= s.Share*float64(b.trial.calls):
			return b.enter(Open, now)
		default:
			b.slots = [slots]counts{} // What failed before is over.
			return b.enter(Closed, now)
		}
	}
	return false
}

func (b *Breaker) count(now int64, failed bool) {
	c := &b.slots[now/slot%slots]
	if c.at != now/slot {
		*c = counts{at: now / slot}
	}
	c.add(failed)
}

func (b *Breaker) enter(state State, now int64) bool {
	b.state, b.since = state, now
	return true
}
