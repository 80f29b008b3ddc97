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
	// leastRolledBack is how many of them have to be rolled back: one of twenty is chance.
	leastRolledBack = 5
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

// share is the share of the transactions of the window that were rolled back, where there were enough.
func (r *rates) share() (float64, bool) {
	share, _, enough := r.since(0)
	return share, enough
}

// worstShare is that of the window or, where as many were rolled back in the last interval alone as make a share,
// of that interval: else what went well before would hide for minutes what fails now. It is 0 where there are too few.
func (r *rates) worstShare() float64 {
	var worst float64
	for _, from := range []struct {
		sample int
		least  int64
	}{{0, leastRolledBack}, {max(0, len(r.samples)-2), leastTransactions}} {
		if share, rolledBack, enough := r.since(from.sample); enough && rolledBack >= from.least {
			worst = max(worst, share)
		}
	}
	return worst
}

// since counts what was rolled back after a sample.
func (r *rates) since(sample int) (share float64, rolledBack int64, enough bool) {
	first, last := r.samples[sample], r.samples[len(r.samples)-1]
	rolledBack = last.Rollbacks - first.Rollbacks
	all := rolledBack + last.Commits - first.Commits
	if all < leastTransactions {
		return 0, rolledBack, false
	}
	return float64(rolledBack) / float64(all), rolledBack, true
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
