package incident

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestLifeOfAnIncident(t *testing.T) {
	s := newScript(t, testSettings())
	opened := s.only(s.send(broken("shop", "a")))
	require.Equal(t, failure.EventOpened, opened.Name)
	require.Equal(t, failure.StatusActive, opened.Status)
	require.EqualValues(t, 1, opened.Incident.Count)
	require.Equal(t, start.UnixNano(), opened.Time)
	require.Regexp(t, "^[0-9a-f]{32}$", opened.Incident.ID)

	var events []Event
	for range 13 {
		events = append(events, s.wait(5*time.Minute)...)
		events = append(events, s.send(broken("shop", "a"))...)
	}
	ongoing := s.only(events)
	require.Equal(t, []string{"ongoing#2 high"}, names(events), "one reminder within the hour")
	require.EqualValues(t, 12, ongoing.Incident.Count)

	require.Empty(t, s.wait(15*time.Minute-10*time.Second))
	resolved := s.only(s.wait(10 * time.Second))
	require.Equal(t, failure.EventResolved, resolved.Name)
	require.Equal(t, failure.StatusResolved, resolved.Status)
	require.Equal(t, "quiet for 15m", resolved.Reason)
	require.Equal(t, opened.Incident.ID, resolved.Incident.ID)
	require.EqualValues(t, 3, resolved.Sequence)
	require.EqualValues(t, 14, resolved.Incident.Count)
	require.Zero(t, value(s.state.Active))
	require.EqualValues(t, 14, value(s.state.Occurrences))
	require.EqualValues(t, 2, value(s.state.Transitions), "a reminder is no transition")
}

func TestReturnOfAnIncident(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after time.Duration
		event string
		same  bool
		first int64
	}{
		{"within a day it is the same one", 23 * time.Hour, failure.EventRegressed, true, 3},
		{"later it is a new one that names the old", 25 * time.Hour, failure.EventOpened, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScript(t, testSettings())
			old := s.only(s.send(broken("shop", "a", inVersion("1.4.0"))))
			s.wait(tc.after)
			back := s.only(s.send(broken("shop", "a", inVersion("1.4.1"))))
			require.Equal(t, tc.event, back.Name)
			require.Equal(t, tc.first, back.Sequence)
			require.Equal(t, tc.same, old.Incident.ID == back.Incident.ID)
			if tc.same {
				require.EqualValues(t, 2, back.Incident.Count)
				require.Contains(t, back.Evidence, "observed: resolved in service.version 1.4.0, came back in 1.4.1")
			} else {
				require.Equal(t, old.Incident.ID, back.Incident.RegressionOf)
			}
		})
	}
	t.Run("after a week it is new", func(t *testing.T) {
		s := newScript(t, testSettings())
		s.send(broken("shop", "a"))
		s.wait(8 * 24 * time.Hour)
		require.Empty(t, s.only(s.send(broken("shop", "a"))).Incident.RegressionOf)
	})
}

func TestWhatIsOneIncident(t *testing.T) {
	s := newScript(t, testSettings())
	entity := func(o *Observation) { o.Entity = "db:postgresql://a:5432/x" }
	require.Len(t, s.send(broken("shop", "a"), broken("shop", "a"), broken("shop", "b"), broken("till", "a"), broken("shop", "a", entity)), 4)
}

func TestRuleSaysWhenItResolves(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(broken("shop", "a", byRule("quick")))
	require.Equal(t, "quiet for 2m", s.only(s.wait(3*time.Minute)).Reason)

	t.Run("and changed rules hold for what is open", func(t *testing.T) {
		s.send(broken("shop", "b"))
		s.state.SetPolicies(func(string, string) Policy { return Policy{ResolveAfter: time.Minute} })
		require.Equal(t, "quiet for 1m", s.only(s.wait(2*time.Minute)).Reason)
	})
}

