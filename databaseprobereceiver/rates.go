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
	at time.Time
	check.Transactions
}

// rates are how much was counted within the window.
type rates struct{ samples []counted }

// add takes what a database has counted. Where it has begun anew, what was before is forgotten.
func (r *rates) add(at time.Time, t *check.Transactions) {
	now := counted{at, *t}
	if n := len(r.samples); n > 0 {
		last := r.samples[n-1]
		if now.Commits < last.Commits || now.Rollbacks < last.Rollbacks || fewer(now.Deadlocks, last.Deadlocks) {
			r.samples = r.samples[:0]
		}
	}
	r.samples = slices.DeleteFunc(r.samples, func(c counted) bool { return at.Sub(c.at) > rateWindow })
	r.samples = append(r.samples, now)
}

// share is the share of transactions that were rolled back, where there were enough.
func (r *rates) share() (float64, bool) {
	first, last := r.samples[0], r.samples[len(r.samples)-1]
	rolledBack := last.Rollbacks - first.Rollbacks
	all := rolledBack + last.Commits - first.Commits
	if all < leastTransactions {
		return 0, false
	}
	return float64(rolledBack) / float64(all), true
}

// deadlocks are those within the window, where the server tells.
func (r *rates) deadlocks() (int64, bool) {
	first, last := r.samples[0].Deadlocks, r.samples[len(r.samples)-1].Deadlocks
	if first == nil || last == nil {
		return 0, false
	}
	return *last - *first, true
}

// fewer says that a counter began anew, or is told since now or no more.
func fewer(now, last *int64) bool {
	if now == nil || last == nil {
		return now != last
	}
	return *now < *last
}
