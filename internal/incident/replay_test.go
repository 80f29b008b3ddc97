package incident

import (
	"fmt"
	"math/rand/v2"
	"strconv"
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
