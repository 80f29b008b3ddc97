package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

// services tells what the quickstart calls the writer of a file.
var services = map[string]string{
	"checkout-api/app.log":           "checkout-api",
	"assistant/assistant.log":        "assistant",
	"payments/payments.log":          "payments",
	"inventory/inventory.json.log":   "inventory",
	"shipping/shipping.log":          "shipping",
	"storefront/storefront.json.log": "storefront",
	"postgresql/postgresql.log":      "postgresql",
	"node-7/kern.log":                "node-7",
	"kubernetes/kubelet.log":         "kubelet",
	"kubernetes/events.json.log":     "k8s-events",
	"nginx/error.log":                "nginx",
}

// sampleFailure is a row of the list in testdata/logs/README.md.
type sampleFailure struct {
	file string
	line int
	kind string
}

func (f sampleFailure) String() string { return fmt.Sprintf("%s:%d %s", f.file, f.line, f.kind) }

var sampleRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\d+)(?:-\\d+)? \\| `([A-Z_]+)` \\|")

func sampleFailures(t *testing.T) []sampleFailure {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "testdata", "logs", "README.md"))
	require.NoError(t, err)
	var list []sampleFailure
	for _, row := range sampleRow.FindAllSubmatch(page, -1) {
		line, err := strconv.Atoi(string(row[2]))
		require.NoError(t, err)
		list = append(list, sampleFailure{file: string(row[1]), line: line, kind: string(row[3])})
	}
	require.NotEmpty(t, list)
	return list
}

// lineAt gives the number of the line that begins at an offset of a sample file.
func lineAt(t *testing.T, file string, offset int64) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "testdata", "logs", file))
	require.NoError(t, err)
	return 1 + bytes.Count(content[:offset], []byte("\n"))
}

// withOffsets is the overlay that lets every record tell where in its file it began.
func withOffsets() string {
	receivers := []string{"checkout-api", "assistant", "payments", "inventory", "shipping", "storefront", "postgresql", "kernel", "kubelet", "events", "nginx"}
	for i, name := range receivers {
		receivers[i] = "file_log/" + name + ": {include_file_record_offset: true, include_file_path: true}"
	}
	return "{receivers: {" + strings.Join(receivers, ", ") + "}}"
}

var shownLine = regexp.MustCompile(`^\d\d:\d\d:\d\d  (\S+) +(LOW|MEDIUM|HIGH|CRITICAL) +([A-Z_]+)  .+  \[([a-z0-9-]+) (?:0\.\d+|1)\]$`)

func TestQuickstart(t *testing.T) {
	expected := sampleFailures(t)
	store, port, view := newBackend(t), freePort(t), startViewer(t)
	printed := &output{}
	c := startCollector(t, setup{
		example:  "quickstart",
		overlays: []string{otlpOn(port), feedOn(freePort(t)), withOffsets(), store.overlay([]string{"logs", "traces"}, "debug", "failure_detector")},
		stdout:   io.MultiWriter(view.input, printed),
	})

	t.Run("recognises the failures of the sample logs and nothing else", func(t *testing.T) {
		requireSamples(t, store, expected)
	})
	t.Run("shows one line for each", func(t *testing.T) {
		require.Eventually(t, func() bool { return len(view.records()) >= len(expected) }, patience, glance)
		requireLines(t, view, expected)
	})
	t.Run("shows how the host is", func(t *testing.T) {
		line := view.shown(t, "  HOST  ", "  [host_probe]")
		require.Regexp(t, `^\d\d:\d\d:\d\d  \S+ +HOST {6}CPU \d+% busy, memory \d+% used(, /\S* \d+%)*.*: (nothing is exhausted(, [a-z.]+ is high but not for long)*|\d+ signals? announced)  \[host_probe\]$`, line)
	})
	t.Run("shows the incidents that they make", func(t *testing.T) {
		view.shown(t, "postgresql", "OPENED", "CONNECTION_POOL_EXHAUSTION", "(high): PostgreSQL accepts no more sessions")
		view.shown(t, "node-7", "OPENED", "MEMORY_EXHAUSTION", "(critical): The kernel was out of memory and killed java.")
		view.shown(t, "checkout-api", "ESCALATED", "is now critical, 3 failures of category/pydantic within the hour.")
		view.shown(t, "payments", "RESOLVED", "CIRCUIT_BREAKER_TRIPPED", "is over, a record says so: there was 1 failure.")
	})
	t.Run("shows what is sent to it at once", func(t *testing.T) {
		send(t, port, "traces", "span.json")
		send(t, port, "logs", "log.json")
		require.Contains(t, view.shown(t, "10:18:40", "assistant", "ORCHESTRATION_CONTEXT_MISSING", "POST /runs: "), gateMessage)
		view.shown(t, "10:18:41", "assistant", "ORCHESTRATION_CONTEXT_MISSING", gateMessage)
	})
	t.Run("shows hostile text on one line without control characters", func(t *testing.T) {
		post(t, port, "logs", logRequest(gateMessage+"\x1b[2J\x07\u009b31m\u202eetirw\nLogRecord #9\nAttributes:\n     -> failure_type: Str(MADE_UP)\nlast line\x00"))
		line := view.shown(t, "etirw")
		require.Contains(t, line, "ORCHESTRATION_CONTEXT_MISSING")
		for _, r := range "\x1b\x07\u009b\u202e" {
			require.NotContains(t, line, string(r))
		}
	})
	c.stop()

	require.NoError(t, view.input.Close())
	require.NoError(t, <-view.ended)
	require.Len(t, view.records(), len(expected)+3, "a line for each failure and no other:\n%s", view.output)
	requireExplained(t, printed.String(), len(expected)+3)
	requireReadme(t, printed.String())
}

