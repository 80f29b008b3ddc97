package scan_test

import (
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/rules"
)

// shipped has the sets of literals of the shipped catalogue, rule by rule, a finder for all of
// them, and its examples of failures.
var shipped = sync.OnceValue(func() (catalogue struct {
	rules    [][][]string
	sets     [][]string
	finder   *scan.Finder
	failures []string
},
) {
	config := rules.NewDefaultConfig()
	config.MinimumMaturity = rules.Experimental
	set, err := rules.Load(config)
	if err != nil {
		panic(err)
	}
	for _, rule := range set.Rules {
		var sets [][]string
		for _, patterns := range [][]rules.Pattern{rule.Match.Patterns, rule.ClearPatterns} {
			for _, pattern := range patterns {
				required, err := literal.Required(pattern.Expr)
				if err != nil {
					panic(err)
				}
				for _, conjunction := range required {
					sets = append(sets, conjunction)
				}
			}
		}
		for _, example := range rule.Examples.Match {
			catalogue.failures = append(catalogue.failures, example.Text)
		}
		catalogue.rules = append(catalogue.rules, sets)
		catalogue.sets = append(catalogue.sets, sets...)
	}
	catalogue.finder = scan.New(catalogue.sets)
	return catalogue
})

// heldOut gives the lines of the benign logs that the choice of windows was not
// trained on.
func heldOut(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "benign", "*.gz"))
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var all []string
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(tb, err)
		unpacked, err := gzip.NewReader(file)
		require.NoError(tb, err)
		content, err := io.ReadAll(unpacked)
		require.NoError(tb, err)
		require.NoError(tb, file.Close())
		isTrained := false
		for line := range strings.Lines(string(content)) {
			if isTrained = !isTrained; !isTrained {
				all = append(all, strings.TrimRight(line, "\r\n"))
			}
		}
	}
	return all
}

// TestHealthyTextHasFewWindows holds the choice of windows to lines that it was
// not trained on.
func TestHealthyTextHasFewWindows(t *testing.T) {
	hits, passed, size := 0, 0, 0
	lines := heldOut(t)
	for _, line := range lines {
		h, p := scan.WindowHits(shipped().finder, line)
		hits, passed, size = hits+h, passed+p, size+len(line)
	}
	t.Logf("%.2f windows with literals a line, %.2f a KB; %.2f pass the filter a line",
		float64(hits)/float64(len(lines)), float64(hits)/float64(size)*1024, float64(passed)/float64(len(lines)))
	require.Less(t, hits, 2*len(lines))
	require.Less(t, passed-hits, len(lines))
}

// TestFailuresAreBusy holds with the shipped catalogue, and where words of healthy text are
// literals too, so that the filter lets much more of it pass.
func TestFailuresAreBusy(t *testing.T) {
	healthy := heldOut(t)
	share := func(f *scan.Finder, texts []string) float64 {
		var found scan.Found
		busy := 0
		for _, text := range texts {
			if f.Look(text, &found) {
				busy++
			}
		}
		return float64(busy) / float64(len(texts))
	}
	require.Less(t, share(shipped().finder, healthy), 0.01)
	require.Greater(t, share(shipped().finder, shipped().failures), 0.5)

	sets := slices.Clone(shipped().sets)
	words := strings.FieldsFunc(strings.ToLower(strings.Join(healthy, " ")), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, word := range words {
		if len(word) >= scan.MinLength {
			sets = append(sets, []string{word})
		}
	}
	require.Less(t, share(scan.New(sets), healthy), 0.01)
}

// TestShippedSetsAsContainsFindsThem takes texts made of what nearly is a
// literal of the catalogue, and of what is.
func TestShippedSetsAsContainsFindsThem(t *testing.T) {
	for variant := range scan.Variants() {
		random := rand.New(rand.NewPCG(7, 8))
		var found scan.Found
		for range 150 {
			text := fragments(random, shipped().sets)
			requireFound(t, shipped().finder, &found, shipped().sets, text, variant)
		}
	}
}

// fragments joins whole sets and parts of literals, in any case and at any alignment.
func fragments(random *rand.Rand, sets [][]string) string {
	between := []string{"", " ", "-", "\n", "\xff", "\u212A", "\u017F", "é", "磁盘", "\xd0", "~~~", "\x00"}
	var text strings.Builder
	text.WriteString(strings.Repeat("x", random.IntN(65)))
	for range 1 + random.IntN(12) {
		whole := random.IntN(2) == 0
		for _, literal := range sets[random.IntN(len(sets))] {
			if !whole {
				from := random.IntN(len(literal))
				literal = literal[from : from+random.IntN(len(literal)-from+1)]
			}
			switch random.IntN(3) {
			case 0:
				literal = strings.ToUpper(literal)
			case 1:
				literal = strings.Map(func(r rune) rune {
					if random.IntN(2) == 0 {
						return unicode.SimpleFold(r)
					}
					return r
				}, literal)
			}
			text.WriteString(literal)
			text.WriteString(between[random.IntN(len(between))])
		}
	}
	return text.String()
}

// FuzzScan holds the scan to strings.Contains. The sets are lines, their
// literals stand between commas.
func FuzzScan(f *testing.F) {
	f.Add("deadlock\nconnection,refused\n429", "Connection 429 REFUSED, deadloc\u212A")
	f.Add("磁盘空间\nkernel,abc\n\xff\xfe1", "a磁盘空间\u212Aernel abc\xff\xfe1")
	f.Add("aaa,aaaa\naaaaa\naaaaaaaaa", strings.Repeat("a", 70))
	f.Fuzz(func(t *testing.T, list, text string) {
		sets := setsOf(list)
		finder := scan.New(sets)
		for variant := range scan.Variants() {
			var found scan.Found
			requireFound(t, finder, &found, sets, text, variant)
		}
	})
}
