package failurefeedexporter

import (
	"maps"
	"slices"
	"time"
)

// savedTotals is what was counted. Minutes are those in which something opened.
type savedTotals struct {
	Since      time.Time        `json:"since"`
	Opened     int64            `json:"opened"`
	Resolved   int64            `json:"resolved"`
	Overflow   int64            `json:"overflow"`
	ByType     map[string]int64 `json:"by_type"`
	BySeverity map[string]int64 `json:"by_severity"`
	ByPlace    map[string]int64 `json:"by_place"`
	Minutes    map[int64]int64  `json:"minutes"`
	Durations  []time.Duration  `json:"durations"`
}

// saved copies what was counted, the oldest duration first.
func (t *tally) saved(overflow int64) *savedTotals {
	saved := &savedTotals{
		Since: t.since, Opened: t.opened, Resolved: t.resolved, Overflow: overflow,
		ByType: maps.Clone(t.byType), BySeverity: maps.Clone(t.bySeverity), ByPlace: maps.Clone(t.byPlace),
		Minutes: map[int64]int64{}, Durations: slices.Concat(t.durations[t.next:], t.durations[:t.next]),
	}
	for slot, n := range &t.minutes {
		if n > 0 {
			saved.Minutes[t.minuteOf[slot]] = n
		}
	}
	return saved
}

// restore goes on with what was counted before. Of names there may be no more than are counted one by one.
func (t *tally) restore(saved *savedTotals) {
	t.since, t.opened, t.resolved = saved.Since, saved.Opened, saved.Resolved
	for to, from := range map[*map[string]int64]map[string]int64{&t.byType: saved.ByType, &t.bySeverity: saved.BySeverity, &t.byPlace: saved.ByPlace} {
		if from != nil && len(from) <= maxNames+1 {
			*to = from
		}
	}
	for minute, n := range saved.Minutes {
		slot := ((minute % dayMinutes) + dayMinutes) % dayMinutes
		if minute > t.minuteOf[slot] {
			t.minuteOf[slot], t.minutes[slot] = minute, n
		}
	}
	for _, lasted := range saved.Durations {
		t.duration(lasted)
	}
}
