package incident

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// office is a state that misses who falls silent.
func newOffice(t *testing.T, change ...func(*Settings)) *script {
	t.Helper()
	settings := testSettings()
	settings.Silence.Enabled = true
	for _, c := range change {
		c(&settings)
	}
	return newScript(t, settings)
}

// chat lets services send records every half a minute.
func (s *script) chat(lasting time.Duration, services ...string) []Event {
	var events []Event
	for end := s.now.Add(lasting); s.now.Before(end); {
		batch := &Batch{Signal: Logs}
		for _, service := range services {
			batch.Services = append(batch.Services, resource(service))
		}
		events = append(events, s.state.Receive(s.now, batch)...)
		events = append(events, s.wait(30*time.Second)...)
	}
	return events
}

func TestASourceThatFallsSilent(t *testing.T) {
	s := newOffice(t)
	require.Empty(t, s.chat(time.Hour, "shop", "till"))
	last := s.now.Add(-30 * time.Second)
	missed := s.only(s.chat(15*time.Minute, "till"))
	require.Equal(t, failure.EventOpened, missed.Name)
	require.Equal(t, "TELEMETRY_SILENCE", missed.Incident.Type)
	require.Equal(t, "shop", missed.Incident.Group.Name)
	require.Equal(t, &Missing{Signal: "logs", Since: last.UnixNano(), Steady: 60}, missed.Incident.Missing)
	require.Equal(t, last.Add(11*time.Minute).UnixNano(), missed.Time)
	require.Empty(t, s.chat(40*time.Minute, "till"), "quiet does not end it")

	back := s.only(s.chat(time.Minute, "till", "shop"))
	require.Equal(t, failure.EventResolved, back.Name)
	require.Equal(t, "records come again", back.Reason)
	require.Empty(t, s.chat(30*time.Minute, "till"), "it has to send for an hour to be missed again")
}

func TestWhoIsNotMissed(t *testing.T) {
	for name, chat := range map[string]func(s *script){
		"who sent for half an hour": func(s *script) { s.chat(30*time.Minute, "till", "shop") },
		"who pauses now and then": func(s *script) {
			for range 12 {
				s.chat(5*time.Minute, "till", "shop")
				s.chat(2*time.Minute, "till")
			}
		},
		"nobody, where nobody listened": func(s *script) {
			s.chat(time.Hour, "till", "shop")
			s.now = s.now.Add(30 * time.Minute) // No tick in between.
			s.chat(time.Minute, "till")
		},
		"who was back in time": func(s *script) {
			s.chat(time.Hour, "till", "shop")
			s.chat(9*time.Minute, "till")
			s.chat(time.Minute, "till", "shop")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newOffice(t)
			chat(s)
			require.Empty(t, s.chat(9*time.Minute, "till"))
			require.Empty(t, s.state.incidents)
		})
	}
}

func TestNothingComesFromAnybody(t *testing.T) {
	s := newOffice(t)
	s.chat(time.Hour, "shop", "till", "bank")
	missed := s.only(s.wait(30 * time.Minute))
	require.Empty(t, missed.Incident.Group.Name, "it is not the sources")
	require.Equal(t, 3, missed.Incident.Missing.Sources)
	require.Equal(t, []string{"resolved#2 high"}, names(s.chat(9*time.Minute, "till")))
	require.Equal(t, []string{"opened shop TELEMETRY_SILENCE", "opened bank TELEMETRY_SILENCE"}, opened(s.chat(5*time.Minute, "till")), "who does not come back is missed then")
}

func TestASourceThatNeverComesBackIsGone(t *testing.T) {
	s := newOffice(t, func(settings *Settings) { settings.ReminderInterval = 0 })
	s.chat(time.Hour, "shop", "till")
	events := s.chat(25*time.Hour, "till")
	require.Equal(t, []string{"opened#1 high", "resolved#2 high"}, names(events))
	require.Equal(t, "nothing for 24h: it is taken for gone", events[1].Reason)
	require.Len(t, s.state.sources.known, 1)
}

func TestRestartWhileSilent(t *testing.T) {
	s := newOffice(t)
	s.chat(time.Hour, "shop", "till")
	s.chat(15*time.Minute, "till")
	next, events := s.restart(s.state.settings, time.Minute)
	require.Equal(t, []string{"ongoing shop TELEMETRY_SILENCE"}, opened(events))
	require.Empty(t, next.chat(20*time.Minute, "till"))
	require.Equal(t, []string{"resolved shop TELEMETRY_SILENCE"}, opened(next.chat(time.Minute, "till", "shop")))
	t.Run("days in which nobody listened do not make it gone", func(t *testing.T) {
		off, events := s.restart(s.state.settings, 72*time.Hour)
		off.only(events)
		require.Len(t, off.state.incidents, 1)
		off.wait(23 * time.Hour)
		require.Len(t, off.state.incidents, 1)
		off.wait(2 * time.Hour)
		require.Empty(t, off.state.incidents)
	})

	s.wait(15 * time.Minute)
	require.Len(t, s.state.incidents, 2)
	next, _ = s.restart(s.state.settings, time.Minute)
	require.Len(t, next.chat(time.Minute, "till"), 1, "nothing came from anybody, and that ends")
	t.Run("without the duty it ends", func(t *testing.T) {
		settings := s.state.settings
		settings.Silence.Enabled = false
		off, _ := s.restart(settings, time.Minute)
		off.wait(17 * time.Minute)
		require.Empty(t, off.state.incidents)
	})
}

func TestBoundsOfSources(t *testing.T) {
	s := newOffice(t, func(settings *Settings) { settings.Limits.Groups = 10 })
	for i := range 100 {
		s.state.Receive(s.now, &Batch{Signal: Traces, Services: []*Resource{resource(fmt.Sprint("pod-", i))}})
	}
	require.Len(t, s.state.sources.known, 20)
	require.EqualValues(t, 80, s.state.Stats.Overflow.Sources)
	revision, settled := s.state.Settled()
	require.Zero(t, revision, "who is heard of is not worth saving")
	require.True(t, settled)
	s.wait(25 * time.Hour)
	require.Empty(t, s.state.sources.known)
	require.Empty(t, s.state.sources.list)
}