func TestSeverityRisesWithItsRecords(t *testing.T) {
	s := newScript(t, testSettings())
	medium, critical := ofType("X", "x", failure.Medium), ofType("X", "x", failure.Critical)
	require.Equal(t,
		[]string{"opened#1 medium", "escalated#2 critical"},
		names(s.send(broken("shop", "a", medium), broken("shop", "a", critical), broken("shop", "a", medium))))
	require.EqualValues(t, 1, value(s.state.Active))
	require.Equal(t, []string{"X", "critical"}, s.state.Active.Series[1].Labels)
	require.EqualValues(t, 1, s.state.Active.Series[1].Value)
}

func TestTransientFailures(t *testing.T) {
	transient := ofType("NETWORK_ERROR", "network", failure.Medium)
	t.Run("three within five minutes are announced, counted from the first", func(t *testing.T) {
		s := newScript(t, testSettings())
		require.Empty(t, s.send(broken("shop", "a", transient)))
		s.wait(2 * time.Minute)
		require.Empty(t, s.send(broken("shop", "a", transient)))
		s.wait(2 * time.Minute)
		opened := s.only(s.send(broken("shop", "a", transient)))
		require.Equal(t, failure.EventOpened, opened.Name)
		require.EqualValues(t, 3, opened.Incident.Count)
		require.Equal(t, start.UnixNano(), opened.Incident.First)
	})
	t.Run("three within longer are not, and they end in silence", func(t *testing.T) {
		s := newScript(t, testSettings())
		for range 3 {
			require.Empty(t, s.send(broken("shop", "a", transient)))
			require.Empty(t, s.wait(3*time.Minute))
		}
		require.Empty(t, s.wait(time.Hour))
		require.EqualValues(t, 3, value(s.state.Occurrences), "but they are counted")
		require.Empty(t, s.state.incidents)
	})
	t.Run("event time counts, in any order", func(t *testing.T) {
		s := newScript(t, testSettings())
		ago := func(d time.Duration) Observation { return broken("shop", "a", transient, at(start.Add(-d))) }
		require.Empty(t, s.send(ago(time.Hour), ago(10*time.Minute), ago(4*time.Minute), ago(0)))
		require.Len(t, s.send(ago(3*time.Minute)), 1)
	})
	t.Run("one that comes back is held to the same", func(t *testing.T) {
		s := newScript(t, testSettings())
		three := func() []Event {
			return s.send(broken("shop", "a", transient), broken("shop", "a", transient), broken("shop", "a", transient))
		}
		require.Equal(t, []string{"opened#1 medium"}, names(three()))
		s.wait(20 * time.Minute)
		require.Empty(t, s.send(broken("shop", "a", transient)))
		require.Empty(t, s.wait(20*time.Minute), "once is nothing, and ends in silence")
		require.Equal(t, []string{"regressed#3 medium"}, names(three()), "it is still known")
	})
	t.Run("high ones are announced at the first", func(t *testing.T) {
		s := newScript(t, testSettings())
		require.Len(t, s.send(broken("shop", "a", ofType("NETWORK_ERROR", "network", failure.High))), 1)
	})
	t.Run("one that becomes high is announced at once", func(t *testing.T) {
		s := newScript(t, testSettings())
		require.Empty(t, s.send(broken("shop", "a", transient)))
		require.Equal(t, []string{"opened#1 medium", "escalated#2 high"},
			names(s.send(broken("shop", "a", ofType("NETWORK_ERROR", "network", failure.High)))))
	})
}

func TestFlappingIsDampedAndSaid(t *testing.T) {
	s := newScript(t, testSettings())
	flap := func() []Event {
		events := s.send(broken("shop", "a"))
		s.now = s.now.Add(time.Minute)
		events = append(events, s.send(broken("shop", "", func(o *Observation) { o.Kind, o.Clears = Clear, []string{"DISK_SPACE_LOW"} }))...)
		return append(events, s.wait(time.Minute)...)
	}
	var events []Event
	for range 30 {
		events = append(events, flap()...)
	}
	require.Equal(t, []string{
		"opened#1 high", "resolved#2 high", "regressed#3 high", "resolved#4 high", "regressed#5 high", "resolved#6 high",
		"regressed#7 high",
	}, names(events), "the fourth time it stays open")
	require.Equal(t, "flapping: back for the 3rd time within the hour", events[6].Reason)
	require.Contains(t, events[6].Evidence[0], "flapping, came back 3 times within 1h: once it is over it stays open for 5m more")

	require.Equal(t, []string{"resolved#8 high"}, names(s.wait(time.Hour)))
	s.wait(time.Hour)
	require.Equal(t, []string{"regressed#9 high"}, names(s.send(broken("shop", "a"))))
	require.Len(t, s.send(broken("shop", "", func(o *Observation) { o.Kind, o.Clears = Clear, []string{"DISK_SPACE_LOW"} })), 1,
		"an hour later it is not flapping")
}