// requireSamples waits for the failures of the sample logs and compares them
// with the list.
func requireSamples(t *testing.T, store *backend, expected []sampleFailure) {
	t.Helper()
	failures := func() []plog.LogRecord {
		return slices.DeleteFunc(store.records(), func(record plog.LogRecord) bool { return kind(record) == "" })
	}
	require.Eventually(t, func() bool { return len(failures()) >= len(expected) }, patience, glance)
	var found []string
	for _, record := range failures() {
		attributes := record.Attributes().AsRaw()
		path, _ := attributes["log.file.path"].(string)
		offset, _ := attributes["log.file.record_offset"].(int64)
		_, file, _ := strings.Cut(filepath.ToSlash(path), "testdata/logs/")
		kind, _ := attributes[failure.AttrType].(string)
		found = append(found, sampleFailure{file: file, line: lineAt(t, file, offset), kind: kind}.String())
		require.NotZero(t, record.SeverityNumber(), "%s", found[len(found)-1])
		require.NotEmpty(t, attributes[failure.AttrCause], "%s", found[len(found)-1])
		require.NotEmpty(t, attributes[failure.AttrActions], "%s", found[len(found)-1])
	}
	var wanted []string
	for _, f := range expected {
		wanted = append(wanted, f.String())
	}
	requireSame(t, wanted, found)
}

func requireLines(t *testing.T, view *viewer, expected []sampleFailure) {
	t.Helper()
	var found, wanted []string
	for _, line := range view.records() {
		parts := shownLine.FindStringSubmatch(line)
		require.NotNil(t, parts, "%q is no line of the form: time, service, severity, type, text, rule", line)
		found = append(found, parts[1]+" "+parts[3])
	}
	for _, f := range expected {
		wanted = append(wanted, services[f.file]+" "+f.kind)
	}
	requireSame(t, wanted, found)
}

// requireSame compares without order, and names what differs alone.
func requireSame(t *testing.T, wanted, found []string) {
	t.Helper()
	var unexpected []string
	missing := slices.Clone(wanted)
	for _, item := range found {
		if i := slices.Index(missing, item); i >= 0 {
			missing = slices.Delete(missing, i, i+1)
		} else {
			unexpected = append(unexpected, item)
		}
	}
	require.Empty(t, missing, "missing; unexpected are: %q", unexpected)
	require.Empty(t, unexpected, "unexpected")
}

// requireExplained shows again what was printed, with causes and actions.
func requireExplained(t *testing.T, printed string, failures int) {
	t.Helper()
	text := viewed(t, printed, "EXPLAIN=1")
	require.Equal(t, failures, strings.Count(text, "\n          cause:  "), "%s", text)
	require.GreaterOrEqual(t, strings.Count(text, "\n          action: safe: "), failures, "%s", text)
}

// requireReadme holds the output that the README shows to what was printed.
func requireReadme(t *testing.T, printed string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "examples", "quickstart", "README.md"))
	require.NoError(t, err)
	text := viewed(t, printed, "WIDTH=60")
	lines := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d {2}.+$`).FindAllString(string(page), -1)
	require.Greater(t, len(lines), 10)
	// Incidents open when the test runs.
	changing := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d( .+ {2}\[incident )[0-9a-f]{8}\]$`)
	text = changing.ReplaceAllString(text, "$1]")
	for _, line := range lines {
		require.Contains(t, text, changing.ReplaceAllString(line, "$1]")+"\n", "the README shows a line that the quickstart does not print, which prints:\n%s", text)
	}
}

// send posts a file of testdata/otlp as the README tells people to.
func send(t *testing.T, port int, signal, name string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "examples/quickstart/send.sh", signal, filepath.Join("testdata", "otlp", name))
	command.Dir = root
	command.Env = append(os.Environ(), "OTLP_HOST=127.0.0.1", "OTLP_PORT="+strconv.Itoa(port))
	text, err := command.CombinedOutput()
	require.NoError(t, err, "%s", text)
	require.Contains(t, string(text), " 200 OK")
}

// TestQuickstartReadsOwnLogs follows the README: LOGS names further files.
func TestQuickstartReadsOwnLogs(t *testing.T) {
	folder := t.TempDir()
	own := filepath.Join(folder, "own.log")
	traceback := "2026-03-10 11:00:00 ERROR own service stopped\nTraceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n" +
		"    f()\nValidationError: OrchestrationContext field required\n2026-03-10 11:00:01 INFO all is well\n"
	require.NoError(t, os.WriteFile(own, []byte(traceback), 0o600))
	store, port := newBackend(t), freePort(t)
	c := startCollector(t, setup{
		example:  "quickstart",
		overlays: []string{otlpOn(port), feedOn(freePort(t)), store.overlay([]string{"logs"}, "failure_detector")},
		env:      []string{"LOGS=" + filepath.Join(folder, "*.log")},
	})
	record := store.record(t, "own service stopped")
	require.Contains(t, record.Body().AsString(), gateMessage)
	require.NotContains(t, record.Body().AsString(), "all is well")

	file, err := os.OpenFile(own, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString("2026-03-10 11:00:02 ERROR again\n" + gateMessage + "\n2026-03-10 11:00:03 INFO end\n")
	require.NoError(t, err)
	require.NoError(t, file.Close())
	store.record(t, "again\n"+gateMessage)
	c.stop()
}
