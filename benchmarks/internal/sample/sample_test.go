package sample_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/plain"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/detect"
)

const testdata = "../../../testdata"

func knows(t *testing.T, pattern string) *detect.Detector {
	t.Helper()
	set, err := plain.Set([]plain.Rule{{ID: "apples", Type: "APPLES", Patterns: []string{pattern}}})
	require.NoError(t, err)
	d, err := detect.New(set, detect.Options{})
	require.NoError(t, err)
	return d
}

func TestQuietLinesMatchNothingAndAreTheSameInEveryRun(t *testing.T) {
	lines, err := sample.Quiet(testdata, knows(t, `jk2_init`))
	require.NoError(t, err)
	require.Greater(t, len(lines), 5_000)
	for _, line := range lines {
		require.NotContains(t, line, "jk2_init")
	}
	again, err := sample.Quiet(testdata, knows(t, `jk2_init`))
	require.NoError(t, err)
	require.Equal(t, lines, again)
}

func TestMixedHasOneFailureOutOfSoMany(t *testing.T) {
	lines := sample.Repeated("quiet", 100)
	mixed := sample.Mixed(lines, []string{"a", "b"}, 50)
	require.Len(t, mixed, 100)
	require.Equal(t, "a", mixed[49])
	require.Equal(t, "b", mixed[99])
	require.Equal(t, sample.Repeated("quiet", 49), mixed[:49])
	require.Equal(t, sample.Repeated("quiet", 100), lines, "the lines given stay as they are")
}

func TestFreshTextsDiffer(t *testing.T) {
	for name, fresh := range map[string]func([]string, int) []string{"numbered": sample.Numbered, "worded": sample.Worded} {
		const many = 2_000
		texts := fresh([]string{"a", "b"}, many)
		seen := map[string]bool{}
		for i, text := range texts {
			require.Truef(t, strings.HasPrefix(text, []string{"a (", "b ("}[i%2]), "%s: %s", name, text)
			require.Equal(t, name == "numbered", strings.ContainsAny(text, "0123456789"), text)
			seen[text] = true
		}
		require.Len(t, seen, many)
	}
}

func TestFailingTextsAreShortAndMatch(t *testing.T) {
	long := string(bytes.Repeat([]byte("no apples "), 50))
	require.Equal(t, []string{"no apples left"},
		sample.Failing([]string{"no apples left", long, "apples"}, knows(t, "no apples")))
}

func TestTracesAreTenKilobytes(t *testing.T) {
	for _, trace := range sample.Traces() {
		require.InDelta(t, 10<<10, len(trace.Text), 200, trace.Language)
		require.NotEqual(t, trace.Text[2000:4000], trace.Text[4000:6000], trace.Language)
	}
}

func TestForeignLinesAreMatchedByEnglishOnesOfTheSameLength(t *testing.T) {
	lines, err := sample.Quiet(testdata, knows(t, "no apples"))
	require.NoError(t, err)
	other, english := sample.Foreign(lines)
	require.Len(t, english, len(other))
	for i := range other {
		require.Len(t, english[i], len(other[i]))
		require.NotContains(t, english, other[i])
	}
}

func TestRecordsHaveSixAttributes(t *testing.T) {
	require.Len(t, sample.HealthyLine, 128)
	logs := sample.Logs([]string{"a", "b"})
	require.Equal(t, 2, logs.LogRecordCount())
	require.Equal(t, 6, logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1).Attributes().Len())
	spans := sample.Spans(3)
	require.Equal(t, 3, spans.SpanCount())
	require.Equal(t, 6, spans.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(2).Attributes().Len())
	_, scope := sample.Bare([]string{"a"})
	require.Equal(t, "a", scope.LogRecords().At(0).Body().Str())
}

func TestHostileFilesAreReadWhole(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "hostile", "deep"), 0o750))
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("packed"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, content := range map[string]string{"README.md": "no text", "a.txt": "one\ntwo\n", "deep/b.txt.gz": packed.String()} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "hostile", name), []byte(content), 0o600))
	}
	files, err := sample.Hostile(folder)
	require.NoError(t, err)
	require.Equal(t, []sample.File{{Name: "a.txt", Text: "one\ntwo\n"}, {Name: "deep/b.txt.gz", Text: "packed"}}, files)
	files, err = sample.Hostile(filepath.Join(folder, "nowhere"))
	require.NoError(t, err)
	require.Empty(t, files)
}