func TestClearPatterns(t *testing.T) {
	for _, tc := range []struct {
		name  string
		clear func(*Observation)
		ends  int
	}{
		{"ends the types that it names in its group", func(o *Observation) { o.Clears = []string{"DISK_SPACE_LOW", "Y"} }, 2},
		{"leaves other types", func(o *Observation) { o.Clears = []string{"Y"} }, 0},
		{"leaves other groups", func(o *Observation) { o.Clears, o.Resource = []string{"DISK_SPACE_LOW"}, resource("till") }, 0},
		{"ends only the entity that it names", func(o *Observation) { o.Clears, o.Entity = []string{"DISK_SPACE_LOW"}, "host:a" }, 1},
		{"leaves what came after it", func(o *Observation) {
			o.Clears, o.Time = []string{"DISK_SPACE_LOW"}, start.Add(-time.Minute).UnixNano()
		}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScript(t, testSettings())
			s.send(broken("shop", "a"), broken("shop", "b", func(o *Observation) { o.Entity = "host:a" }))
			events := s.send(broken("shop", "", func(o *Observation) { o.Kind = Clear }, tc.clear))
			require.Len(t, events, tc.ends)
			for i := range events {
				require.Equal(t, failure.EventResolved, events[i].Name)
				require.Equal(t, "a record says so", events[i].Reason)
			}
		})
	}
}

func TestUnclassifiedExceptions(t *testing.T) {
	exception := func(o *Observation) {
		o.Kind, o.Type, o.Category, o.Rule, o.Severity = Unclassified, failure.TypeUnclassified, failure.CategoryUnclassified, "", failure.Medium
	}
	for mode, events := range map[UnclassifiedMode]int{UnclassifiedCount: 0, UnclassifiedIncident: 1} {
		t.Run(string(mode), func(t *testing.T) {
			settings := testSettings()
			settings.Unclassified = mode
			s := newScript(t, settings)
			require.Len(t, s.send(broken("shop", "a", exception), broken("shop", "a", exception)), events)
			require.EqualValues(t, 2, value(s.state.Unclassified))
			require.Zero(t, value(s.state.Occurrences))
		})
	}
}

func TestWithoutIncidentsFailuresAreCounted(t *testing.T) {
	settings := testSettings()
	settings.Incidents = false
	s := newScript(t, settings)
	require.Empty(t, s.send(broken("shop", "a"), broken("shop", "b")))
	require.EqualValues(t, 2, value(s.state.Occurrences))
	require.Empty(t, s.wait(time.Hour))
}

func TestTimesThatCannotBe(t *testing.T) {
	s := newScript(t, testSettings())
	for _, told := range []int64{0, -1, -1 << 63, 1<<63 - 1, start.Add(time.Hour).UnixNano()} {
		s.send(broken("shop", "a", func(o *Observation) { o.Time = told }))
	}
	in := s.only(s.send(broken("shop", "a", ofType("DISK_SPACE_LOW", "resource", failure.Critical)))).Incident
	require.Equal(t, start.UnixNano(), in.First)
	require.Equal(t, start.UnixNano(), in.Last)

	t.Run("a clock that is set back stands still", func(t *testing.T) {
		s.now = start.Add(-24 * time.Hour)
		require.Empty(t, s.send(broken("shop", "a")))
		require.Empty(t, s.state.Tick(s.now))
		s.now = start
		require.Len(t, s.wait(15*time.Minute), 1)
	})
}
