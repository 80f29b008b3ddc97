package notify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// line is what a test says of an alert.
type line struct {
	severity string
	origin   string
	ends     time.Duration
}

func linesOf(now time.Time, alerts []*alert) []line {
	list := []line{}
	for _, a := range alerts {
		list = append(list, line{severity: a.Labels["severity"], origin: a.Labels["failure_origin"], ends: a.EndsAt.Sub(now)})
	}
	return list
}

func severe(severity string) func(*Failure) { return func(f *Failure) { f.Severity = severity } }

func staleFailure(f *Failure) { f.Status = "stale" }

func TestLedger(t *testing.T) {
	const lasts = 3 * time.Minute
	cascade := timeout("c", severe("critical"), func(f *Failure) { f.FailureType, f.Origin = "CASCADING_FAILURES", "stock" })
	victim := timeout("a", func(f *Failure) { f.SuppressedBy, f.Held = "c", true })
	type step struct {
		failures []*Failure
		all      bool
		want     []line
	}
	for name, c := range map[string]struct {
		resolve Resolve
		steps   []step
	}{
		"what is new is told once, and again with all": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{timeout("a")}, want: []line{}},
			{failures: []*Failure{timeout("a")}, all: true, want: []line{{"high", "", lasts}}},
		}},
		"what has ended is told once": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{want: []line{{"high", "", 0}}},
			{all: true, want: []line{}},
		}},
		"what comes back is new": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{want: []line{{"high", "", 0}}},
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
		}},
		"by expiry nothing is said of an end": {resolve: ResolveByExpiry, steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{all: true, want: []line{}},
		}},
		"of what is stale nothing is said": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{timeout("a", staleFailure)}, all: true, want: []line{}},
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
		}},
		"another severity begins as the last ends": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{timeout("a", severe("critical"))}, want: []line{{"critical", "", lasts}, {"high", "", 0}}},
			{failures: []*Failure{timeout("a", severe("critical"))}, all: true, want: []line{{"critical", "", lasts}}},
		}},
		"a victim of a cascade begins as what it was ends": {steps: []step{
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{victim, cascade}, want: []line{{"critical", "stock", lasts}, {"high", "stock", lasts}, {"high", "", 0}}},
			{failures: []*Failure{victim}, want: []line{{"high", "", lasts}, {"critical", "stock", 0}, {"high", "stock", 0}}},
		}},
		"below the least severity it has ended": {steps: []step{
			{failures: []*Failure{timeout("a", severe("low"))}, want: []line{}},
			{failures: []*Failure{timeout("a")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{timeout("a", severe("low"))}, want: []line{{"high", "", 0}}},
		}},
		"one alert for failures of the same labels, until the last ends": {steps: []step{
			{failures: []*Failure{timeout("a"), timeout("b")}, want: []line{{"high", "", lasts}}},
			{failures: []*Failure{timeout("b")}, want: []line{}},
			{want: []line{{"high", "", 0}}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			config := &AlertmanagerConfig{Filter: Filter{MinSeverity: 2}, ResendInterval: time.Minute, Resolve: c.resolve}
			l, now := newLedger(config), start.Add(time.Hour)
			for i, s := range c.steps {
				now = now.Add(time.Second)
				require.Equal(t, s.want, linesOf(now, l.next(now, s.failures, s.all)), "step %d", i)
			}
		})
	}
}

func TestStartOfAnAlert(t *testing.T) {
	config := &AlertmanagerConfig{ResendInterval: time.Minute}
	first := timeout("b", func(f *Failure) { f.FirstSeen, f.LastSeen = start.Add(-time.Hour), start })
	latest := timeout("a", func(f *Failure) { f.LastSeen, f.URL = start.Add(time.Minute), "https://feed.example/#a" })
	for _, failures := range [][]*Failure{{first, latest}, {latest, first}} {
		told := newLedger(config).next(start.Add(time.Hour), failures, true)
		require.Len(t, told, 1)
		require.Equal(t, start.Add(-time.Hour), told[0].StartsAt, "the alert began with the first")
		require.Equal(t, "a", told[0].Annotations["incident_id"], "and shows the latest")
		require.Equal(t, "https://feed.example/#a", told[0].GeneratorURL)
	}
	told := newLedger(config).next(start.Add(-time.Minute), []*Failure{timeout("a")}, true)
	require.Equal(t, start.Add(-time.Minute), told[0].StartsAt, "Alertmanager refuses what begins in the future")
}
