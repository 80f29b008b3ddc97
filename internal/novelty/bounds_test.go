package novelty

import (
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requireBounded counts what is kept.
func requireBounded(tb testing.TB, m *Miner) {
	tb.Helper()
	require.LessOrEqual(tb, len(m.list), m.settings.Sources)
	require.LessOrEqual(tb, m.size, m.settings.Templates)
	require.Len(tb, m.known, len(m.list))
	sum := 0
	for _, src := range m.list {
		list := src.templates()
		require.Len(tb, list, src.size)
		require.LessOrEqual(tb, src.size, m.settings.SourceTemplates)
		require.LessOrEqual(tb, len(src.moments), maxMoments)
		require.LessOrEqual(tb, len(src.versions), maxVersions)
		for length, bucket := range src.buckets {
			if length != exactBucket {
				require.LessOrEqual(tb, len(bucket), maxBucket)
			}
		}
		for _, tmpl := range list {
			require.LessOrEqual(tb, len(tmpl.tokens), maxTokens)
			require.LessOrEqual(tb, len(tmpl.Name), maxTokens*(maxToken+1)+maxTemplate)
		}
		sum += src.size
	}
	require.Equal(tb, m.size, sum)
}

// letters writes a number in letters, which no mask takes for a parameter.
func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'k' }, strconv.Itoa(n))
}

// hostileTexts is how many texts of each kind come that are all different.
var hostileTexts = flag.Int("texts", 10_000, "texts of each kind in TestAMillionTemplates")

func TestAMillionTemplates(t *testing.T) {
	for name, text := range map[string]func(i int) string{
		"of one length":   func(i int) string { return letters(i) + " broke " + letters(i*7) + " of " + letters(i*13) + " again" },
		"of many lengths": func(i int) string { return strings.Repeat(letters(i)+" "+letters(i*7)+" ", 1+i%20) },
		"alike at one end": func(i int) string {
			return strings.Repeat("same ", 20) + strings.Repeat(letters(i)+letters(i*3)+" ", 20)
		},
		"of one word each":  letters,
		"that mostly agree": func(i int) string { return "cannot notify " + letters(i) + " of the order" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			known := "card was declined by the bank"
			s.settle(30, known)
			for i := range *hostileTexts {
				s.now += int64(10 * time.Millisecond)
				s.say(text(i))
			}
			requireBounded(t, s.m)
			still, _ := find(s.hear("1").buckets[6], FromText(known).tokens)
			require.NotNil(t, still, "what is said often is not forgotten for what is said once")
			require.EqualValues(t, 30, still.Records)
		})
	}
}

func TestMoreSourcesThanAreFollowed(t *testing.T) {
	s := newShop(t, func(settings *Settings) { settings.Sources, settings.Templates, settings.SourceTemplates = 50, 100, 10 })
	for i := range 1000 {
		src := s.m.Hear(s.now, fmt.Appendf(nil, "pod-%d", i%200), strconv.Itoa(i), 1)
		if src != nil {
			s.m.Add(s.now, src, strconv.Itoa(i), FromText(letters(i)+" broke"))
		}
	}
	requireBounded(t, s.m)
	require.EqualValues(t, 750, s.m.Stats.Sources)
	require.Positive(t, s.m.Stats.Forgotten)
	s.now += goneAfter
	s.m.Tick(s.now)
	requireBounded(t, s.m)
	require.Empty(t, s.m.list)
	require.Zero(t, s.m.size)
}

func TestHostileTexts(t *testing.T) {
	s := newShop(t)
	for _, text := range []string{
		"", " ", "\x00", "\xff\xfe\xfd", "<*>", "<*> <*> <*>", "<n> <n> <n> <n>", strings.Repeat("=", 1<<20), strings.Repeat("a=", 1<<20),
		strings.Repeat("x", 1<<20), strings.Repeat("€", 100), strings.Repeat("a ", 1<<20), strings.Repeat("{", 1<<20), "\u202e\u0000 gnp.exe",
	} {
		for range 2 {
			s.say(text)
			s.m.Add(s.now, s.hear(text), text, FromTemplate(text))
		}
	}
	requireBounded(t, s.m)
	for _, tmpl := range s.hear("1").templates() {
		require.GreaterOrEqual(t, tmpl.Records, int64(2), "%.40q", tmpl.Name)
	}
}

// FuzzAdd holds that what was said is known, that nothing is beyond its limit, and that saved knowledge is
// what was known.
func FuzzAdd(f *testing.F) {
	for _, text := range []string{"card was declined\ncard was refused", "a b c d\na b x d\na b y z d", "<*> a\n<*> <*> a", "user=alice\nuser=bob a=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, texts string) {
		settings := Settings{Templates: 12, SourceTemplates: 8, Sources: 2}
		m, now := New(settings), int64(0)
		for i, text := range strings.Split(texts, "\n") {
			now += minute
			src := m.Hear(now, []byte{'a' + byte(i%3)}, strconv.Itoa(i%5), 1)
			if src == nil {
				continue
			}
			first, _ := m.Add(now, src, "1", FromText(text))
			again, news := m.Add(now, src, "1", FromText(text))
			require.Same(t, first, again)
			require.False(t, news)
			m.Tick(now)
		}
		requireBounded(t, m)
		written, err := json.Marshal(m.Snapshot())
		require.NoError(t, err)
		var read Snapshot
		require.NoError(t, json.Unmarshal(written, &read))
		next := New(settings)
		next.Restore(now, &read, 0)
		require.Equal(t, m.Snapshot(), next.Snapshot())
	})
}

// BenchmarkAdd is the cost of an error: of a source with a few messages, and of one that says something
// new each time.
func BenchmarkAdd(b *testing.B) {
	for _, tc := range []struct {
		name string
		text func(i int) string
	}{
		{"known", func(i int) string {
			return fmt.Sprintf("cannot reserve item %d in warehouse %d for customer 4bf92f35", i, i%7)
		}},
		{"new", func(i int) string { return letters(i) + " broke " + letters(i*7) + " of " + letters(i*13) + " again" }},
		{"alike at one end", func(i int) string {
			return strings.Repeat("same ", 20) + strings.Repeat(letters(i)+letters(i*3)+" ", 20)
		}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			m, now := New(NewDefaultSettings()), int64(0)
			texts := make([]string, 10_000)
			for i := range texts {
				texts[i] = tc.text(i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				now += int64(time.Millisecond)
				src := m.Hear(now, []byte("shop"), "1", 1)
				m.Add(now, src, "1", FromText(texts[i%len(texts)]))
			}
		})
	}
}
