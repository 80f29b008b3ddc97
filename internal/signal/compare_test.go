package signal_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// seriesOfShape is how many series of each shape are forecast. `make bench-forecast` takes 40.
var seriesOfShape = flag.Uint64("series", 1, "how many series of each shape are forecast")

// TestForecasts holds the forecast to what docs/forecast.md says of it, and prints the tables there.
func TestForecasts(t *testing.T) {
	var fills, others []*outcome
	for i := range shapes {
		o := measure(&shapes[i], *seriesOfShape)
		if o.shape.fills {
			fills = append(fills, o)
		} else {
			others = append(others, o)
		}
	}
	t.Log(fillTable(fills) + claimTable(others))
	coverage := 0.0
	for _, o := range fills {
		require.Zero(t, o.hours.missed, o.shape.name)
		coverage += o.intervals.coverage() / float64(len(fills))
	}
	require.Greater(t, coverage, 0.75)
	for _, o := range others {
		require.LessOrEqual(t, o.hours.perDay(), 2.0, o.shape.name)
	}
}

// fillTable says what was seen of series that fill.
func fillTable(outcomes []*outcome) string {
	var b strings.Builder
	b.WriteString("\n| series that fill | time left: within a day | mixin, warning | time left: within 4 hours | mixin, critical | true time in the interval | before it | error of the time, median |\n|---|---|---|---|---|---|---|---|\n")
	for _, o := range outcomes {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.0f%% | %.1f%% | %.1f%% |\n", o.shape.name, o.day.left(), o.mixinWarning.left(), o.hours.left(),
			o.mixinCritical.left(), 100*o.intervals.coverage(), 100*float64(o.intervals.early)/float64(max(o.intervals.judged, 1)), 100*middle(o.intervals.errors))
	}
	return b.String()
}

// claimTable says what was claimed of series that do not fill.
func claimTable(outcomes []*outcome) string {
	var b strings.Builder
	b.WriteString("\n| series that do not fill: false claims a day, and of the time | within a day | mixin, warning | within 4 hours | mixin, critical |\n|---|---|---|---|---|\n")
	for _, o := range outcomes {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", o.shape.name, o.day.falsely(), o.mixinWarning.falsely(), o.hours.falsely(), o.mixinCritical.falsely())
	}
	return b.String()
}

// left gives the time left in half of the series, and how many were missed.
func (t *tally) left() string {
	lead := middle(t.lead)
	switch {
	case len(t.lead) == 0:
		return "missed"
	case t.missed > 0:
		return fmt.Sprintf("%s, missed %d of %d", hours(lead), t.missed, t.series)
	default:
		return hours(lead)
	}
}

func (t *tally) falsely() string {
	return fmt.Sprintf("%.1f, %.1f%%", t.perDay(), 100*float64(t.claimed)/float64(max(t.judged, 1)))
}

func hours(d time.Duration) string {
	if d < 2*time.Hour {
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
