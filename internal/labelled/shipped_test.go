package labelled_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

// shippedDetector is the catalogue as the processor runs it where nothing is configured.
func shippedDetector(tb testing.TB) *detect.Detector {
	tb.Helper()
	set, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(tb, err)
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	require.NoError(tb, err)
	return d
}

// printException makes a line of a log of the message of an exception. Many
// texts are such lines already.
func printException(m *labelled.Message) {
	name := m.ExceptionType[strings.LastIndexByte(m.ExceptionType, '.')+1:]
	if !strings.Contains(m.Text, name) {
		m.Text = m.ExceptionType + ": " + m.Text
	}
	m.ExceptionType = ""
}

// TestShippedRulesOnLabelledMessages holds the catalogue to what it was made to
// recognise, whether an exception arrives as an event or as a line in a log.
func TestShippedRulesOnLabelledMessages(t *testing.T) {
	const (
		wantedInAll  = 0.98
		wantedOfType = 0.95
		// Of fewer messages than these one miss is less than 0.95, and allowed.
		few = 10
	)
	d := shippedDetector(t)
	files, err := filepath.Glob("../../testdata/labelled/*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		events, err := labelled.ReadFiles(file)
		require.NoError(t, err)
		lines := slices.Clone(events)
		for i := range lines {
			printException(&lines[i])
		}
		for name, messages := range map[string][]labelled.Message{"exceptions as events": events, "exceptions as lines": lines} {
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				result, err := labelled.Measure(d, messages)
				require.NoError(t, err)
				for _, f := range result.Faults {
					t.Logf("%s: %v: got %s", f.Message.ID, f.Message.Labels, f.Got)
				}
				require.Zero(t, result.Total.FalsePositives, "false positives")
				require.GreaterOrEqual(t, result.Total.Recall(), wantedInAll, "recall in all")
				for _, c := range result.Types {
					if c.Messages < few {
						require.LessOrEqual(t, c.Messages-c.Recognised, 1, "misses of %s", c.Type)
					} else {
						require.GreaterOrEqual(t, c.Recall(), wantedOfType, "recall of %s", c.Type)
					}
				}
			})
		}
	}
}
