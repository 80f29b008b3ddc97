package scan_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

// find gives the sets that a scan finds, sorted.
func find(f *scan.Finder, found *scan.Found, text string) []int32 {
	f.Scan(text, found)
	var sets []int32
	for _, hit := range found.List {
		sets = append(sets, hit.Set)
	}
	slices.Sort(sets)
	return sets
}

// naive is what scan does, in a loop of strings.Contains.
func naive(sets [][]string, text string) []int32 {
	folded := fold.String(text)
	var all []int32
	for i, set := range sets {
		if !slices.ContainsFunc(set, func(literal string) bool { return !strings.Contains(folded, literal) }) {
			all = append(all, int32(i))
		}
	}
	return all
}

// requireFound holds that a scan finds the sets of a line, and at least those of a longer
// text, but for what follows where it was cut.
func requireFound(t *testing.T, f *scan.Finder, found *scan.Found, sets [][]string, text, variant string) {
	t.Helper()
	want, got := naive(sets, text), find(f, found, text)
	if len(text) > scan.LongLine {
		got = slices.DeleteFunc(got, func(set int32) bool { return !slices.Contains(want, set) })
	}
	if found.Cut {
		want = slices.DeleteFunc(want, func(set int32) bool { return !slices.Contains(got, set) })
	}
	require.Equal(t, want, got, "%s: %q", variant, text)
}

func TestScan(t *testing.T) {
	f := scan.New([][]string{
		{"429"},
		{"deadlock"},
		{"dead"},
		{fold.String("Ошибка")},
		{"磁盘空间"},
		{"kernel"},
		{"\xff\xfe12"},
		{"connection", "refused", "by peer"},
		{"refused", "permission to enter"},
		{"deadlock"},
	})
	for _, tc := range []struct {
		name string
		text string
		want []int32
	}{
		{"nothing", "all is well", nil},
		{"an empty text", "", nil},
		{"a text shorter than a window", "42", nil},
		{"a text that is one literal", "429", []int32{0}},
		{"a literal of three bytes at an odd place", "-429", []int32{0}},
		{"a literal of four bytes at an odd place, at the end", "-dead", []int32{2}},
		{"overlapping literals, whatever their case", "DeadLock", []int32{1, 2, 9}},
		{"letters with two cases beyond ASCII", "ОШИБКА", []int32{3}},
		{"letters without case", "服务器磁盘空间不足", []int32{4}},
		{"the Kelvin sign", "\u212Aernel", []int32{5}},
		{"bytes that are no UTF-8", "a\xff\xfe12", []int32{6}},
		{"one byte short", "deadloc ernel 42", []int32{2}},
		{"all literals of a set, in any order", "Refused by peer: Connection", []int32{7}},
		{"some literals of a set", "Connection refused", nil},
		{"a literal of two sets", "refused: connection by peer, permission to enter", []int32{7, 8}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for variant := range scan.Variants() {
				var found scan.Found
				require.Equal(t, tc.want, find(f, &found, tc.text), variant)
			}
		})
	}
}

func TestScanWithoutSets(t *testing.T) {
	var found scan.Found
	require.Empty(t, find(scan.New(nil), &found, "anything"))
}

// TestFoundSaysWhere takes a text that folding makes shorter.
func TestFoundSaysWhere(t *testing.T) {
	f := scan.New([][]string{{"deadlock"}, {"timeout of", "a thing that is hardly ever there"}})
	var found scan.Found
	f.Scan("\u212A\u212A Deadlock, DEADLOCK and deadlock\u017F", &found)
	require.Equal(t, []scan.Hit{{Set: 0}}, found.List)
	require.Equal(t, []int32{3, 13, 26}, found.Places(nil, 0))
	require.Equal(t, "kk deadlock, deadlock and deadlocks", string(found.Folded))
	require.Equal(t, 5, found.Slack)
}

// TestFoundServesSeveralFinders holds that nothing of one text or finder is
// left for the next.
func TestFoundServesSeveralFinders(t *testing.T) {
	var found scan.Found
	small, large := scan.New([][]string{{"alpha"}}), scan.New([][]string{{"beta", "gamma"}, {"alpha"}, {"gamma"}})
	for range 3 {
		require.Equal(t, []int32{0}, find(small, &found, "alpha beta gamma"))
		require.Equal(t, []int32{0, 1, 2}, find(large, &found, "alpha beta gamma"))
		require.Empty(t, find(large, &found, "beta"))
		require.Equal(t, []int32{2}, find(large, &found, "gamma"))
	}
}

// TestScanEqualsContains holds the scan to strings.Contains on random texts of
// few letters, where literals overlap in every way.
func TestScanEqualsContains(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(shortest, longest int) string {
		var b strings.Builder
		for range shortest + random.IntN(longest-shortest+1) {
			b.WriteRune([]rune("abB \u212Aséß")[random.IntN(8)])
		}
		return b.String()
	}
	var found scan.Found
	for variant := range scan.Variants() {
		for range 200 {
			var sets [][]string
			for range 1 + random.IntN(40) {
				var set []string
				for range 1 + random.IntN(3) {
					if s := fold.String(word(3, 12)); len(s) >= scan.MinLength {
						set = append(set, s)
					}
				}
				if set != nil {
					sets = append(sets, set)
				}
			}
			f := scan.New(sets)
			for range 20 {
				text := word(0, 100)
				require.Equal(t, naive(sets, text), find(f, &found, text), "%s: %q in %q", variant, sets, text)
			}
		}
	}
}

// setsOf reads sets of literals, one a line, and folds them.
func setsOf(list string) [][]string {
	var sets [][]string
	for line := range strings.SplitSeq(list, "\n") {
		var set []string
		for part := range strings.SplitSeq(line, ",") {
			if s := fold.String(part); len(s) >= scan.MinLength {
				set = append(set, s)
			}
		}
		if set != nil {
			sets = append(sets, set)
		}
	}
	return sets
}

// TestScanAllocatesNothing takes texts without and with hits, once the memory has grown.
func TestScanAllocatesNothing(t *testing.T) {
	texts := []string{healthyLine, "Connection REFUSED by peer: größe, ошибка, 磁盘 \u212A", strings.Repeat("connection error ", 4000)}
	for variant := range scan.Variants() {
		var found scan.Found
		scanAll := func() {
			for _, text := range texts {
				shipped().finder.Scan(text, &found)
			}
		}
		scanAll()
		require.Zero(t, testing.AllocsPerRun(20, scanAll), variant)
	}
}
