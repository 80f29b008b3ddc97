package labelled_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/labelled"
)

// tolerated is a line of a benign log that does report a failure.
type tolerated struct{ failureType, excerpt string }

func readTolerated(t *testing.T) map[string]tolerated {
	t.Helper()
	content, err := os.ReadFile("../../testdata/benign-tolerated.tsv")
	require.NoError(t, err)
	list := map[string]tolerated{}
	for i, row := range strings.Split(strings.TrimSuffix(string(content), "\n"), "\n") {
		cells := strings.Split(row, "\t")
		require.Len(t, cells, 5, "row %d", i+1)
		if i == 0 {
			require.Equal(t, []string{"file", "line", "type", "excerpt", "reason"}, cells)
			continue
		}
		_, err := strconv.Atoi(cells[1])
		require.NoError(t, err, "row %d", i+1)
		require.NotEmpty(t, cells[4], "row %d has no reason", i+1)
		list[cells[0]+":"+cells[1]] = tolerated{cells[2], cells[3]}
	}
	return list
}

// TestBenignLogs holds that a line of a benign log is flagged if and only if it
// is listed as one that reports a failure, with that failure.
func TestBenignLogs(t *testing.T) {
	d := shippedDetector(t)
	listed := readTolerated(t)
	logs, err := labelled.ReadBenign("../../testdata/benign")
	require.NoError(t, err)
	require.Len(t, logs, 4)
	for _, log := range logs {
		require.Len(t, log.Lines, 2000, log.Name)
		for i, line := range log.Lines {
			place := fmt.Sprintf("%s:%d", log.Name, i+1)
			expected, known := listed[place]
			delete(listed, place)
			found := d.Text(line).Detections
			switch {
			case known && len(found) == 0:
				t.Errorf("%s: is listed and not flagged: %s", place, line)
			case known:
				require.Equal(t, expected.failureType, found[0].Rule.Type, place)
				require.Contains(t, line, expected.excerpt, place)
			case len(found) > 0:
				t.Errorf("%s: flagged as %s by %s: %s", place, found[0].Rule.Type, found[0].Rule.ID, line)
			}
		}
	}
	require.Empty(t, listed, "listed lines that there are not")
}
