package probe

import (
	"fmt"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/internal/signal"
)

// The sentences below are the bodies of events, for a person who was just woken: what is wrong where, how
// bad it is, by which number.

func (w *eventWriter) observedSentence(c *condition, change signal.Change) string {
	how := map[signal.Change]string{signal.Worse: "now ", signal.Better: "better, now "}[change] + c.severity().String()
	if change == signal.Unchanged {
		how += ", for " + about(c.machine.Lasted(w.set.now))
	}
	text := fmt.Sprintf("%s on %s (%s): %s", c.signal.Title, c.entity.Name, how, w.valueAndThreshold(c))
	if change == signal.Unchanged {
		text += w.atWorst(c, c.machine.Peak())
	}
	return text + "."
}

func (w *eventWriter) predictedSentence(c *condition) string {
	text := fmt.Sprintf("%s of %s is expected to run out (%s)", sentenceCase(c.signal.Subject), c.entity.Name, c.severity())
	if c.foreseen {
		text += fmt.Sprintf(" in about %s, between %s and %s", about(c.forecast.ETA), w.moment(c.forecast.Earliest), w.moment(c.forecast.Latest))
	}
	return text + ": " + w.value(c) + "."
}

func (w *eventWriter) clearedSentence(c *condition, reason string, lasted time.Duration, peak float64) string {
	over := "over after " + about(lasted)
	if reason != "" {
		over += ", since it is " + reason
	} else {
		over += ", " + w.value(c)
	}
	return fmt.Sprintf("%s on %s: %s%s.", c.signal.Title, c.entity.Name, over, w.atWorst(c, peak))
}

func (w *eventWriter) unforetoldSentence(c *condition, reason string) string {
	text := fmt.Sprintf("%s of %s is %s", sentenceCase(c.signal.Subject), c.entity.Name, reason)
	if c.seen == measured {
		text += ": " + w.value(c)
	}
	return text + "."
}

func (w *eventWriter) staleSentence(c *condition) string {
	return fmt.Sprintf("%s of %s could not be measured for %s: %s.", sentenceCase(c.signal.Subject), c.entity.Name,
		about(w.set.now-c.unknownAt), strings.TrimSuffix(c.reason, "."))
}

func (w *eventWriter) staleOverSentence(c *condition, reason string, lasted time.Duration) string {
	how := "is measured again"
	if reason != "" {
		how = "is " + reason
	}
	return fmt.Sprintf("%s of %s %s, after %s.", sentenceCase(c.signal.Subject), c.entity.Name, how, about(lasted))
}

// value says what was measured.
func (w *eventWriter) value(c *condition) string {
	if c.reading.Says != "" {
		return c.reading.Says
	}
	return strings.TrimSpace(c.signal.format(c.reading.Sample.Value) + " " + c.signal.Quantity)
}

func (w *eventWriter) valueAndThreshold(c *condition) string {
	if c.reading.Says != "" {
		return c.reading.Says
	}
	return w.value(c) + ", the threshold is " + c.signal.format(c.threshold())
}

func (w *eventWriter) atWorst(c *condition, peak float64) string {
	if c.reading.Says != "" {
		return ""
	}
	return ", at worst " + c.signal.format(peak)
}

func (w *eventWriter) moment(ahead time.Duration) string {
	return w.set.wall.Add(ahead).UTC().Format("2006-01-02 15:04 MST")
}

func rate(f signal.Forecast) string {
	return fmt.Sprintf("it rises by %s an hour, measured over the last %s, and is exhausted in %s",
		Percent(f.Slope*time.Hour.Seconds()), about(f.Window), between(f))
}

func between(f signal.Forecast) string {
	return fmt.Sprintf("about %s (%s to %s)", about(f.ETA), about(f.Earliest), about(f.Latest))
}

// about is a time as people say it, in the unit in which it is at least two.
func about(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "days"}, {time.Hour, "hours"}, {time.Minute, "minutes"}} {
		if d >= 2*unit.length {
			return fmt.Sprintf("%d %s", d.Round(unit.length)/unit.length, unit.name)
		}
	}
	return fmt.Sprintf("%d seconds", d.Round(time.Second)/time.Second)
}

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
