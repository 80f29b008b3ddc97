package novelty

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shop is a source that is followed through time.
type shop struct {
	t   *testing.T
	m   *Miner
	now int64
}

func newShop(t *testing.T, change ...func(*Settings)) *shop {
	t.Helper()
	settings := NewDefaultSettings()
	for _, c := range change {
		c(&settings)
	}
	return &shop{t: t, m: New(settings), now: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC).UnixNano()}
}

// wait lets the shop send healthy records for a while.
func (s *shop) wait(d time.Duration) {
	for end := s.now + int64(d); s.now < end; s.now += minute {
		s.hear("1")
	}
}

func (s *shop) hear(version string) *Source { return s.m.Hear(s.now, []byte("shop"), version, 10) }

// say lets it report an error, and says whether that is news.
func (s *shop) say(text string) bool {
	_, news := s.m.Add(s.now, s.hear("1"), "1", FromText(text))
	return news
}

// settle reports errors once a minute for a while.
func (s *shop) settle(minutes int, texts ...string) {
	for i := range minutes {
		s.say(texts[i%len(texts)])
		s.now += minute
	}
}

// warm is a shop that was heard for long and has nothing to complain about.
func warm(t *testing.T) *shop {
	t.Helper()
	s := newShop(t)
	s.wait(2 * time.Hour)
	return s
}

func TestWhatIsNews(t *testing.T) {
	for _, tc := range []struct {
		name  string
		known []string
		text  string
		want  bool
	}{
		{"a first error", nil, "payment provider answered 502", true},
		{"another error", []string{"payment provider answered 502"}, "cannot reserve item 5 in warehouse", true},
		{"the same one", []string{"payment provider answered 502"}, "payment provider answered 502", false},
		{"one with another number", []string{"payment provider answered 502"}, "payment provider answered 503", false},
		{
			"one with another id, path, address and quotation",
			[]string{"upload of /srv/a/1.bin to 10.0.0.1:80 as 'x' failed in 4bf92f35"},
			"upload of /srv/b/22.bin to 10.9.9.9:81 as 'why not' failed in a0b1c2d3", false,
		},
		{"one with another time and level before it", []string{"2026-03-04 10:00:00,123 ERROR [main] card was declined"}, "2026-03-05 11:01:01,000 FATAL [pool-3] card was declined", false},
		{"one with another name, where names were seen to differ", []string{"cannot notify alice of the order", "cannot notify bob of the order"}, "cannot notify carla of the order", false},
		{"one with a name of several words, where names were seen to differ", []string{"cannot notify alice of the order", "cannot notify bob of the order"}, "cannot notify Anna Maria Rossi of the order", false},
		{"one with a longer list", []string{"shards 1, 2 are lost"}, "shards 1, 2, 3, 4, 5 are lost", false},
		{"one with another value", []string{"bad request: user=alice plan=free code=7", "bad request: user=bob plan=paid code=8"}, "bad request: user=carla plan=none code=9", false},
		{"one with another word where it always was the same", []string{"cannot load the cart: timeout"}, "cannot load the cart: forbidden", true},
		{"one that has most words of a known one in another order", []string{"cart item lock expired before checkout"}, "checkout before cart expired lock item", true},
		{"one that masks alone have in common", []string{"<n> <q> gone"}, "77 'x' broken", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShop(t)
			if len(tc.known) > 0 {
				s.settle(60, tc.known...)
			}
			s.wait(2 * time.Hour)
			require.Equal(t, tc.want, s.say(tc.text))
			require.False(t, s.say(tc.text), "it is known now")
		})
	}
}

// TestATemplateThatWidensIsNotNewAgain lets every word of a message but two vary, one after the other.
func TestATemplateThatWidensIsNotNewAgain(t *testing.T) {
	s := warm(t)
	require.True(t, s.say("alpha beta gamma delta epsilon broke"))
	first, _ := s.m.Add(s.now, s.hear("1"), "1", FromText("alpha beta gamma delta epsilon broke"))
	for _, text := range []string{
		"alpha beta other delta epsilon broke", "alpha beta gamma another epsilon broke", "alpha beta third fourth fifth broke",
		"alpha beta gamma delta epsilon broke",
	} {
		same, news := s.m.Add(s.now, s.hear("1"), "1", FromText(text))
		require.False(t, news, text)
		require.Same(t, first, same, text)
	}
	require.Equal(t, "alpha beta gamma delta epsilon broke", first.Name, "its identity stays")
	require.Equal(t, "alpha beta <*> <*> <*> broke", first.String())
	require.True(t, s.say("unlike beta gamma delta epsilon worked"), "it does not take in everything")
}

