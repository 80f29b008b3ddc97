package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestScan finds the failures of the sample logs without a collector, and
// nothing else.
func TestScan(t *testing.T) {
	expected := sampleFailures(t)
	counts := map[string]int{}
	for _, f := range expected {
		counts[f.kind]++
	}
	files, err := filepath.Glob(filepath.Join(root, "testdata", "logs", "*", "*.log"))
	require.NoError(t, err)

	t.Run("each where it begins", func(t *testing.T) {
		var found, wanted []string
		for _, file := range files {
			found = append(found, scanFile(t, file)...)
		}
		for _, f := range expected {
			wanted = append(wanted, f.String())
		}
		requireSame(t, wanted, found)
	})
	t.Run("summed up by type", func(t *testing.T) {
		text, err := exec.CommandContext(t.Context(), program(t, "FAILURECTL_BINARY"), append([]string{"scan"}, files...)...).Output()
		require.NoError(t, err)
		require.Contains(t, string(text), fmt.Sprintf("\n%d failures\n", len(expected)))
		_, byType, _ := strings.Cut(string(text), "\nBy type\n")
		byType, _, _ = strings.Cut(byType, "\n\n")
		found := map[string]int{}
		for line := range strings.Lines(byType) {
			var n int
			var kind string
			_, err := fmt.Sscan(line, &n, &kind)
			require.NoError(t, err)
			found[kind] = n
		}
		require.Equal(t, counts, found)
	})
}

// scanFile gives the failures of a sample file.
func scanFile(t *testing.T, file string) []string {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), program(t, "FAILURECTL_BINARY"), "scan", "--output", "json", file).Output()
	if err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, 1, exit.ExitCode(), "%s", exit.Stderr)
	}
	_, name, _ := strings.Cut(filepath.ToSlash(file), "testdata/logs/")
	var found []string
	for line := range strings.Lines(string(text)) {
		var record struct {
			Line int    `json:"line"`
			Type string `json:"failure_type"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record), "%s", line)
		if record.Type != "" {
			found = append(found, sampleFailure{file: name, line: record.Line, kind: record.Type}.String())
		}
	}
	return found
}
