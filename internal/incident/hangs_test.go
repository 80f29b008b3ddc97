package incident

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/cascade"
)

func newWorkshop(t *testing.T, change ...func(*Settings)) *shop {
	t.Helper()
	return newShop(t, append([]func(*Settings){func(settings *Settings) { settings.Hangs.After = 5 * time.Minute }}, change...)...)
}

// steps sends the spans of a task's steps, and its own where it ends.
func (s *shop) steps(task byte, ends bool, stages ...string) []Event {
	batch := &Batch{Services: []*Resource{resource("worker")}}
	span := func(id, parent byte, name string) cascade.Span {
		at := s.now.UnixNano()
		sp := cascade.Span{
			Trace: [16]byte{4, task, byte(s.traces), byte(s.traces >> 8)}, ID: [8]byte{id}, Name: name, Operation: cascade.Operation(name),
			Start: at - int64(time.Second), End: at,
		}
		if parent > 0 {
			sp.Parent = [8]byte{parent}
		}
		return sp
	}
	if ends {
		batch.Spans = append(batch.Spans, span(1, 0, "run"))
	}
	for _, where := range stages {
		s.nextStep++
		sp := span(s.nextStep%200+2, 1, "step")
		sp.Stage = where
		batch.Spans = append(batch.Spans, sp)
	}
	return s.state.Receive(s.now, batch)
}

// whole sends tasks that end, and so teach that they do.
func (s *shop) whole(n int) {
	s.t.Helper()
	for range n {
		s.traces++
		require.Empty(s.t, s.steps(9, false, "load"))
		require.Empty(s.t, s.wait(20*time.Second))
		require.Empty(s.t, s.steps(9, true))
		require.Empty(s.t, s.wait(20*time.Second))
	}
}

func causes(events []Event) []string {
	list := []string{}
	for i := range events {
		list = append(list, events[i].Incident.Text)
	}
	return list
}

func TestATaskThatDoesNotEnd(t *testing.T) {
	s := newWorkshop(t)
	s.whole(6)
	s.traces++
	s.steps(1, false, "")
	require.Empty(t, s.wait(5*time.Minute))
	events := s.wait(time.Minute)
	hanging := s.only(events)
	require.Equal(t, failure.EventOpened, hanging.Name)
	require.Equal(t, "TASK_HANG", hanging.Incident.Type)
	require.Equal(t, "orchestration", hanging.Incident.Category)
	require.Equal(t, "What waits for step has not ended 5m after that came.", hanging.Incident.Text)
	require.Equal(t, []Attribute{{"task", "step"}}, hanging.Incident.Captures)
	require.EqualValues(t, 1, value(s.state.Occurrences), "it counts as a failure")
}

func TestATaskThatGoesOnDoesNotHang(t *testing.T) {
	s := newWorkshop(t)
	s.whole(6)
	s.traces++
	for range 10 {
		s.steps(1, false, "")
		require.Empty(t, s.wait(4*time.Minute))
	}
	s.steps(1, true)
	require.Empty(t, s.wait(20*time.Minute))
	require.Empty(t, s.state.hangs.missing)
	require.Empty(t, s.state.hangs.queue)
}

func TestAStageThatDoesNotChange(t *testing.T) {
	s := newWorkshop(t)
	s.traces++
	s.steps(1, false, "load")
	s.wait(4 * time.Minute)
	s.steps(1, false, "embed")
	var events []Event
	for range 3 {
		events = append(events, s.wait(2*time.Minute)...)
		events = append(events, s.steps(1, false, "embed")...)
	}
	events = append(events, s.wait(time.Minute)...)
	require.Equal(t, []string{"A task has not gone on from stage embed for 5m."}, causes(events))
	require.Contains(t, events[0].Incident.Captures, Attribute{"stage", "embed"})
	s.steps(1, true)
	s.wait(20 * time.Minute)
	require.Empty(t, s.state.hangs.stages)
	require.Empty(t, s.state.hangs.stageQueue)
}

func TestWhatIsNoHang(t *testing.T) {
	for name, play := range map[string]func(s *shop){
		"a parent that never comes": func(s *shop) {
			for range 20 {
				s.traces++
				s.steps(1, false, "")
				s.wait(time.Minute)
			}
		},
		"one that is lost where some are": func(s *shop) {
			s.steps(1, false, "")
			s.wait(10 * time.Minute)
			s.whole(30)
			s.traces++
			s.steps(2, false, "")
		},
		"one that lasts, where a third is lost": func(s *shop) {
			for task := range byte(5) {
				s.steps(task+1, false, "")
			}
			s.wait(10 * time.Minute)
			s.whole(10)
			s.traces++
			s.steps(1, false, "")
			s.wait(40 * time.Second)
			s.steps(1, false, "")
		},
		"one that comes first": func(s *shop) {
			s.whole(6)
			s.traces++
			s.steps(1, true, "load")
		},
		"one that comes late": func(s *shop) {
			s.whole(6)
			s.traces++
			s.steps(1, false, "load")
			s.wait(4 * time.Minute)
			s.steps(1, true)
		},
		"spans that take what they usually do": func(s *shop) {
			for range 300 {
				s.traces++
				s.steps(1, true)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newWorkshop(t)
			play(s)
			s.wait(10 * time.Minute)
			require.Empty(t, s.state.incidents)
		})
	}
}

func TestSpansThatTakeTooLong(t *testing.T) {
	send := func(s *shop, name string, took time.Duration) []Event {
		s.traces++
		return append(s.state.Receive(s.now, &Batch{Services: []*Resource{resource("worker")}, Spans: []cascade.Span{{
			Trace: [16]byte{5, byte(s.traces), byte(s.traces >> 8)}, ID: [8]byte{1}, Name: name, Operation: cascade.Operation(name),
			Start: s.now.UnixNano() - int64(took), End: s.now.UnixNano(), Stage: "embed",
		}}}), s.wait(40*time.Second)...)
	}
	t.Run("as is configured", func(t *testing.T) {
		s := newWorkshop(t, func(settings *Settings) { settings.Hangs.Bounds = map[string]time.Duration{"load": time.Minute} })
		require.Empty(t, send(s, "load", time.Minute))
		events := send(s, "load", 2*time.Minute)
		require.Equal(t, []string{"load took 2m, which is longer than 1m."}, causes(events))
		require.Contains(t, events[0].Incident.Captures, Attribute{"stage", "embed"}, "where it failed is named")
	})
	t.Run("as is learnt", func(t *testing.T) {
		s := newWorkshop(t)
		require.Empty(t, send(s, "other", time.Hour), "nothing is known at first")
		for range 100 {
			require.Empty(t, send(s, "load", 20*time.Second))
		}
		require.Empty(t, send(s, "load", 3*time.Minute))
		require.Equal(t, []string{"load took 1h, which is longer than 6m40s."}, causes(send(s, "load", time.Hour)))
	})
}

func TestBoundsOfHangs(t *testing.T) {
	s := newWorkshop(t, func(settings *Settings) { settings.Cascades.Limits.Traces = 10 })
	for range 100 {
		s.traces++
		s.steps(1, false, "load")
	}
	s.wait(20 * time.Second)
	require.LessOrEqual(t, len(s.state.hangs.missing), 10)
	require.LessOrEqual(t, len(s.state.hangs.stages), 10)
	require.Positive(t, s.state.Stats.Overflow.Tasks)
	s.wait(20 * time.Minute)
	require.Empty(t, s.state.hangs.missing)
	require.Empty(t, s.state.hangs.queue)
	require.Empty(t, s.state.hangs.stages)
}
