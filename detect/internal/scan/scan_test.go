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

func find(f *scan.Finder, seen *scan.Seen, text string) []int32 {
	f.Scan(text, seen)
	return slices.Sorted(slices.Values(seen.List))
}

func TestScan(t *testing.T) {
	f := scan.New([]string{"429", "deadlock", "dead", fold.String("Ошибка"), "磁盘空间", "kernel", "\xff\xfe12"})
	var seen scan.Seen
	for _, tc := range []struct {
		name string
		text string
		want []int32
	}{
		{"nothing", "all is well", nil},
		{"an empty text", "", nil},
		{"a text shorter than a window", "42", nil},
		{"a text that is one string", "429", []int32{0}},
		{"overlapping strings, whatever their case", "DeadLock", []int32{1, 2}},
		{"at the end", "is dead", []int32{2}},
		{"letters with two cases beyond ASCII", "ОШИБКА", []int32{3}},
		{"letters without case", "服务器磁盘空间不足", []int32{4}},
		{"the Kelvin sign", "\u212Aernel", []int32{5}},
		{"bytes that are no UTF-8", "a\xff\xfe12", []int32{6}},
		{"one byte short", "deadloc ernel 42", []int32{2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, find(f, &seen, tc.text))
		})
	}
}

func TestScanWithoutStrings(t *testing.T) {
	var seen scan.Seen
	require.Empty(t, find(scan.New(nil), &seen, "anything"))
}

// TestScanEqualsContains holds the scan to strings.Contains on random texts of
// few letters, where strings overlap in every way.
func TestScanEqualsContains(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(shortest, longest int) string {
		var b strings.Builder
		for range shortest + random.IntN(longest-shortest+1) {
			b.WriteRune([]rune("abB \u212Aséß")[random.IntN(8)])
		}
		return b.String()
	}
	var seen scan.Seen
	for range 300 {
		var list []string
		for range 1 + random.IntN(40) {
			if s := fold.String(word(3, 7)); len(s) >= scan.MinLength && !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		f := scan.New(list)
		for range 20 {
			text := word(0, 60)
			var want []int32
			for i, s := range list {
				if strings.Contains(fold.String(text), s) {
					want = append(want, int32(i))
				}
			}
			require.Equal(t, want, find(f, &seen, text), "%q in %q", list, text)
		}
	}
}
