package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestPythonTraceback(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, "testdata", "logs", "assistant", "assistant.log"))
	require.NoError(t, err)
	store := newBackend(t)
	c := startCollector(t, setup{
		example:  "python-traceback",
		overlays: []string{noMetrics, store.overlay([]string{"logs"})},
		env:      []string{"PODS=" + containerLog(t, content)},
	})
	wanted := bytes.Count(content, []byte("\n2026-")) + 1
	require.Eventually(t, func() bool { return len(store.records()) >= 2*wanted }, patience, glance)
	c.stop()
	require.Len(t, store.records(), 2*wanted, "each record comes from the file and from the container once, with all its lines")

	kinds := map[string]int{}
	for _, record := range store.records() {
		body := record.Body().AsString()
		if strings.Contains(body, "\nTraceback") {
			require.NotEmpty(t, kind(record), "%s", body)
			require.NotEmpty(t, attribute(record, failure.AttrRule))
		}
		if strings.Contains(body, "for OrchestrationContext\nrun_id\n  Field required") {
			kinds[kind(record)]++
		}
	}
	require.Equal(t, map[string]int{"ORCHESTRATION_CONTEXT_MISSING": 2}, kinds)
}

// containerLog writes the lines as containerd keeps them on a node, and gives the path.
func containerLog(t *testing.T, content []byte) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "shop_assistant-5f8b6_1f0c6d2e-51a4-4b0e-9a51-1d3f7c1d8a10", "assistant")
	require.NoError(t, os.MkdirAll(folder, 0o750))
	var log bytes.Buffer
	for line := range bytes.Lines(content) {
		fmt.Fprintf(&log, "2026-03-10T09:18:41.002913084Z stderr F %s", line)
	}
	path := filepath.Join(folder, "0.log")
	require.NoError(t, os.WriteFile(path, log.Bytes(), 0o600))
	return path
}
