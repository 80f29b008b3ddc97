package incident

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// TestReplayGivesWhatTheLiveRunGave feeds states from the same random sequence, one of them with a
// restart at every hundredth step, and compares what they announce. A restart adds nothing but what it
// announces again.
func TestReplayGivesWhatTheLiveRunGave(t *testing.T) {
	settings := testSettings()
	settings.Limits.GroupIncidents = 8
	settings.ReminderInterval = 0 // What a restart announces again is a reminder too.
	run := func(seed uint64, restarts bool) []string {
		random, s := rand.New(rand.NewPCG(seed, 5)), newScript(t, settings)
		var told []string
		for step := range 1_000 {
			s.now = s.now.Add(time.Duration(random.Int64N(int64(3 * time.Minute))))
			events := s.state.Tick(s.now)
			obs := broken(strconv.Itoa(random.IntN(3)), strconv.Itoa(random.IntN(12)),
				ofType([]string{"NETWORK_ERROR", "PYDANTIC", "DISK_SPACE_LOW"}[random.IntN(3)], []string{"pydantic", "resource"}[random.IntN(2)],
					failure.Severity(1+random.IntN(4))),
				inTrace(byte(random.IntN(3)), byte(random.IntN(3)), Logs))
			obs.TraceID[1] = byte(step) // A restart forgets traces, so none spans one.
			obs.Kind = []Kind{Failure, Failure, Failure, Failure, Clear, Observed, Cleared}[random.IntN(7)]
			obs.Clears = []string{obs.Type}
			events = append(events, s.send(obs)...)
			for i := range events {
				e := &events[i]
				told = append(told, fmt.Sprint(e.Name, e.Time, e.Incident.ID, e.Incident.Count, e.Incident.Severity, e.Reason))
			}
			if restarts && step%100 == 99 {
				s, _ = s.restart(settings, 0)
			}
		}
		return told
	}
	for seed := range uint64(20) {
		live := run(seed, false)
		require.Greater(t, len(live), 100)
		require.Equal(t, live, run(seed, false), "seed %d", seed)
		require.Equal(t, live, run(seed, true), "seed %d, with restarts", seed)
	}
}

// TestReplayOfCascades feeds states from the same random sequence of traces, calls and silences.
func TestReplayOfCascades(t *testing.T) {
	run := func(seed uint64) string {
		random := rand.New(rand.NewPCG(seed, 6))
		s := newShop(t, func(settings *Settings) { settings.Silence.Enabled, settings.Hangs.After = true, 5*time.Minute })
		var told strings.Builder
		tell := func(events []Event) {
			for i := range events {
				e := &events[i]
				fmt.Fprintln(&told, e.Name, e.Time, e.Incident.ID, e.Incident.Type, e.Incident.Group.Name, e.Incident.SuppressedBy, e.Reason, e.Evidence, e.Incident.Cascade)
			}
		}
		for range 1_000 {
			switch random.IntN(5) {
			case 4:
				tell(s.steps(byte(random.IntN(3)), random.IntN(2) == 0, []string{"load", "embed"}[random.IntN(2)]))
			case 0:
				tell(s.calls(random.IntN(60), []string{"stock", "bank"}[random.IntN(2)], random.IntN(3) > 0, []string{"", "refused"}[random.IntN(2)]))
			case 1:
				tell(s.chat(time.Duration(random.IntN(3))*time.Minute, chain[random.IntN(3)]))
			default:
				tell(s.sendTrace(chain[random.IntN(3)]))
			}
			tell(s.wait(time.Duration(random.Int64N(int64(2 * time.Minute)))))
		}
		return told.String()
	}
	for seed := range uint64(5) {
		first := run(seed)
		require.Contains(t, first, "CASCADING_FAILURES")
		require.Contains(t, first, "CIRCUIT_BREAKER_TRIPPED")
		require.Contains(t, first, "TASK_HANG")
		require.Equal(t, first, run(seed), "seed %d", seed)
	}
}
