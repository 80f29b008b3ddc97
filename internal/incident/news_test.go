package incident

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/novelty"
)

// newDesk is a state that tells what is new.
func newDesk(t *testing.T, change ...func(*Settings)) *script {
	t.Helper()
	settings := testSettings()
	settings.Novelty.Enabled = true
	for _, c := range change {
		c(&settings)
	}
	return newScript(t, settings)
}

// report lets a version of a service send fifty records, and errors without a rule among them.
func (s *script) report(service, version string, texts ...string) []Event {
	r := resource(service)
	r.Version = version
	batch := &Batch{Signal: Logs, Services: []*Resource{r}, Counts: []int{50}}
	for _, text := range texts {
		batch.Unknown = append(batch.Unknown, Unknown{Time: s.now.UnixNano(), Text: novelty.FromText(text), Sample: text})
	}
	return s.state.Receive(s.now, batch)
}

// warmUp lets services send records without an error every minute, for two hours.
func (s *script) warmUp(services ...string) []Event {
	var events []Event
	for range 120 {
		for _, service := range services {
			events = append(events, s.report(service, "1")...)
		}
		events = append(events, s.wait(time.Minute)...)
	}
	return events
}

func TestANewError(t *testing.T) {
	s := newDesk(t)
	s.report("shop", "1", "card 5 was declined")
	require.Empty(t, s.warmUp("shop", "bank"))
	require.Empty(t, s.report("shop", "1", "card 7 was declined"), "it was said before")

	first := s.only(s.report("shop", "1", "ledger of tenant 42 is sealed"))
	require.Equal(t, failure.EventOpened, first.Name)
	in := &first.Incident
	require.Equal(t, "NOVEL_ERROR", in.Type)
	require.Equal(t, "shop", in.Group.Name)
	require.Equal(t, failure.Low, in.Severity)
	require.Equal(t, &News{
		Template: "ledger of tenant <n> is sealed", Sample: "ledger of tenant 42 is sealed", Heard: 2 * time.Hour, Records: 6150, Others: 1,
	}, in.News)

	require.Empty(t, s.report("shop", "1", "ledger of tenant 43 is sealed", "ledger of tenant 44 is sealed", "card 9 was declined"))
	require.EqualValues(t, 3, value(s.state.Occurrences), "what is news is counted, and what is known is not")
	resolved := s.only(s.wait(16 * time.Minute))
	require.Equal(t, failure.EventResolved, resolved.Name)
	require.EqualValues(t, 3, resolved.Incident.Count)
	require.Empty(t, s.report("shop", "1", "ledger of tenant 45 is sealed"), "it is known by now")

	require.Equal(t, []string{"opened bank NOVEL_ERROR"}, opened(s.report("bank", "1", "ledger of tenant 42 is sealed")), "to others it is new")
}

func TestAnErrorThatStaysIsNoLongerNew(t *testing.T) {
	s := newDesk(t, func(settings *Settings) { settings.ReminderInterval = 0 })
	s.warmUp("shop")
	var events []Event
	for range 30 * 60 {
		events = append(events, s.report("shop", "1", "ledger of tenant 42 is sealed")...)
		s.now = s.now.Add(time.Minute)
		events = append(events, s.state.Tick(s.now)...)
	}
	require.Equal(t, []string{"opened#1 low", "resolved#2 low"}, names(events))
	require.Equal(t, "it goes on for 24h and is known by now", events[1].Reason)
	require.EqualValues(t, 24*60, events[1].Incident.Count)
}

func TestAnErrorThatIsMoreFrequentInANewerVersion(t *testing.T) {
	s := newDesk(t)
	for range 180 {
		s.report("shop", "1", "card 5 was declined")
		s.wait(time.Minute)
	}
	var events []Event
	for range 30 {
		events = append(events, s.report("shop", "1", "card 5 was declined")...)
		events = append(events, s.report("shop", "2", "card 5 was declined", "card 6 was declined", "card 7 was declined", "card 7 was declined")...)
		events = append(events, s.wait(time.Minute)...)
	}
	opened := s.only(events)
	require.Equal(t, failure.Medium, opened.Incident.Severity)
	require.Equal(t, "2", opened.Incident.Version)
	shift := opened.Incident.News.Shift
	require.Equal(t, "2", shift.Newer)
	require.Equal(t, "1", shift.Older)
	require.Equal(t, shift.NewerOf, shift.OlderOf)
	require.Equal(t, shift.NewerRecords, 4*shift.OlderRecords)
	counted := value(s.state.Occurrences)
	s.report("shop", "1", "card 5 was declined")
	require.Equal(t, counted, value(s.state.Occurrences), "what the older version says is no news")
	s.report("shop", "2", "card 5 was declined")
	require.Equal(t, counted+1, value(s.state.Occurrences))
}

