package incident

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func probed(kind Kind, severity failure.Severity) Observation {
	value := 0.93
	return broken("node", "p", func(o *Observation) {
		o.Kind, o.Severity, o.Entity, o.Rule = kind, severity, "host:node-7/data", "host_probe/disk.util"
		o.Probe = &Probe{Scope: "host", Value: &value, Evidence: []string{"observed: 93 %"}, Earliest: 1, Latest: 2}
	})
}

func TestProbeEvents(t *testing.T) {
	for _, tc := range []struct {
		name  string
		steps func(s *script) []Event
		want  []string
	}{
		{"observed opens, heartbeats are silent, cleared resolves", func(s *script) []Event {
			events := s.send(probed(Observed, failure.High))
			for range 5 {
				events = append(events, s.wait(5*time.Minute)...)
				events = append(events, s.send(probed(Observed, failure.High))...)
			}
			return append(events, s.send(probed(Cleared, failure.High))...)
		}, []string{"opened#1 high", "resolved#2 high"}},
		{"a changed level escalates and de-escalates", func(s *script) []Event {
			return s.send(probed(Observed, failure.High), probed(Observed, failure.Critical), probed(Observed, failure.High), probed(Observed, failure.High))
		}, []string{"opened#1 high", "escalated#2 critical", "ongoing#3 high"}},
		{"quiet time makes it stale, not resolved", func(s *script) []Event {
			return append(s.send(probed(Observed, failure.High)), s.wait(59*time.Minute)...)
		}, []string{"opened#1 high", "ongoing#2 high"}},
		{"what nobody tells of for a day is given up", func(s *script) []Event {
			s.send(probed(Observed, failure.High))
			return s.wait(25 * time.Hour)[24:]
		}, []string{"resolved#26 high"}},
		{"what was predicted and nobody tells of for a day is given up", func(s *script) []Event {
			s.send(probed(Predicted, failure.Medium))
			return s.wait(25 * time.Hour)[23:]
		}, []string{"resolved#25 medium"}},
		{"heard of again it is active", func(s *script) []Event {
			events := append(s.send(probed(Observed, failure.High)), s.wait(20*time.Minute)...)
			return append(events, s.send(probed(Observed, failure.High))...)
		}, []string{"opened#1 high", "ongoing#2 high", "ongoing#3 high"}},
		{"what was predicted opens under the same id", func(s *script) []Event {
			events := s.send(probed(Predicted, failure.Medium), probed(Predicted, failure.Medium))
			events = append(events, s.send(probed(Observed, failure.High))...)
			require.Equal(s.t, events[0].Incident.ID, events[1].Incident.ID)
			return events
		}, []string{"predicted#1 medium", "opened#2 high"}},
		{"what is predicted more urgently is said again", func(s *script) []Event {
			return s.send(probed(Predicted, failure.Medium), probed(Predicted, failure.Critical), probed(Predicted, failure.High), probed(Predicted, failure.High), probed(Observed, failure.High))
		}, []string{"predicted#1 medium", "predicted#2 critical", "opened#3 high"}},
		{"what was predicted and cleared is resolved", func(s *script) []Event {
			return s.send(probed(Predicted, failure.Medium), probed(Cleared, failure.Medium))
		}, []string{"predicted#1 medium", "resolved#2 medium"}},
		{"a prediction about an open one is no event", func(s *script) []Event {
			return s.send(probed(Observed, failure.High), probed(Predicted, failure.Critical))
		}, []string{"opened#1 high"}},
		{"cleared without observed is nothing", func(s *script) []Event {
			return s.send(probed(Cleared, failure.High))
		}, []string{}},
		{"one that comes back regresses", func(s *script) []Event {
			return s.send(probed(Observed, failure.High), probed(Cleared, failure.High), probed(Observed, failure.High))
		}, []string{"opened#1 high", "resolved#2 high", "regressed#3 high"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, names(tc.steps(newScript(t, testSettings()))))
		})
	}
}

func TestStaleIsSaid(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(probed(Observed, failure.High))
	require.Empty(t, s.wait(15*time.Minute-10*time.Second))
	stale := s.only(s.wait(10 * time.Second))
	require.Equal(t, failure.StatusStale, stale.Status)
	require.Equal(t, []string{"unknown: whether it goes on: the last word of the probe is 15m old"}, stale.Evidence)
	require.EqualValues(t, 1, value(s.state.Active), "it still counts")
}

func TestHeartbeatsAreNoOccurrences(t *testing.T) {
	s := newScript(t, testSettings())
	for range 10 {
		s.send(probed(Observed, failure.High))
	}
	require.EqualValues(t, 1, value(s.state.Occurrences))
}
