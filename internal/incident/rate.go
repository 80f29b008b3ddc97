package incident

import (
	"math"
	"time"
)

// rateMemory is how fast a rate forgets: what is this old counts a third.
const rateMemory = 5 * time.Minute

// rate is how many failures a minute there were lately.
type rate struct {
	PerMinute float64 `json:"r"`
	At        int64   `json:"at"`
}

func (r *rate) add(now int64) {
	r.PerMinute, r.At = r.get(now)+1/rateMemory.Minutes(), now
}

func (r *rate) get(now int64) float64 {
	return r.PerMinute * math.Exp(-float64(max(now-r.At, 0))/float64(rateMemory))
}
