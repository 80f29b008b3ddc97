package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// TestCascadeExample sends three requests that fail through three services, and requires what the
// example's page shows.
func TestCascadeExample(t *testing.T) {
	store, port := newBackend(t), freePort(t)
	c := startCollector(t, setup{
		example: "cascade",
		overlays: []string{
			otlpOn(port), store.overlay([]string{"logs/failures"}), "{connectors: {failure_detector: {cascades: {settle: 1s}}}}",
		},
	})
	orders, err := os.ReadFile(filepath.Join(root, "examples", "cascade", "orders.json"))
	require.NoError(t, err)
	post(t, port, "traces", orders)
	event := store.record(t, failure.TypeCascade)
	c.stop()

	require.Equal(t, "CASCADING_FAILURES from stock (high): stock fails, and with it checkout, then gateway.", event.Body().AsString())
	require.Equal(t, "stock", attribute(event, failure.AttrOrigin))
	require.Equal(t, []string{
		"CONNECTION_POOL_EXHAUSTION", "CASCADING_FAILURES",
	}, kinds(store.records()), "what comes from it is not announced")

	page, err := os.ReadFile(filepath.Join(root, "examples", "cascade", "README.md"))
	require.NoError(t, err)
	body, attributes, _ := strings.Cut(shown(t, string(page)), "\n")
	require.Equal(t, event.Body().AsString(), body)
	for line := range strings.SplitSeq(attributes, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		require.Equal(t, value, attribute(event, key), "%s", key)
	}
}

func kinds(records []plog.LogRecord) []string {
	list := make([]string, 0, len(records))
	for _, lr := range records {
		list = append(list, kind(lr))
	}
	return list
}

// shown gives the event that a page shows.
func shown(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, "```text\n")
	require.True(t, found)
	text, _, found := strings.Cut(rest, "\n```")
	require.True(t, found)
	return text
}
