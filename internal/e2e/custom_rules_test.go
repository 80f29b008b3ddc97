package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

func TestCustomRules(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "rules")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(root, "examples", "custom-rules", "rules"))))
	store, port, metrics := newBackend(t), freePort(t), freePort(t)
	c := startCollector(t, setup{
		example: "custom-rules",
		overlays: []string{
			otlpOn(port), metricsOn(metrics), store.overlay([]string{"logs", "traces"}),
			fmt.Sprintf("{processors: {failure_detector: {rules: {files: ['%s']}}}}", folder),
		},
	})

	t.Run("own type, override, disable and shadow", func(t *testing.T) {
		require.Eventually(t, func() bool { return len(store.records()) == 6 }, patience, glance)
		refused := store.record(t, "P503377").Attributes().AsRaw()
		require.Equal(t, "CARRIER_LABEL_REFUSED", refused[failure.AttrType])
		require.Equal(t, "shipping", refused[failure.AttrCategory])
		require.Equal(t, "The carrier northpost refuses the label for parcel P503377.", refused[failure.AttrCause])

		breaker := store.record(t, "bank-gateway").Attributes().AsRaw()
		require.Equal(t, "CIRCUIT_BREAKER_TRIPPED", breaker[failure.AttrType])
		require.Equal(t, "critical", breaker[failure.AttrSeverity])
		require.Equal(t, "The bank does not take our charges: the breaker bank-gateway is open.", breaker[failure.AttrCause])

		for _, untouched := range []string{"printed label", "Liveness probe failed", "stock of LK-3310", "dry run"} {
			require.Empty(t, kind(store.record(t, untouched)), untouched)
		}
		require.Eventually(t, func() bool {
			return strings.Contains(scrape(t, metrics, "shadow_matches"), `failure_rule="shop-trial-stock-differs"`)
		}, patience, glance)
	})

	file := filepath.Join(folder, "shop.yaml")
	shipped, err := os.ReadFile(file)
	require.NoError(t, err)
	t.Run("a changed file is used while the collector runs", func(t *testing.T) {
		change(t, file, strings.Replace(string(shipped), "severity: medium", "severity: high", 1))
		requireReloaded(t, store, port, "P500012", "high")
		require.True(t, c.logged("rules reloaded"))
	})
	t.Run("a bad file leaves the rules that are in use", func(t *testing.T) {
		change(t, file, strings.Replace(string(shipped), "confidence: 0.9", "confidense: 0.9", 1))
		require.Eventually(t, func() bool { return c.logged("shop.yaml:") }, patience, glance)
		require.Contains(t, c.complaints(), `did you mean`)
		post(t, port, "logs", logRequest("carrier bluevan refused label for parcel P500013"))
		require.Equal(t, "high", severity(store.record(t, "P500013")))
		require.Contains(t, scrape(t, metrics, "reloads"), `outcome="failure"`)
	})
	t.Run("and a good one is used again", func(t *testing.T) {
		change(t, file, strings.Replace(string(shipped), "severity: medium", "severity: critical", 1))
		requireReloaded(t, store, port, "P500014", "critical")
	})
	c.stop()
}

// TestCustomRulesAreTidy checks the rules as the README tells people to.
func TestCustomRulesAreTidy(t *testing.T) {
	for _, check := range []string{"lint", "test"} {
		run(t, root, program(t, "FAILURECTL_BINARY"), "rules", check, filepath.Join("examples", "custom-rules", "rules"))
	}
}

// change writes a file as editors do: beside the old one, then in its place.
func change(t *testing.T, file, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(file+".new", []byte(content), 0o600))
	require.NoError(t, os.Rename(file+".new", file))
}

// requireReloaded sends a record until the rules give it a severity.
func requireReloaded(t *testing.T, store *backend, port int, parcel, wanted string) {
	t.Helper()
	request := logRequest("carrier bluevan refused label for parcel " + parcel)
	require.Eventually(t, func() bool {
		post(t, port, "logs", request)
		for _, record := range store.records() {
			if strings.Contains(record.Body().AsString(), parcel) && severity(record) == wanted {
				return true
			}
		}
		return false
	}, patience, 4*glance, "the severity does not become %s", wanted)
}

func kind(record plog.LogRecord) string { return attribute(record, failure.AttrType) }

func severity(record plog.LogRecord) string { return attribute(record, failure.AttrSeverity) }

func attribute(record plog.LogRecord, key string) string {
	if value, found := record.Attributes().Get(key); found {
		return value.AsString()
	}
	return ""
}

// metricsOn is the overlay that shows the collector's own metrics at a port.
func metricsOn(port int) string {
	return fmt.Sprintf("{service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}}}", port)
}

// scrape gives the lines of the collector's own metrics that have a word.
func scrape(t *testing.T, port int, word string) string {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/metrics", port), http.NoBody)
	require.NoError(t, err)
	response, err := client.Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, word) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
