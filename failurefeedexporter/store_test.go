package failurefeedexporter

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

func newTestStore(change func(*Config)) *store {
	config := defaultConfig()
	if change != nil {
		change(config)
	}
	return newStore(config, start)
}

// step of a life: what arrives, and what is told of it and shown after it.
type lifeStep struct {
	logs    plog.Logs
	outcome outcome
	told    string
	status  string
	life    []string
}

func TestLifeOfAnIncident(t *testing.T) {
	for _, tc := range []struct {
		name  string
		steps []lifeStep
	}{
		{"opens, escalates and ends", []lifeStep{
			{incident("a", 1, failure.EventOpened), taken, failure.EventOpened, "active", []string{"opened"}},
			{incident("a", 2, failure.EventEscalated), taken, failure.EventEscalated, "active", []string{"opened", "escalated"}},
			{incident("a", 3, failure.EventResolved), taken, failure.EventResolved, "resolved", []string{"opened", "escalated", "resolved"}},
			{incident("a", 4, failure.EventRegressed), taken, failure.EventRegressed, "active", []string{"opened", "escalated", "resolved", "regressed"}},
		}},
		{"is shown from any event alone", []lifeStep{
			{incident("a", 7, failure.EventOngoing), taken, failure.EventOngoing, "active", []string{"ongoing"}},
		}},
		{"an event that comes twice is told once", []lifeStep{
			{incident("a", 1, failure.EventOpened), taken, failure.EventOpened, "active", []string{"opened"}},
			{incident("a", 2, failure.EventResolved), taken, failure.EventResolved, "resolved", []string{"opened", "resolved"}},
			{incident("a", 2, failure.EventResolved), known, "", "resolved", []string{"opened", "resolved"}},
			{incident("a", 1, failure.EventOpened), known, "", "resolved", []string{"opened", "resolved"}},
		}},
		{"an event that comes late is in the timeline and opens nothing again", []lifeStep{
			{incident("a", 1, failure.EventOpened), taken, failure.EventOpened, "active", []string{"opened"}},
			{incident("a", 3, failure.EventResolved), taken, failure.EventResolved, "resolved", []string{"opened", "resolved"}},
			{incident("a", 2, failure.EventEscalated), taken, "", "resolved", []string{"opened", "escalated", "resolved"}},
		}},
		{"a probe's condition begins, gets worse and better, ends and comes back", []lifeStep{
			{probe(failure.EventPredicted, "medium", start), taken, failure.EventPredicted, "predicted", []string{"predicted"}},
			{probe(failure.EventObserved, "medium", start.Add(1)), taken, failure.EventOpened, "active", []string{"predicted", "opened"}},
			{probe(failure.EventObserved, "critical", start.Add(2)), taken, failure.EventEscalated, "active", []string{"predicted", "opened", "escalated"}},
			{probe(failure.EventObserved, "high", start.Add(3)), taken, failure.EventOngoing, "active", []string{"predicted", "opened", "escalated", "ongoing"}},
			{probe(failure.EventObserved, "high", start.Add(4)), taken, failure.EventOngoing, "active", []string{"predicted", "opened", "escalated", "ongoing"}},
			{probe(failure.EventPredicted, "high", start.Add(5)), known, "", "active", []string{"predicted", "opened", "escalated", "ongoing"}},
			{probe(failure.EventCleared, "high", start.Add(6)), taken, failure.EventResolved, "resolved", []string{"predicted", "opened", "escalated", "ongoing", "resolved"}},
			{probe(failure.EventCleared, "high", start.Add(7)), known, "", "resolved", []string{"predicted", "opened", "escalated", "ongoing", "resolved"}},
			{probe(failure.EventObserved, "high", start.Add(8)), taken, failure.EventRegressed, "active", []string{"predicted", "opened", "escalated", "ongoing", "resolved", "regressed"}},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newTestStore(nil)
			for i, step := range tc.steps {
				e := read(t, step.logs, start)
				shown, told, became := s.apply(e)
				require.Equal(t, step.outcome, became, "step %d", i)
				require.Equal(t, step.told, told, "step %d", i)
				require.Equal(t, step.told != "", shown != nil, "step %d", i)
				kept := s.get(e.ID)
				require.Equal(t, step.status, kept.Status, "step %d", i)
				life := []string{}
				for _, m := range kept.timeline.moments {
					life = append(life, m.Event[len(failure.EventPrefix):])
				}
				require.Equal(t, step.life, life, "step %d", i)
			}
		})
	}
}

