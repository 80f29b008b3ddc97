package failuredetectorconnector

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestFilesAreReloadedWhileRunning runs in real time, since the kernel tells of changes.
func TestFilesAreReloadedWhileRunning(t *testing.T) {
	folder := t.TempDir()
	rulesFile, muteFile := filepath.Join(folder, "rules.yaml"), filepath.Join(folder, "mutes", "mutes.yaml")
	require.NoError(t, os.Mkdir(filepath.Dir(muteFile), 0o750))
	write := func(file, content string) { require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	pack := func(cause string) string {
		return "pack: test\ntypes:\n  - {type: WIDGET_BROKEN, category: widgets, severity: high, explain: {cause: '" + cause + "'}}\n"
	}
	write(rulesFile, pack("It fell."))
	write(muteFile, "")

	config := defaultConfig()
	config.Rules.Files, config.MuteFile = []string{rulesFile}, muteFile
	h := newHarness(t, config)
	h.start()
	sent := 0
	send := func() string {
		sent++
		before := len(h.records())
		h.sendLogs(failed("shop", string(rune('a'+sent)), func(lr plog.LogRecord) {
			lr.Attributes().PutStr("failure_type", "WIDGET_BROKEN")
			lr.Attributes().PutStr("failure_rule", "")
		}))
		if records := h.records(); len(records) > before {
			cause, _ := records[len(records)-1].Attributes().Get("failure_cause")
			return cause.Str()
		}
		return ""
	}
	reloaded := func(file, outcome string, n int64) {
		require.Eventually(t, func() bool { return h.reloads(file, outcome) == n }, 30*time.Second, 20*time.Millisecond)
	}
	require.Equal(t, "It fell.", send())

	write(rulesFile, pack("It was dropped."))
	reloaded("rules", "success", 1)
	require.Equal(t, "It was dropped.", send())
	write(rulesFile, "pack: [")
	reloaded("rules", "failure", 1)
	require.Equal(t, "It was dropped.", send(), "the last good rules stay in use")

	write(muteFile, "silences: [{match: {failure_type: WIDGET_BROKEN}, until: 2999-01-01T00:00:00Z, reason: x}]")
	reloaded("mutes", "success", 1)
	require.Empty(t, send())
	write(muteFile, "silences: [{}]")
	reloaded("mutes", "failure", 1)
	require.Empty(t, send(), "the last good mutes stay in use")
	h.requireSum("otelcol_connector_failure_detector_muted_events", 2, "connector", "failure_detector/test")
	h.stop()
}
