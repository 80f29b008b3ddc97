package incident

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestStormStaysBoundedAndVisible(t *testing.T) {
	settings := testSettings()
	settings.Limits.Remembered = 5_000
	s := newScript(t, settings)
	limit := s.state.settings.Limits.GroupIncidents
	s.send(broken("till", "calm"))
	var events []Event
	for i := range 100_000 {
		events = append(events, s.send(broken("shop", strconv.Itoa(i)))...)
	}
	require.Len(t, events, limit+1)
	overflow := events[limit]
	require.Equal(t, FromOverflow, overflow.Incident.Origin)
	require.Equal(t, failure.EventOpened, overflow.Name)
	require.Len(t, s.state.incidents, limit+2)
	require.EqualValues(t, 100_000-limit, s.state.groups["shop"].overflow.Count)
	require.EqualValues(t, 100_000-limit, s.state.Stats.Overflow.Incidents)
	require.EqualValues(t, 100_001, value(s.state.Occurrences), "every one is counted")
	require.EqualValues(t, limit+2, value(s.state.Active))

	require.Len(t, s.send(broken("till", "other")), 1, "another service has room")
	require.Equal(t, []string{"escalated#2 critical"}, names(s.send(broken("shop", "worse", ofType("X", "x", failure.Critical)))))

	t.Run("all end, and what is remembered is bounded", func(t *testing.T) {
		require.Len(t, s.wait(16*time.Minute), limit+3)
		require.Zero(t, value(s.state.Active))
		require.Empty(t, s.state.incidents)
		for i := range 20 {
			for j := range limit {
				s.send(broken("shop", strconv.Itoa(i*limit+j)))
			}
			s.wait(16 * time.Minute)
		}
		require.Len(t, s.state.closed.known, s.state.settings.Limits.Remembered)
		require.LessOrEqual(t, len(s.state.closed.queue), 2*s.state.settings.Limits.Remembered+1)
		require.Positive(t, s.state.closed.forgotten)
	})
}

func TestStormOverAllGroups(t *testing.T) {
	settings := testSettings()
	settings.Limits.Incidents = 50
	s := newScript(t, settings)
	for i := range 1_000 {
		s.send(broken(fmt.Sprint("shop-", i%20), strconv.Itoa(i)))
	}
	require.Len(t, s.state.incidents, 50+20)
	require.EqualValues(t, 1_000, value(s.state.Occurrences))
}

func TestFloodOfGroups(t *testing.T) {
	settings := testSettings()
	settings.Limits.Groups, settings.Limits.Series = 100, 50
	s := newScript(t, settings)
	for i := range 10_000 {
		s.send(broken(fmt.Sprint("pod-", i), "a"))
	}
	require.Len(t, s.state.Groups(), 101)
	require.True(t, s.state.Groups()[100].Overflow)
	require.EqualValues(t, 9_900, s.state.Stats.Overflow.Groups)
	require.EqualValues(t, 10_000, value(s.state.Occurrences))
	require.Len(t, s.state.Occurrences.Series, 51)
	require.True(t, s.state.Occurrences.Series[50].Overflow)
	require.Nil(t, s.state.Occurrences.Series[50].Group)

	t.Run("groups that never come back make room after an hour", func(t *testing.T) {
		s.wait(time.Hour + 20*time.Minute)
		require.Len(t, s.state.Groups(), 1, "the overflow group stays")
		require.Len(t, s.state.TakeEnded().Occurrences, 50)
		require.Len(t, s.state.Occurrences.Series, 1)
		s.send(broken("pod-1", "a"))
		require.Len(t, s.state.Occurrences.Series, 2)
		require.EqualValues(t, 1, s.state.Occurrences.Series[1].Value, "a series that comes back begins anew")
	})
}

func TestOneGroupCannotTakeAllSeries(t *testing.T) {
	settings := testSettings()
	settings.Limits.Series, settings.Limits.GroupSeries = 100, 5
	s := newScript(t, settings)
	for i := range 200 {
		s.send(broken("shop", "a", ofType(fmt.Sprint("TYPE_", i), "x", failure.Low)))
	}
	require.Len(t, s.state.Occurrences.Series, 6)
	last := s.state.Occurrences.Series[5]
	require.True(t, last.Overflow)
	require.Equal(t, "shop", last.Group.Values[0])
	require.EqualValues(t, 195, last.Value)
	require.Positive(t, s.state.Stats.Overflow.Series)
	s.send(broken("till", "a"))
	require.Len(t, s.state.Occurrences.Series, 7)
}

func TestIdleGroupsEnd(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(broken("shop", "a"))
	s.wait(24*time.Hour - time.Minute)
	require.Len(t, s.state.Groups(), 1)
	s.wait(2 * time.Minute)
	require.Empty(t, s.state.Groups())
}

func TestHealth(t *testing.T) {
	s := newScript(t, testSettings())
	health := func() float64 { return s.state.Health(s.state.Groups()[0]) }
	s.send(broken("shop", "a", ofType("X", "x", failure.Critical)))
	once := health()
	require.InDelta(t, 1-0.8*(1+0.2/1.2)/2, once, 1e-9, "as the formula says for a fifth of a failure a minute")
	for range 1_000 {
		s.send(broken("shop", "a", ofType("X", "x", failure.Critical)))
	}
	require.InDelta(t, 0.2, health(), 0.01)
	s.send(broken("shop", "b", ofType("X", "x", failure.Low)))
	require.Less(t, health(), 0.2)
	s.wait(16 * time.Minute)
	require.InDelta(t, 1, health(), 0)
}
