package failurefeedexporter

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

const (
	// maxNames bounds the names that are counted one by one; what comes after is counted as otherName.
	maxNames  = 500
	otherName = "(other)"
	// maxDurations is from how many of the latest failures the time to resolve is taken.
	maxDurations = 512
	// dayMinutes is how many minutes the rates go back.
	dayMinutes = 24 * 60
)

// tally counts failures since the start of the feed. It is guarded by the store's lock.
type tally struct {
	since                       time.Time
	opened, resolved            int64
	byType, bySeverity, byPlace map[string]int64
	// minutes counts what opened, by minute of the day, and when each was of which minute since 1970.
	minutes   [dayMinutes]int64
	minuteOf  [dayMinutes]int64
	durations []time.Duration
	next      int
	// said is what people said, by rule.
	said map[string]*precision
}

func newTally(now time.Time) *tally {
	return &tally{since: now.UTC(), byType: map[string]int64{}, bySeverity: map[string]int64{}, byPlace: map[string]int64{}, said: map[string]*precision{}}
}

// count takes an event of a failure that was as last says, or unknown where that is nil.
func (t *tally) count(name string, last, f *shownFailure) {
	fresh := last == nil && f.Status == failure.StatusActive
	if name == failure.EventOpened && last != nil && last.expected() {
		fresh = true
	}
	if fresh || name == failure.EventRegressed {
		t.open(f, f.received)
	}
	if f.Status == failure.StatusResolved && (last == nil || last.Status != failure.StatusResolved && !last.expected()) {
		t.end(f)
	}
}

func (t *tally) open(f *shownFailure, at time.Time) {
	t.opened++
	add(t.byType, f.FailureType)
	add(t.bySeverity, f.Severity)
	add(t.byPlace, f.place())
	t.minute(at)
}

func (t *tally) end(f *shownFailure) {
	t.resolved++
	t.duration(f.Updated.Sub(f.FirstSeen))
}

// place names who failed: the service, and where that is not known what failed, or where. The page does the same.
func (f *shownFailure) place() string {
	return cmp.Or(f.Service, f.Entity, f.Resource["host.name"])
}

func add(counts map[string]int64, name string) {
	if _, found := counts[name]; !found && len(counts) >= maxNames {
		name = otherName
	}
	counts[name]++
}

func (t *tally) minute(now time.Time) {
	minute := now.Unix() / 60
	slot := minute % dayMinutes
	if t.minuteOf[slot] != minute {
		t.minuteOf[slot], t.minutes[slot] = minute, 0
	}
	t.minutes[slot]++
}

// openedWithin counts what opened in the latest minutes, the current one included.
func (t *tally) openedWithin(now time.Time, minutes int64) int64 {
	var sum int64
	current := now.Unix() / 60
	for slot, minute := range &t.minuteOf {
		if minute > current-minutes && minute <= current {
			sum += t.minutes[slot]
		}
	}
	return sum
}

func (t *tally) duration(lasted time.Duration) {
	if lasted < 0 {
		return
	}
	if len(t.durations) < maxDurations {
		t.durations = append(t.durations, lasted)
		return
	}
	t.durations[t.next] = lasted
	t.next = (t.next + 1) % maxDurations
}

// stats is what the answer to GET /api/v1/stats says.
type stats struct {
	Since         time.Time        `json:"since"`
	Active        int              `json:"active"`
	Predicted     int              `json:"predicted"`
	Stale         int              `json:"stale"`
	Resolved      int              `json:"resolved"`
	TotalOpened   int64            `json:"total_opened"`
	TotalResolved int64            `json:"total_resolved"`
	Overflow      int64            `json:"overflow"`
	OpenedPerHour float64          `json:"opened_per_hour"`
	OpenedLast1h  int64            `json:"opened_last_hour"`
	OpenedLast24h int64            `json:"opened_last_day"`
	ByType        map[string]int64 `json:"by_type"`
	BySeverity    map[string]int64 `json:"by_severity"`
	ByService     map[string]int64 `json:"by_service"`
	TimeToResolve *timeToResolve   `json:"time_to_resolve"`
	RuleSet       *ruleSet         `json:"rule_set,omitempty"`
	// PrecisionByRule is what people said of failures.
	PrecisionByRule map[string]precision `json:"precision_by_rule"`
}

// timeToResolve is in seconds, of the latest failures that were resolved.
type timeToResolve struct {
	Failures int     `json:"failures"`
	Median   float64 `json:"median_seconds"`
	P90      float64 `json:"p90_seconds"`
	Longest  float64 `json:"longest_seconds"`
}

func (s *store) stats(now time.Time, seen scope) stats {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, overflow := s.tally, s.overflow
	if seen.key != "" {
		t, overflow = s.tallyOf(seen), 0
	}
	answer := stats{
		Since: t.since, TotalOpened: t.opened, TotalResolved: t.resolved, Overflow: overflow,
		OpenedLast1h: t.openedWithin(now, 60), OpenedLast24h: t.openedWithin(now, dayMinutes),
		ByType: maps.Clone(t.byType), BySeverity: maps.Clone(t.bySeverity), ByService: maps.Clone(t.byPlace),
		TimeToResolve: t.timeToResolve(), PrecisionByRule: t.precisions(),
	}
	// A feed that is younger than a day has nothing to say about the time before.
	hours := max(1, min(24, now.Sub(t.since).Hours()))
	answer.OpenedPerHour = float64(answer.OpenedLast24h) / hours
	for _, element := range s.failures {
		f := element.Value.(*shownFailure)
		if !seen.sees(f) {
			continue
		}
		switch f.Status {
		case failure.StatusActive:
			answer.Active++
		case failure.StatusPredicted:
			answer.Predicted++
		case failure.StatusStale:
			answer.Stale++
		default:
			answer.Resolved++
		}
	}
	return answer
}

func (t *tally) timeToResolve() *timeToResolve {
	if len(t.durations) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(t.durations))
	at := func(share float64) float64 { return sorted[int(share*float64(len(sorted)-1))].Seconds() }
	return &timeToResolve{Failures: len(sorted), Median: at(0.5), P90: at(0.9), Longest: at(1)}
}
