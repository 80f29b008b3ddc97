package failurefeedexporter

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

// maxTimeline is how many entries of one failure are kept: the first, and the latest. A day of hourly
// reminders fits.
const maxTimeline = 40

// maxMoment bounds the sentence of an entry, in bytes.
const maxMoment = 512

// moment is one event in the life of a failure.
type moment struct {
	Event    string    `json:"event"`
	Sequence int64     `json:"sequence,omitempty"`
	Time     time.Time `json:"time"`
	Status   string    `json:"status"`
	Severity string    `json:"severity"`
	Count    int64     `json:"count"`
	Message  string    `json:"message"`
}

// timeline is the life of a failure, by sequence. A value is never changed.
type timeline struct {
	moments []moment
	// left says how many entries after the first were left out.
	left int
}

// whole says whether it can be gone on with: it has a beginning, and what comes after what was left out.
func (t timeline) whole() bool {
	return len(t.moments) > 1 || len(t.moments) == 1 && t.left == 0
}

// latest gives the last entry, which each failure has.
func (t timeline) latest() moment { return t.moments[len(t.moments)-1] }

// knows says whether an event of this sequence was seen, as far as that is still known: of those that were
// left out, all count as seen.
func (t timeline) knows(sequence int64) bool {
	if t.left > 0 && sequence < t.moments[1].Sequence {
		return true
	}
	return slices.ContainsFunc(t.moments, func(m moment) bool { return m.Sequence == sequence })
}

// with gives the timeline with one entry more, in its place by sequence. A probe numbers nothing and says
// every few minutes that a condition lasts, so of its repetitions the latest stands for all.
func (t timeline) with(m moment) timeline {
	at := len(t.moments)
	for m.Sequence > 0 && at > 0 && t.moments[at-1].Sequence > m.Sequence {
		at--
	}
	if m.Sequence == 0 && at > 0 && repeats(t.moments[at-1], m) {
		fresh := slices.Clone(t.moments)
		fresh[at-1] = m
		return timeline{moments: fresh, left: t.left}
	}
	fresh := slices.Insert(slices.Clone(t.moments), at, m)
	if len(fresh) <= maxTimeline {
		return timeline{moments: fresh, left: t.left}
	}
	return timeline{moments: slices.Delete(fresh, 1, 2), left: t.left + 1}
}

func repeats(last, next moment) bool {
	return last.Event == failure.EventOngoing && next.Event == failure.EventOngoing && last.Severity == next.Severity && last.Status == next.Status
}

// trend compares how often it failed between the last two entries with how often between the two before.
// Fewer entries, or a count that began anew, say nothing.
func (t timeline) trend() string {
	n := len(t.moments)
	if n < 3 {
		return ""
	}
	before, known := rate(t.moments[n-3], t.moments[n-2])
	now, alsoKnown := rate(t.moments[n-2], t.moments[n-1])
	switch {
	case !known || !alsoKnown:
		return ""
	case now > 1.5*before:
		return "rising"
	case before > 1.5*now:
		return "falling"
	default:
		return "steady"
	}
}

// rate gives failures a second between two entries.
func rate(from, to moment) (float64, bool) {
	seconds := to.Time.Sub(from.Time).Seconds()
	if seconds <= 0 || to.Count < from.Count {
		return 0, false
	}
	return float64(to.Count-from.Count) / seconds, true
}
