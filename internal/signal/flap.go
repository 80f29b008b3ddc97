package signal

import (
	"math"
	"time"
)

const (
	// returning is within what time after its end a signal that is raised again flaps.
	returning = time.Hour
	// slower is by how much each return makes the next end come later, and maxHold how late at most.
	slower  = 1.5
	maxHold = time.Hour
)

// flap keeps a signal that comes back again and again from being announced each time.
type flap struct {
	ended   time.Duration
	any     bool
	returns int
}

func (f *flap) raised(now time.Duration) {
	if f.any && now-f.ended < returning {
		f.returns++
	} else {
		f.returns = 0
	}
}

func (f *flap) cleared(now time.Duration) { f.ended, f.any = now, true }

// hold is how many good scans end a signal.
func (f *flap) hold(scans int, interval time.Duration) int {
	longest := max(scans, Scans(maxHold, interval))
	held := float64(scans) * math.Pow(slower, float64(f.returns))
	return int(min(math.Ceil(held), float64(longest)))
}