func TestWhatIsKnownSurvivesARestart(t *testing.T) {
	s := newDesk(t)
	s.report("shop", "1", "card 5 was declined")
	s.warmUp("shop")
	before, _ := s.state.Settled()
	s.only(s.report("shop", "1", "ledger of tenant 42 is sealed"))
	after, _ := s.state.Settled()
	require.Greater(t, after, before)

	next, events := s.restart(s.state.settings, 4*time.Hour)
	require.Equal(t, "ledger of tenant 42 is sealed", s.only(events).Incident.News.Sample)
	require.Empty(t, next.report("shop", "1", "card 6 was declined", "ledger of tenant 43 is sealed"))
	require.EqualValues(t, 2, next.state.groupList[0].incidents[0].Count)
	require.Len(t, next.report("shop", "1", "the printer has run out of paper"), 1)

	t.Run("for how long it was heard is saved, though nothing happens", func(t *testing.T) {
		quiet := newDesk(t)
		quiet.warmUp("shop")
		before, _ := quiet.state.Settled()
		quiet.warmUp("shop")
		after, _ := quiet.state.Settled()
		require.InDelta(t, 2*time.Hour/(10*time.Minute), after-before, 1, "every ten minutes")
	})
	t.Run("without the duty it is dropped", func(t *testing.T) {
		settings := s.state.settings
		settings.Novelty.Enabled = false
		off, _ := s.restart(settings, time.Minute)
		require.Nil(t, off.state.Snapshot().Novelty)
		require.Empty(t, off.report("shop", "1", "never heard of"))
	})
	t.Run("a state that was saved before there was such knowledge is read", func(t *testing.T) {
		snap := s.state.Snapshot()
		snap.Novelty = nil
		content, err := json.Marshal(snap)
		require.NoError(t, err)
		require.NotContains(t, string(content), `"novelty"`)
		next := New(s.state.settings, testPolicies)
		_, err = next.Restore(s.now, snap)
		require.NoError(t, err)
		require.Empty(t, (&script{t: t, state: next, now: s.now}).report("shop", "1", "never heard of"), "it warms up")
	})
}

func TestBoundsOfNews(t *testing.T) {
	s := newDesk(t, func(settings *Settings) {
		settings.Novelty.Settings = novelty.Settings{WarmUp: time.Minute, Templates: 20, SourceTemplates: 10, Sources: 4}
	})
	for i := range 1000 {
		s.report(fmt.Sprint("pod-", i%10), strconv.Itoa(i), strings.Repeat(string(rune('a'+i%26))+"x ", 1+i%17))
	}
	templates, sources := s.state.news.miner.Size()
	require.LessOrEqual(t, templates, 20)
	require.Equal(t, 4, sources)
	require.EqualValues(t, 600, s.state.Stats.Overflow.Sources)
	require.Positive(t, s.state.Stats.Overflow.Templates)
}

// TestReplayOfNews feeds states from the same sequence.
func TestReplayOfNews(t *testing.T) {
	run := func() (told []string) {
		s := newDesk(t)
		s.warmUp("shop", "bank")
		for i := range 2000 {
			service := []string{"shop", "bank"}[i%2]
			events := s.report(service, strconv.Itoa(i/700), fmt.Sprintf("step %c of %c%c failed in %c", 'a'+i%7, 'a'+i%11, 'a'+i%5, 'a'+i/400))
			for _, e := range append(events, s.wait(time.Minute)...) {
				news, err := json.Marshal(e.Incident.News)
				require.NoError(t, err)
				told = append(told, fmt.Sprint(e.Name, e.Time, e.Incident.ID, e.Incident.Count, string(news)))
			}
		}
		return told
	}
	first := run()
	require.NotEmpty(t, first)
	require.Equal(t, first, run())
}
