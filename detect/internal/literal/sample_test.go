package literal_test

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/rules"
)

const flags = syntax.Perl | syntax.FoldCase | syntax.DotNL

// maxSample is where a text of nested repetitions ends.
const maxSample = 4096

// sample appends a text that an expression matches if its anchors allow it.
func sample(b *strings.Builder, re *syntax.Regexp, random *rand.Rand) {
	if b.Len() > maxSample {
		return
	}
	repeat := func(least, most int) {
		for range least + random.IntN(most-least+1) {
			sample(b, re.Sub[0], random)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && random.IntN(2) == 0 {
				r = unicode.SimpleFold(r)
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		if len(re.Rune) == 0 {
			return
		}
		at := 2 * random.IntN(len(re.Rune)/2)
		b.WriteRune(re.Rune[at] + random.Int32N(min(re.Rune[at+1]-re.Rune[at], 300)+1))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune([]rune("aZ \u212A7")[random.IntN(5)])
	case syntax.OpCapture:
		repeat(1, 1)
	case syntax.OpStar:
		repeat(0, 3)
	case syntax.OpPlus:
		repeat(1, 3)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		most := re.Max
		if most < 0 {
			most = re.Min + 2
		}
		repeat(re.Min, most)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			sample(b, sub, random)
		}
	case syntax.OpAlternate:
		sample(b, re.Sub[random.IntN(len(re.Sub))], random)
	}
}

// holdTo fails where a text that an expression matches lacks what it requires.
func holdTo(t *testing.T, expr string, random *rand.Rand) {
	t.Helper()
	tree, err := syntax.Parse(expr, flags)
	if err != nil {
		return
	}
	required, err := literal.Required(expr)
	require.NoError(t, err, "%q", expr)
	if required == nil {
		return
	}
	re := regexp.MustCompile("(?is)" + expr)
	for range 12 {
		var b strings.Builder
		sample(&b, tree, random)
		text := b.String()
		if !re.MatchString(text) {
			continue // An anchor does not hold, or the text is not whole.
		}
		require.True(t, holds(required, fold.String(text)), "%q matches %q, which has none of %q", expr, text, required)
	}
}

func holds(required []literal.Conjunction, folded string) bool {
	return slices.ContainsFunc(required, func(c literal.Conjunction) bool {
		return !slices.ContainsFunc(c, func(s string) bool { return !strings.Contains(folded, s) })
	})
}

// exotic are expressions of forms that the catalogue has none of.
var exotic = []string{
	`\Qa.b\E+connection`, `xyz\Q\E*connection`, `xyz\Qab\E?connection`, `xyz(?i)*connection`, `(?U)abc+?def`, `abc{01}def`, `abc{2`, `abc{,3}def`, `abc{2,}def`,
	`\x41\x{42}\103def`, `\pLabc\p{Greek}def\PNghi`, `[[:alpha:]]abc[^[:digit:]]def`, `[]a]bcd`, `[^]a]bcd`, `[a-]bcd`, `[\]x]bcd`, `[\x41-C]bcd`, `[\s:]bcd`,
	`(?P<a>abc)(?<b>def)`, `(?im-s:abc)def`, `abc\b+def`, `(?:)abc`, `(|abc)def`, `(abc|)*def`, `abc||def`, `\.\*\(abc\)`, `[Kk]elvin \x{212a}abc`, `(?:ab|c.)d(?:e|.f)ghi`,
	`(?:abc.*def|ghi)jkl`, `(?:(?:ab){2}c){2}d`, `[^\x00-\x{10FFFF}]abc`, "abcd\uFFFDefgh", "[ab\uFFFD]efgh", `\Aabc\z`, `\aabc\f\n\r\t\v`, `ſecret`, `a{3}{2}bcd`,
}

// TestWhatMatchesHasWhatIsRequired tries texts that the expressions match, which
// are made of the trees that package syntax reads.
func TestWhatMatchesHasWhatIsRequired(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, expr := range exotic {
		for range 20 {
			holdTo(t, expr, random)
		}
	}
	set, err := rules.LoadTogether()
	require.NoError(t, err)
	for _, r := range set.Rules {
		for _, p := range slices.Concat(r.Match.Patterns, r.AllOf, r.NoneOf, r.ClearPatterns) {
			holdTo(t, p.Expr, random)
		}
	}
}

func FuzzRequired(f *testing.F) {
	for _, expr := range exotic {
		f.Add(expr, uint64(1))
	}
	f.Fuzz(func(t *testing.T, expr string, seed uint64) {
		holdTo(t, expr, rand.New(rand.NewPCG(seed, 0)))
	})
}
