package novelty

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// recorded reads a log of a real system. All that it says is taken for errors, which is harder than what
// the miner is made for: systems say far more than errors.
func recorded(t *testing.T, name string) []message {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "benign", name+".log.gz"))
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	content, err := gzip.NewReader(f)
	require.NoError(t, err)
	var lines []message
	last := int64(0)
	for scanner := bufio.NewScanner(content); scanner.Scan(); {
		text := scanner.Text()
		// A line without a time of its own comes with the one before it.
		if at, ok := logfile.TimeOf(text, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); ok && at.UnixNano() >= last {
			last = at.UnixNano()
		}
		lines = append(lines, message{at: last, version: "1", text: text})
	}
	return lines
}

// TestNewsOfRecordedLogs lets real systems run in one version, and in the second half of the log in two,
// on which its lines fall by turns. In the middle of that half an error is planted.
func TestNewsOfRecordedLogs(t *testing.T) {
	const planted = "ledger checksum differs from the archive in shard 7"
	all := figures{}
	for _, tc := range []struct {
		name string
		// silent says that the log never calms down, so that nothing of it is news.
		silent bool
	}{{"Apache", false}, {"HDFS", false}, {"Mac", true}} {
		lines := recorded(t, tc.name)
		for i := len(lines) / 2; i < len(lines); i += 2 {
			lines[i].version = "2"
		}
		at := len(lines) * 3 / 4
		broken := message{at: lines[at].at, version: "2", text: planted}
		lines = append(lines[:at:at], append([]message{broken}, lines[at:]...)...)
		f := run(NewDefaultSettings(), lines, func(text string) bool { return text == planted }, never)
		t.Logf("%-6s %s; planted error told: %t", tc.name, f.String(), f.found)
		require.Equal(t, tc.silent, !f.found, tc.name)
		require.Less(t, f.perHour(), 1.0, tc.name)
		if !tc.silent {
			all.add(f)
		}
	}
	t.Logf("%-6s %s", "all", all.String())
	require.Less(t, all.perHour(), 0.3)
}
