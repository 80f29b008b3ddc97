package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

func TestClock(t *testing.T) {
	start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	c := new(clock)
	for _, step := range []struct {
		name          string
		wall, running time.Duration
		want          time.Duration
	}{
		{"it begins", 0, 0, 0},
		{"it goes with the clock on the wall", time.Minute, time.Minute, time.Minute},
		{"the other is set back by an hour", time.Minute - time.Hour, time.Minute, time.Minute},
		{"it goes on at half the speed", 2*time.Minute - time.Hour, 2 * time.Minute, 90 * time.Second},
		{"until both are the same", 2*time.Hour + time.Minute - time.Hour, 2*time.Hour + time.Minute, time.Hour + time.Minute},
		{"and then goes with it again", time.Hour + 2*time.Minute, 2*time.Hour + 2*time.Minute, time.Hour + 2*time.Minute},
		{"somebody was overtaken", time.Hour, 2 * time.Hour, time.Hour + 2*time.Minute},
		{"the other is set forward", 9 * time.Hour, 2*time.Hour + 3*time.Minute, 9 * time.Hour},
	} {
		got := c.at(start.Add(step.wall), step.running)
		require.Equal(t, start.Add(step.want), got, step.name)
	}
}

func TestClockOfTheMachine(t *testing.T) {
	before := time.Now()
	got := newClock().read()
	require.False(t, got.Before(before.Round(0)))
	require.False(t, got.After(time.Now()))
}

// TestAClockThatIsSetBack has a connector that began before the time was right.
func TestAClockThatIsSetBack(t *testing.T) {
	inTime(t, setBack)
}

func setBack(t *testing.T) {
	t.Helper()
	h := newHarness(t, defaultConfig())
	h.start()
	c, wrong := cores.inUse[h.config], time.Now().Add(3*time.Hour)
	c.clock.at(wrong, 0)
	c.tick(wrong)
	h.sendLogs(failed("orders", "v1:1", func(lr plog.LogRecord) { lr.SetTraceID(pcommon.TraceID{1}) }))
	h.wait(32 * time.Second)
	require.Equal(t, []string{failure.EventOpened}, h.eventNames(), "a failure waits for its trace for twice as long")
	h.wait(30 * time.Minute)
	require.Equal(t, []string{failure.EventOpened, failure.EventResolved}, h.eventNames())
}
