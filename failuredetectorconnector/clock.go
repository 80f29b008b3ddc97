package failuredetectorconnector

import (
	"sync"
	"time"
)

// clock is the clock on the wall, but never goes back: where that one is set back, this one goes on at half
// the speed until both are the same. If it stood still meanwhile, no failure would be announced that waits
// for its trace, and none would end.
type clock struct {
	mu      sync.Mutex
	started time.Time
	now     time.Time
	// running is for how long the program ran, however the clock on the wall was set.
	running time.Duration
}

func newClock() *clock { return &clock{started: time.Now()} }

func (c *clock) read() time.Time {
	wall := time.Now()
	return c.at(wall.Round(0), wall.Sub(c.started))
}

// at is what time it is for a time on the wall.
func (c *clock) at(wall time.Time, running time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if elapsed := running - c.running; elapsed > 0 { // Who looked at the other clock first may come here last.
		c.now, c.running = c.now.Add(elapsed/2), running
	}
	if wall.After(c.now) {
		c.now = wall
	}
	return c.now
}
