package databaseprobereceiver

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

const (
	// rateWindow is what rates are about: statistics lag behind, so one interval says little.
	rateWindow = 5 * time.Minute
	// leastTransactions is how many there have to be before a share of them means anything.
	leastTransactions = 20
)

// counted is what a database had counted at a time.
type counted struct {
	at                            time.Time
	commits, rollbacks, deadlocks int64
}

// rates are how much was counted within the window.
type rates struct{ samples []counted }

// add takes what a database has counted. Where it has begun anew, what was before is forgotten.
func (r *rates) add(at time.Time, f *check.Figures) {
	now := counted{at, f.Commits, f.Rollbacks, f.Deadlocks}
	if n := len(r.samples); n > 0 {
		last := r.samples[n-1]
		if now.commits < last.commits || now.rollbacks < last.rollbacks || now.deadlocks < last.deadlocks {
			r.samples = r.samples[:0]
		}
	}
	r.samples = slices.DeleteFunc(r.samples, func(c counted) bool { return at.Sub(c.at) > rateWindow })
	r.samples = append(r.samples, now)
}

// share is the share of transactions that were rolled back, where there were enough.
func (r *rates) share() (float64, bool) {
	first, last := r.samples[0], r.samples[len(r.samples)-1]
	rolledBack := last.rollbacks - first.rollbacks
	all := rolledBack + last.commits - first.commits
	if all < leastTransactions {
		return 0, false
	}
	return float64(rolledBack) / float64(all), true
}

// deadlocks are those within the window.
func (r *rates) deadlocks() int64 {
	return r.samples[len(r.samples)-1].deadlocks - r.samples[0].deadlocks
}