func TestAClearedConditionThatIsNotShownIsNoNews(t *testing.T) {
	s := newTestStore(nil)
	_, _, became := s.apply(read(t, probe(failure.EventCleared, "high", start), start))
	require.Equal(t, known, became)
	require.Zero(t, s.size())
}

func TestAProbeSaysForHowLongAConditionLasts(t *testing.T) {
	s := newTestStore(nil)
	first := read(t, probe(failure.EventObserved, "high", start), start)
	s.apply(first)
	s.apply(read(t, probe(failure.EventObserved, "high", start.Add(time.Hour)), start))
	require.Equal(t, start, s.get(first.ID).FirstSeen)
	require.Equal(t, start.Add(time.Hour), s.get(first.ID).LastSeen)
	require.EqualValues(t, 1, s.get(first.ID).Count)
}

func TestWhatIsOverMakesRoom(t *testing.T) {
	s := newTestStore(func(c *Config) { c.Limits.Failures = 2 })
	s.apply(read(t, incident("a", 1, failure.EventOpened), start))
	s.apply(read(t, incident("b", 1, failure.EventOpened), start))
	shown, _, became := s.apply(read(t, incident("c", 1, failure.EventOpened), start))
	require.Equal(t, overflowed, became, "both go on")
	require.NotNil(t, shown, "it is told all the same")
	require.EqualValues(t, 1, s.stats(start, scope{}).Overflow)

	s.apply(read(t, incident("b", 2, failure.EventResolved), start))
	_, _, became = s.apply(read(t, incident("c", 2, failure.EventOngoing), start))
	require.Equal(t, taken, became)
	require.Nil(t, s.get("b"))
	require.NotNil(t, s.get("a"))
	require.NotNil(t, s.get("c"))
	require.Equal(t, 2, s.size())
}

func TestSweepForgetsWhatIsLongOver(t *testing.T) {
	s := newTestStore(func(c *Config) { c.KeepEnded = time.Hour })
	s.apply(read(t, incident("a", 1, failure.EventResolved), start))
	s.apply(read(t, incident("b", 1, failure.EventOpened), start))
	require.Empty(t, s.sweep(start.Add(time.Hour-1)))
	require.NotNil(t, s.get("a"))
	require.Empty(t, s.sweep(start.Add(time.Hour)))
	require.Nil(t, s.get("a"))
	require.NotNil(t, s.get("b"))
}

func TestSweepCallsStaleWhatIsNotHeardOf(t *testing.T) {
	for _, tc := range []struct {
		name  string
		logs  plog.Logs
		after time.Duration
	}{
		{"an incident after three reminders", incident("a", 1, failure.EventOpened), 3 * time.Hour},
		{"a probe after three heartbeats", probe(failure.EventObserved, "high", start), 15 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newTestStore(nil)
			e := read(t, tc.logs, start)
			s.apply(e)
			require.Empty(t, s.sweep(start.Add(tc.after)))
			stale := s.sweep(start.Add(tc.after + 1))
			require.Len(t, stale, 1)
			require.Equal(t, failure.StatusStale, s.get(e.ID).Status)
			require.Empty(t, s.sweep(start.Add(tc.after+2)), "it is told once")

			again := read(t, tc.logs, start.Add(tc.after))
			again.sequence++
			s.apply(again)
			require.Equal(t, failure.StatusActive, s.get(e.ID).Status)
		})
	}
}

func TestTimelineKeepsTheFirstAndTheLatest(t *testing.T) {
	s := newTestStore(nil)
	for sequence := range int64(1000) {
		s.apply(read(t, incident("a", sequence+1, failure.EventOngoing), start))
	}
	kept := s.get("a").timeline
	require.Len(t, kept.moments, maxTimeline)
	require.Equal(t, 1000-maxTimeline, kept.left)
	require.EqualValues(t, 1, kept.moments[0].Sequence)
	require.EqualValues(t, 1000, kept.moments[maxTimeline-1].Sequence)
	_, _, became := s.apply(read(t, incident("a", 500, failure.EventOngoing), start))
	require.Equal(t, known, became, "what was left out counts as seen")
}

