package incident

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// sleep lets a machine be suspended: the clock is somewhere else, and nobody kept the time.
func (s *script) sleep(d time.Duration) []Event {
	s.now = s.now.Add(d)
	return s.state.Tick(s.now)
}

func TestAfterThreeDaysOfSleep(t *testing.T) {
	t.Run("what was open is not over, since nobody listened", func(t *testing.T) {
		s := newScript(t, testSettings())
		s.send(broken("shop", "a"), broken("shop", "b"))
		s.wait(10 * time.Minute)
		require.Equal(t, []string{"ongoing#2 high", "ongoing#2 high"}, names(s.sleep(72*time.Hour)), "the reminder that is due")
		require.Empty(t, s.send(broken("shop", "a")), "it did not come back, it goes on")
		require.Empty(t, s.wait(4*time.Minute))
		require.Equal(t, []string{"resolved#3 high"}, names(s.wait(time.Minute+10*time.Second)), "b was quiet for a quarter of an hour")
		require.Equal(t, []string{"resolved#3 high"}, names(s.wait(10*time.Minute)))
	})
	t.Run("a record that comes before the first second passes finds it open", func(t *testing.T) {
		s := newScript(t, testSettings())
		s.send(broken("shop", "a"))
		s.wait(time.Minute)
		s.now = s.now.Add(72 * time.Hour)
		require.Equal(t, []string{"ongoing#2 high"}, names(s.send(broken("shop", "a"))))
	})
	t.Run("a probe has its time to be heard of", func(t *testing.T) {
		s := newScript(t, testSettings())
		s.send(probed(Observed, failure.Critical))
		s.wait(time.Minute)
		s.sleep(72 * time.Hour)
		require.Empty(t, s.wait(13*time.Minute))
		require.Equal(t, failure.StatusStale, s.only(s.wait(2*time.Minute)).Status)
	})
	t.Run("one that flaps and is over is held as long as before", func(t *testing.T) {
		s := newScript(t, testSettings())
		over := broken("shop", "", func(o *Observation) { o.Kind, o.Clears = Clear, []string{"DISK_SPACE_LOW"} })
		for range 4 {
			s.send(broken("shop", "a"))
			s.send(over)
		}
		s.wait(time.Minute)
		s.sleep(72 * time.Hour)
		require.Len(t, s.state.incidents, 1)
		require.Empty(t, s.wait(3*time.Minute))
		require.Equal(t, failure.EventResolved, s.only(s.wait(time.Minute+10*time.Second)).Name)
	})
}

func TestAClockThatWasSetBackBeforeARestart(t *testing.T) {
	before := newScript(t, testSettings())
	before.now = start.AddDate(5, 0, 0)
	before.send(broken("shop", "over", byRule("quick")))
	before.wait(3 * time.Minute)
	before.send(broken("shop", "a", ofType("PYDANTIC_MISSING_FIELD", "pydantic", failure.High)))
	before.wait(10 * time.Minute)

	s, events := before.restart(testSettings(), -5*365*24*time.Hour)
	require.Equal(t, []string{"ongoing#2 high"}, names(events))
	require.False(t, time.Unix(0, events[0].Incident.Opened).After(s.now))
	require.Empty(t, s.wait(4*time.Minute))
	require.Equal(t, []string{"resolved#3 high"}, names(s.wait(time.Minute+10*time.Second)), "quiet for five minutes more")

	t.Run("thresholds count what happens now", func(t *testing.T) {
		obs := broken("shop", "a", ofType("PYDANTIC_MISSING_FIELD", "pydantic", failure.High))
		obs.Time = s.now.UnixNano()
		require.Equal(t, []string{"regressed#4 high", "escalated#5 critical"}, names(s.send(obs, obs, obs, obs, obs)))
	})
	t.Run("what ended is forgotten when its time has come", func(t *testing.T) {
		s.wait(2 * time.Hour)
		require.NotEmpty(t, s.state.closed.known)
		s.sleep(8 * 24 * time.Hour)
		require.Empty(t, s.state.closed.known)
	})
}

func TestWhatWasWaitedForMayHaveComeDuringTheSleep(t *testing.T) {
	s := newWorkshop(t)
	s.whole(6)
	s.traces++
	s.steps(1, false, "load")
	s.wait(time.Minute)
	s.now = s.now.Add(72 * time.Hour)
	require.Empty(t, s.state.Tick(s.now))
	require.Empty(t, s.wait(20*time.Minute), "neither the task nor its stage hangs")
	require.True(t, s.state.hangs.idle())
}

func TestCallsAreStillBrokenAfterASleep(t *testing.T) {
	s := newShop(t)
	s.calls(25, "stock", true, "refused")
	s.wait(time.Minute)
	s.now = s.now.Add(72 * time.Hour)
	for _, e := range s.state.Tick(s.now) {
		require.NotEqual(t, failure.EventResolved, e.Name)
	}
	require.Empty(t, s.calls(5, "stock", true, "refused"))
	require.Equal(t, []string{"checkout stock:80 open"}, s.circuits())
}
