package track

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// expressions has one for each kind of part, and for each way in which parts meet.
var expressions = []string{
	`abc`, `(?i)abc`, `(?i)ab|ba|cab`, `ab|a|abc`, `(a|ab)(c|bcd)?`, `(?is)a.{0,5}b`, `(?is)a.{0,12}?b.{0,9}c`, `a[^\n]{2,7}b`,
	`(?i)\ba.{0,6}b\b`, `\bab|\bc`, `(a|b.{0,8}c)+x`, `^ab`, `ab$`, `(?m)^a.*b$`, `a\b.{0,9}\bb`, `a\B.{0,9}b`, `\A(?:a|b)c?\z`,
	`(?P<x>\w{1,9})=(?P<y>\S{1,12});`, `x*abx*`, `(?:ab.{0,6}){2,3}c`, `(?:a.{0,6}b)*c`, `(?:ab)*?c`, `(?:ab)+?(c)?`, `(?:ab){2,}`,
	`[^a]{0,8}c`, `\d{1,9}a`, `(?i)(?-i:A)b.{0,7}C`, `\s+a\s*b`, `a(?:b|c.{0,7}d)?e`, `a(?:b|c)??e`, `a.*b`, `a.*?b.*?c`, `(?:^|\n)a.{0,8}b`,
	`a{2}.{1,6}b{1,2}`, `(a)(b)?.{0,5}(c)?x`, `((a)|(b))+c`, `(?i)k.{0,6}s`, `a.{0,6}(?:\bb|c\B)`, `.{0,6}ab`, `ab.{0,6}`, `a+?.{0,5}b+`,
	`a*`, `a*?b`, `(?:a|)b`, `\b`, `$`, `a|b|`, `é|a`, `(?i)[é-ü]|b`, `x{0}a`, `(?:ab){0}c`, `a[^\x00-\x{10FFFF}]|b`, `(?:a?b){1}c`,
}

func randomText(r *rand.Rand) string {
	letters := []string{"a", "b", "c", "A", "B", "C", "x", "d", "e", "k", "s", " ", "\n", "=", ";", "1", "2", "_"}
	var b strings.Builder
	few := 2 + r.IntN(len(letters)-1)
	for range r.IntN(48) {
		b.WriteString(letters[r.IntN(few)])
	}
	return b.String()
}

func program(tb testing.TB, expr string) *Program {
	tb.Helper()
	tree, err := syntax.Parse(expr, syntax.Perl)
	require.NoError(tb, err)
	return Compile(tree)
}

// check compares the first match behind each position where one can be asked for with that of
// package regexp.
func check(tb testing.TB, p *Program, re *regexp.Regexp, text string) {
	tb.Helper()
	found, _, ok := p.Match(text)
	if ok {
		require.Equal(tb, re.MatchString(text), found, "%s on %q", re, text)
	}
	from := 0
	for _, want := range append(re.FindAllStringSubmatchIndex(text, -1), nil) {
		match, _, ok := p.Find(text, from)
		if ok {
			require.Equal(tb, want, match, "%s on %q from %d", re, text, from)
		}
		if want == nil || p.anywhere {
			// Package regexp steps over some empty matches, as who asks for several has to.
			return
		}
		from = want[1]
	}
}

func TestFindsWhatRegexpFinds(t *testing.T) {
	t.Parallel()
	for i, expr := range expressions {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			p, re := program(t, expr), regexp.MustCompile(expr)
			require.NotNil(t, p)
			require.Equal(t, re.SubexpNames(), p.Groups())
			r := rand.New(rand.NewPCG(uint64(i), 1))
			answered := 0
			for range 3000 {
				text := randomText(r)
				if _, _, ok := p.Find(text, 0); ok {
					answered++
				}
				check(t, p, re, text)
			}
			require.Greater(t, answered, 2800)
		})
	}
}

func TestHasNoCodeForWhatRegexpTreatsInItsOwnWay(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`(?:a*)*`, `(?:a?){2,3}`, `(?:a|)+b`, `(?:\b)*a`, strings.Repeat(`(a)`, maxSlots), `(?:(?:abcdefgh|ijk){1,30}x){1,30}`} {
		require.Nil(t, program(t, expr), expr)
	}
}

func TestGivesUpWhatWouldTakeLong(t *testing.T) {
	t.Parallel()
	for expr, text := range map[string]string{
		`(?:a|aa)+b`:       strings.Repeat("a", 64),
		`a.*a.*a.*a.*a.*b`: strings.Repeat("a", 64),
		`(?:(a)|(b))+c`:    strings.Repeat("ab", 200),
		`(?:ab|cd){300}`:   strings.Repeat("ab", 300),
		`(?:x+x+)+y`:       strings.Repeat("x", 40),
	} {
		p := program(t, expr)
		require.NotNil(t, p, expr)
		match, steps, ok := p.Find(text, 0)
		require.False(t, ok, expr)
		require.Nil(t, match, expr)
		require.LessOrEqual(t, steps, maxSteps+len(text), expr)
	}
}

func FuzzFind(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, expr := range expressions {
		f.Add(expr, randomText(r))
	}
	f.Fuzz(func(t *testing.T, expr, text string) {
		for i := range len(text) {
			if text[i] >= 0x80 {
				return
			}
		}
		if len(text) > 512 || len(expr) > 200 {
			return
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return
		}
		if p := program(t, expr); p != nil {
			check(t, p, re, text)
		}
	})
}