func TestStatsCountFailuresOnce(t *testing.T) {
	s := newTestStore(nil)
	for _, logs := range []plog.Logs{
		incident("a", 1, failure.EventOpened), incident("a", 1, failure.EventOpened), incident("a", 2, failure.EventOngoing),
		incident("a", 3, failure.EventResolved), incident("b", 1, failure.EventOpened), incident("c", 1, failure.EventPredicted),
		probe(failure.EventObserved, "critical", start),
	} {
		s.apply(read(t, logs, start))
	}
	got := s.stats(start.Add(2*time.Hour), scope{})
	require.EqualValues(t, 3, got.TotalOpened)
	require.EqualValues(t, 1, got.TotalResolved)
	require.Equal(t, []int{2, 1, 0, 1}, []int{got.Active, got.Predicted, got.Stale, got.Resolved})
	require.Equal(t, map[string]int64{"DATABASE_TIMEOUT": 2, "DISK_SPACE_LOW": 1}, got.ByType)
	require.Equal(t, map[string]int64{"high": 2, "critical": 1}, got.BySeverity)
	require.Equal(t, map[string]int64{"checkout": 3}, got.ByService)
	require.EqualValues(t, 0, got.OpenedLast1h)
	require.EqualValues(t, 3, got.OpenedLast24h)
	require.InDelta(t, 1.5, got.OpenedPerHour, 1e-9)
	require.Equal(t, &timeToResolve{Failures: 1, Median: 180, P90: 180, Longest: 180}, got.TimeToResolve)
}

func TestStatsAreBounded(t *testing.T) {
	s := newTestStore(nil)
	for i := range 3 * maxNames {
		logs := incident(strconv.Itoa(i), 1, failure.EventOpened, with(map[string]any{failure.AttrType: "T" + strconv.Itoa(i)}))
		s.apply(read(t, logs, start))
	}
	got := s.stats(start, scope{})
	require.Len(t, got.ByType, maxNames+1)
	require.Positive(t, got.ByType[otherName])
}

func TestTrend(t *testing.T) {
	for name, tc := range map[string]struct {
		counts []int64
		want   string
	}{
		"too little is known": {[]int64{1, 10}, ""},
		"rising":              {[]int64{1, 10, 100}, "rising"},
		"steady":              {[]int64{1, 11, 20}, "steady"},
		"falling":             {[]int64{1, 100, 110}, "falling"},
		"counted anew":        {[]int64{1, 100, 3}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestStore(nil)
			for i, count := range tc.counts {
				s.apply(read(t, incident("a", int64(i+1), failure.EventOngoing, with(map[string]any{failure.AttrCount: count})), start))
			}
			require.Equal(t, tc.want, s.get("a").Trend)
		})
	}
}

func TestAPredictionThatWentSilentCanComeAgainAndComeTrue(t *testing.T) {
	for _, tc := range []struct{ name, event, status, told string }{
		{"predicted again", failure.EventPredicted, failure.StatusPredicted, failure.EventPredicted},
		{"it comes", failure.EventObserved, failure.StatusActive, failure.EventOpened},
		{"it does not come", failure.EventCleared, failure.StatusResolved, failure.EventResolved},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newTestStore(nil)
			s.apply(read(t, probe(failure.EventPredicted, "high", start), start))
			require.Len(t, s.sweep(start.Add(time.Hour)), 1)
			later := start.Add(2 * time.Hour)
			shown, told, became := s.apply(read(t, probe(tc.event, "high", later), later))
			require.Equal(t, taken, became)
			require.Equal(t, tc.told, told)
			require.Equal(t, tc.status, shown.Status)
			require.Equal(t, later, shown.FirstSeen, "that it was predicted is not when it began")
			total := s.stats(later, scope{})
			require.Equal(t, map[string]int64{failure.EventObserved: 1}[tc.event], total.TotalOpened)
			require.Zero(t, total.TotalResolved, "what never was did not end")
		})
	}
}