func TestTemplatesThatLoggersName(t *testing.T) {
	s := warm(t)
	add := func(template string) bool {
		_, news := s.m.Add(s.now, s.hear("1"), "1", FromTemplate(template))
		return news
	}
	require.True(t, add("user {name} has no {role}"))
	require.False(t, add("user {name} has no {role}"))
	s.wait(time.Hour)
	require.True(t, add("user {name} has no {plan}"), "they are compared whole")
	require.True(t, FromTemplate(" ").Empty())
}

func TestWarmUp(t *testing.T) {
	s := newShop(t)
	require.False(t, s.say("first words"), "nothing is known yet")
	s.wait(59 * time.Minute)
	require.False(t, s.say("cannot open the drawer"))
	s.wait(2 * time.Hour)
	require.True(t, s.say("the printer has run out of paper"))

	t.Run("time in which nothing came does not count", func(t *testing.T) {
		s := newShop(t)
		s.wait(10 * time.Minute)
		s.now += int64(48 * time.Hour)
		require.False(t, s.say("cannot open the drawer"))
	})
}

func TestWhoAlwaysSaysNewThingsIsNotBelieved(t *testing.T) {
	s := newShop(t)
	word := 0
	strange := func() bool {
		word++
		return s.say(strings.Join([]string{letters(word * 7919), letters(word * 104_729), letters(word * 31), letters(word * 611_953)}, " "))
	}
	for range 600 {
		require.False(t, strange())
		s.wait(10 * time.Minute)
	}
	s.wait(20 * time.Hour)
	require.True(t, strange(), "it has calmed down")
}

func TestABurstOfNewErrors(t *testing.T) {
	s := warm(t)
	told := 0
	for _, text := range []string{
		"disk is gone", "cannot write the journal to it", "no leader was elected among the three nodes", "queue overflows", "giving up now",
	} {
		told += count(s.say(text))
		s.now += int64(time.Second)
	}
	require.Equal(t, 3, told, "the first ones tell what breaks")
	require.EqualValues(t, 2, s.m.Stats.Untold)
}

func TestSourcesKnowNothingOfOneAnother(t *testing.T) {
	s := warm(t)
	for range 120 {
		s.m.Hear(s.now, []byte("bank"), "", 1)
		s.now += minute
		s.hear("1")
	}
	require.True(t, s.say("cannot open the drawer"))
	_, news := s.m.Add(s.now, s.m.Hear(s.now, []byte("bank"), "", 1), "", FromText("cannot open the drawer"))
	require.True(t, news)
}

func TestSavedKnowledge(t *testing.T) {
	s := newShop(t)
	s.settle(60, "cannot notify alice of the order", "cannot notify bob of the order", "card was declined")
	s.wait(time.Hour)
	written, err := json.Marshal(s.m.Snapshot())
	require.NoError(t, err)
	var read Snapshot
	require.NoError(t, json.Unmarshal(written, &read))
	same := New(s.m.settings)
	same.Restore(s.now, &read, 0)
	require.Equal(t, s.m.Snapshot(), same.Snapshot())

	away := int64(30 * 24 * time.Hour)
	s.m, s.now = New(s.m.settings), s.now+away
	s.m.Restore(s.now, &read, away)
	s.m.Tick(s.now)
	require.False(t, s.say("card was declined"))
	require.False(t, s.say("cannot notify Carla Rossi of the order"))
	require.True(t, s.say("the printer has run out of paper"), "it need not warm up again")
}

func TestChangesAreWhatIsWorthSaving(t *testing.T) {
	s := warm(t)
	s.say("card was declined")
	before := s.m.Changes()
	s.wait(time.Hour)
	s.say("card was declined")
	require.Equal(t, before, s.m.Changes())
	s.say("the printer has run out of paper")
	require.Greater(t, s.m.Changes(), before)
}
