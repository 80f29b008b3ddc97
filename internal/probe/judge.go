package probe

import (
	"slices"

	"github.com/failuredetector/failuredetector/internal/signal"
)

// judge takes what the scan told of a condition, and writes the events that come of it.
func (s *Set) judge(c *condition, w *eventWriter) {
	switch c.seen {
	case absent:
		s.judgeGone(c, w)
	case skipped:
	case unknown:
		s.judgeUnknown(c, w)
	case measured:
		if c.stale {
			w.staleOver(c, "")
		}
		c.stale, c.wasUnknown = false, false
		s.judgeMeasured(c, w)
	}
}

func (s *Set) judgeMeasured(c *condition, w *eventWriter) {
	sample := c.reading.Sample
	sample.Promoted = sample.Promoted || s.supported(c)
	was := c.severity()
	change := c.machine.Observe(s.now, sample)
	outlook := c.look(s.now, &s.forecaster)
	switch {
	case change == signal.Cleared:
		// What is still foreseen has to be seen again before it is said again.
		c.outlook.Reset()
		w.cleared(c, was, "")
	case c.judgedWell():
		w.denied(c)
	case change != signal.Unchanged:
		w.observed(c, change)
	case c.machine.Firing():
		if s.due(c) {
			w.observed(c, change)
		}
	case c.foretold && c.outlook.Tier() == signal.Calm:
		c.foretold = false
		w.unforetold(c, was, "no longer expected to run out")
	case c.outlook.Tier() != signal.Calm && (outlook || !c.foretold || s.due(c)):
		c.foretold = true
		w.predicted(c)
	}
}

// due says whether it is time to tell of a condition again.
func (s *Set) due(c *condition) bool {
	return s.now-c.told >= s.settings.Heartbeat-s.settings.Interval/2
}

// supported says whether evidence for a condition is up.
func (s *Set) supported(c *condition) bool {
	return slices.ContainsFunc(s.supporters, func(other *condition) bool { return other.isUpFor(c) })
}

// isUpFor says whether evidence is up that supports a condition.
func (c *condition) isUpFor(main *condition) bool {
	return c.machine.Firing() && c.entity.ID == main.entity.ID && slices.Contains(c.signal.Supports, main.signal.ID)
}

func (s *Set) judgeGone(c *condition, w *eventWriter) {
	const gone = "gone"
	if c.stale {
		w.staleOver(c, gone)
	}
	switch {
	case c.machine.Firing():
		w.cleared(c, c.severity(), gone)
	case c.foretold:
		w.unforetold(c, c.severity(), gone)
	}
}

// judgeUnknown leaves the condition as it is, and tells of it once it has been unknown too long. It is not
// told meanwhile that it goes on, since nobody knows.
func (s *Set) judgeUnknown(c *condition, w *eventWriter) {
	if !c.wasUnknown {
		c.wasUnknown, c.unknownAt = true, s.now
	}
	if c.machine.Unknown(s.now) || c.stale && s.now-c.toldStale >= s.settings.Heartbeat-s.settings.Interval/2 {
		c.stale = true
		w.observedStale(c)
	}
}
