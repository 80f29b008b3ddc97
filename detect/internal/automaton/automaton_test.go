package automaton

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// expressions has one for each kind of part, and for each way in which parts meet.
var expressions = []string{
	`(?is)abc`, `(?is)sink`, `(?i)ab|ba|cab`, `(?is)a.{0,5}b`, `(?is)a.{0,12}?b.{0,9}c`, `(?is)a[^\n]{0,7}b`, `(?s)a.{3,14}b`,
	`(?is)\ba.{0,6}b\b`, `(?is)(a|b.{0,8}c)+x`, `(?is)^ab`, `(?is)ab$`, `(?im)^a.*b$`, `(?is)a\b.{0,9}\bb`, `(?is)a\B.{0,9}b`,
	`(?is)(?P<x>\w{1,9})=(?P<y>\S{1,12});`, `(?is)x*abx*`, `(?is)(?:ab.{0,6}){2,3}c`, `(?is)(?:a.{0,6}b)*c`, `(?is)[^a]{0,8}c`,
	`(?is)\d{1,9}a`, `(?is)é.{0,6}b`, `(?is)[é-ü]{1,8}x`, `(?i)(?-i:A)b.{0,7}C`, `(?is)\s+a\s*b`, `(?is)a(?:b|c.{0,7}d)?e`,
	`(?is)a.*b`, `(?is)a.*?b.*?c`, `(?is)(?:^|\n)a.{0,8}b`, `(?is)a{2}.{1,6}b{1,2}`, `(?is)\x{fffd}a`, `(?is)a[^b]b`, `(?is)(a)(b)?.{0,5}(c)?x`,
	`(?is)k.{0,6}s`, `(?s)\Aa.{0,7}b\z`, `(?is)a.{0,6}(?:\bb|c\B)`, `(?is).{0,6}ab`, `(?is)ab.{0,6}`, `(?is)a+?.{0,5}b+`,
}

// alphabetOfTexts is what random texts are made of: letters that expressions ask
// for, letters that only fold to them, and bytes that are no UTF-8.
var alphabetOfTexts = []string{
	"a", "b", "c", "A", "B", "C", "x", "d", "e", "k", "s", "K", "ſ", "é", "É", "ü", "世", " ", "\n", "=", ";", "1", "2", "_", "\xff", "\xe4\xb8", "\ufffd",
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	few := 2 + r.IntN(len(alphabetOfTexts)-1)
	for range r.IntN(48) {
		b.WriteString(alphabetOfTexts[r.IntN(few)])
	}
	return b.String()
}

// check compares all matches of an expression, one after the other, with those of package regexp.
func check(tb testing.TB, e *Expression, text string) {
	tb.Helper()
	re := regexp.MustCompile(e.expr)
	require.Equal(tb, re.MatchString(text), e.Match(text), "%s on %q", e.expr, text)
	require.Equal(tb, re.MatchString(text), e.matchByWalk(text, 0, len(text)), "%s on %q", e.expr, text)
	for _, find := range []func(string, int, int, int) ([]int, int){e.Find, e.findByWalk} {
		from := 0
		for _, want := range re.FindAllStringSubmatchIndex(text, -1) {
			found, _ := find(text, from, 0, len(text))
			require.Equal(tb, want, found, "%s on %q from %d", e.expr, text, from)
			from = want[1]
		}
		found, _ := find(text, from, 0, len(text))
		require.Nil(tb, found, "%s on %q from %d", e.expr, text, from)
	}
}

func TestFindsWhatRegexpFinds(t *testing.T) {
	t.Parallel()
	pool := NewPool(1 << 20)
	for i, expr := range expressions {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			e := New("", expr, pool)
			require.NotNil(t, e.machines().forward)
			r := rand.New(rand.NewPCG(uint64(i), 7))
			for range 1200 {
				check(t, e, randomText(r))
			}
		})
	}
}

// TestMatchesLieAround holds that the part of a text around what every match needs
// has the whole match.
func TestMatchesLieAround(t *testing.T) {
	t.Parallel()
	pool := NewPool(1 << 20)
	for i, expr := range expressions {
		e := New("", expr, pool)
		r := rand.New(rand.NewPCG(uint64(i), 11))
		re := regexp.MustCompile(expr)
		for range 300 {
			padding := strings.Repeat("~", nearby)
			text := padding + randomText(r) + randomText(r)
			for _, match := range re.FindAllStringIndex(text, -1) {
				from, to, _ := e.Around(text, match[0], match[1]-1)
				found, _ := e.findByWalk(text, match[0], from, to)
				require.NotNil(t, found, "%s on %q at %d", expr, text, match[0])
				require.Equal(t, match, found[:2], "%s on %q", expr, text)
			}
		}
	}
}

func TestForgottenStatesAreBuiltAnew(t *testing.T) {
	t.Parallel()
	pool := NewPool(64 << 10)
	var all []*Expression
	for _, expr := range expressions {
		all = append(all, New("", expr, pool))
	}
	for worker := range 4 {
		t.Run(strconv.Itoa(worker), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(worker), 3))
			for range 1200 {
				check(t, all[r.IntN(len(all))], randomText(r))
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	f.Add(3, "a\xffb a    b")
	pool := NewPool(1 << 20)
	var all []*Expression
	for _, expr := range expressions {
		all = append(all, New("", expr, pool))
	}
	f.Fuzz(func(t *testing.T, which int, text string) {
		if which < 0 || len(text) > 4096 {
			return
		}
		check(t, all[which%len(all)], text)
	})
}

func TestUnionFindsWhatEachFinds(t *testing.T) {
	t.Parallel()
	pool := NewPool(1 << 20)
	var all []*Expression
	for _, expr := range expressions {
		all = append(all, New("", expr, pool))
	}
	u := NewUnion(all, pool)
	r := rand.New(rand.NewPCG(5, 5))
	for range 3000 {
		text := randomText(r)
		var want uint64
		for i, e := range all {
			if e.Match(text) {
				want |= 1 << i
			}
		}
		found, known := u.Which(text, 0, len(text), 1<<len(all)-1)
		require.True(t, known)
		require.Equal(t, want, found, "%q", text)
		if want != 0 {
			found, known = u.Which(text, 0, len(text), want)
			require.True(t, known)
			require.Equal(t, want, found&want, "%q", text)
		}
	}
}
