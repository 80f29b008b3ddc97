package detect

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/rules"
)

var update = flag.Bool("update", false, "write testdata/hostile anew from the catalogue")

// ruleLiterals are the literals that the patterns of a rule require.
func ruleLiterals(tb testing.TB, patterns []rules.Pattern) []string {
	tb.Helper()
	var all []string
	for _, p := range patterns {
		required, err := literal.Required(p.Expr)
		require.NoError(tb, err)
		for _, c := range required {
			all = append(all, c...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fill repeats what next gives until the text is as long as what is read of a record.
func fill(next func() string) string {
	var b strings.Builder
	for b.Len() < TextLimit {
		b.WriteString(next())
	}
	return b.String()[:TextLimit]
}

// cycle gives the elements of a list in turn, each with what stands behind it.
func cycle(list []string, behind string) func() string {
	at := -1
	return func() string {
		at = (at + 1) % len(list)
		return list[at] + behind
	}
}

// hostileTo is a text that costs a rule as much as can be: it is full of the literals
// that the rule looks for, on one line, on many, at any distance.
func hostileTo(tb testing.TB, r *rules.Rule, seed uint64) string {
	tb.Helper()
	literals := ruleLiterals(tb, r.Match.Patterns)
	if len(literals) == 0 {
		return ""
	}
	random := rand.New(rand.NewPCG(seed, 5))
	shuffled := func() string {
		return literals[random.IntN(len(literals))] + strings.Repeat("x", random.IntN(40)) + []string{"", " ", "\n", ": "}[random.IntN(4)]
	}
	quarter := TextLimit / 4
	return fill(cycle(literals, " "))[:quarter] + fill(cycle(literals, "\n"))[:quarter] + fill(shuffled)[:2*quarter]
}

// hostileTexts has a text for each kind of weakness that docs/matching.md names.
func hostileTexts(tb testing.TB, d *Detector) map[string]string {
	tb.Helper()
	var all, near, gapped, vetoed []string
	random := rand.New(rand.NewPCG(1, 9))
	for _, r := range d.Rules().Rules {
		literals := ruleLiterals(tb, r.Match.Patterns)
		all = append(all, literals...)
		for _, p := range r.Match.Patterns {
			if strings.Contains(p.Expr, "{0,") || strings.Contains(p.Expr, "{1,") {
				gapped = append(gapped, ruleLiterals(tb, []rules.Pattern{p})...)
			}
		}
		for _, e := range r.Examples.Ignore {
			if line := strings.ReplaceAll(e.Text, "\n", " "); len(line) < 200 && e.ExceptionType == "" {
				vetoed = append(vetoed, line)
			}
		}
	}
	for _, s := range all {
		if len(s) > 5 {
			near = append(near, s[:len(s)-1])
		}
	}
	shuffle := func(list []string) []string {
		list = slices.Clone(list)
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
	apart := func(list []string) func() string {
		return func() string { return list[random.IntN(len(list))] + strings.Repeat(".", random.IntN(60)) }
	}
	onlyASCII := func(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }
	cased := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !onlyASCII(s) })
	return map[string]string{
		"broken-utf8":        fill(cycle(shuffle(all), "\xff\xe2\x84")),
		"colours":            fill(cycle([]string{"\x1b[31m", "error\x1b[0m", "\x1b[1;2;3;4;5;6m"}, "")),
		"folding":            strings.NewReplacer("k", "\u212A", "s", "\u017F").Replace(fill(cycle(shuffle(cased), " "))),
		"gaps":               fill(apart(shuffle(gapped))),
		"literals-of-all":    fill(cycle(shuffle(all), " ")),
		"literals-per-line":  fill(cycle(shuffle(all), "\n")),
		"near-literals":      fill(cycle(shuffle(near), "~")),
		"no-space":           fill(apart(shuffle(all))),
		"refused-lines":      fill(cycle(shuffle(vetoed), "\n")),
		"stack-frames":       fill(cycle([]string{"\tat a.b.C.d(C.java:1)", "\tat a.b (c:1:2)", "  File \"a.py\", line 1, in b", "Caused by: a.B: c"}, "\n")),
		"upper-case":         strings.ToUpper(fill(cycle(shuffle(all), " "))),
		"windows-of-letters": fill(cycle([]string{"error", "connection", "failed", "timeout", "exception", "refused", "memory"}, "")),
		"backtracking":       fill(cycle(shuffle(gapped), " "))[:longText-1],
	}
}

const hostileFolder = "../testdata/hostile"

// shippedHostile reads the texts of testdata/hostile, and adds one for each rule.
func shippedHostile(tb testing.TB, d *Detector) map[string]string {
	tb.Helper()
	texts := map[string]string{}
	files, err := filepath.Glob(filepath.Join(hostileFolder, "*.txt"))
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(tb, err)
		texts[strings.TrimSuffix(filepath.Base(name), ".txt")] = string(content)
	}
	for i, r := range d.Rules().Rules {
		texts["rule "+r.ID] = hostileTo(tb, r, uint64(i))
	}
	return texts
}

// TestHostileFiles holds that there is a file for each kind of weakness. With
// -update it writes them.
func TestHostileFiles(t *testing.T) {
	texts := hostileTexts(t, shippedDetector(t))
	for name, text := range texts {
		path := filepath.Join(hostileFolder, name+".txt")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
		require.FileExists(t, path)
	}
}

// TestHostileTextIsBounded holds that no text makes the patterns walk over more than
// the limit and what the last of them took.
func TestHostileTextIsBounded(t *testing.T) {
	const lastWalk = regexpPaceAtMost * TextLimit
	d := shippedDetector(t)
	tried := 0
	for name, text := range shippedHostile(t, d) {
		if strings.HasPrefix(name, "rule ") {
			if tried++; tried%exactShare != 0 {
				continue
			}
		}
		s := d.borrow()
		d.readExample(s, rules.Example{Text: text})
		d.classify(s)
		require.LessOrEqual(t, s.spent, workLimit+lastWalk, name)
		d.giveBack(s)
	}
}

// TestRealTextIsNotCutShort has the benign logs in records as large as they get, and the
// labelled messages, some of which are long traces.
func TestRealTextIsNotCutShort(t *testing.T) {
	d := shippedDetector(t)
	texts := labelledTexts(t)
	var record strings.Builder
	for _, line := range benignTexts(t) {
		record.WriteString(line.Text)
		record.WriteByte('\n')
		if record.Len() > TextLimit {
			texts = append(texts, rules.Example{Text: record.String()})
			record.Reset()
		}
	}
	for _, e := range texts {
		require.False(t, d.Text(e.Text).CutShort, "%.100q", e.Text)
	}
}

// regexpPaceAtMost is how many times longer than an automaton package regexp may
// take over a text.
const regexpPaceAtMost = 24

// wantedHostile is how long a text should keep the whole catalogue at the most.
const wantedHostile = time.Millisecond

// BenchmarkHostile prints the texts that take longest, and how many take more than
// wantedHostile. Each time is the best of several, so that what else runs on the
// machine counts little.
func BenchmarkHostile(b *testing.B) {
	d := shippedDetector(b)
	texts := shippedHostile(b, d)
	best := map[string]time.Duration{}
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	for b.Loop() {
		for _, name := range names {
			for range 3 {
				start := time.Now()
				d.Text(texts[name])
				if spent := time.Since(start); best[name] == 0 || spent < best[name] {
					best[name] = spent
				}
			}
		}
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Compare(best[y], best[x]) })
	tooLong := 0
	for i, name := range names {
		if best[name] > wantedHostile {
			tooLong++
		}
		if i < 12 {
			b.Logf("%v for %s", best[name], name)
		}
	}
	b.ReportMetric(float64(best[names[0]].Microseconds()), "µs/dearest-text")
	b.ReportMetric(float64(tooLong), "texts-over-1ms")
	b.ReportMetric(float64(len(names)), "texts")
}
