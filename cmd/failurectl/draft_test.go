package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ledgerLog has errors that no rule of the test pack or the shipped ones recognises, one that the former
// does, and healthy lines that look like both.
const ledgerLog = `2026-03-04 10:00:00 INFO  ledger of tenant 1 is sealed for the night
2026-03-04 10:00:01 ERROR ledger of tenant 42 is sealed: write set 9 was refused
2026-03-04 10:00:02 ERROR ledger of tenant 7 is sealed: write set 10 was refused
2026-03-04 10:00:03 ERROR ledger of tenant 7 cannot be read
2026-03-04 10:00:04 ERROR zpress-7 reports a jam
2026-03-04 10:00:05 ERROR 17
2026-03-04 10:00:06 INFO  all is well
`

func draftOf(t *testing.T, in string, args ...string) result {
	t.Helper()
	return runWith(t, in, append([]string{"rules", "draft", "--rules", "testdata/press.yaml"}, args...)...)
}

func TestDraft(t *testing.T) {
	path := writeFile(t, "app.log.gz", zipped(t, ledgerLog))
	for name, got := range map[string]result{
		"standard input":    draftOf(t, ledgerLog),
		"a compressed file": draftOf(t, "", path),
	} {
		require.Equal(t, exitFound, got.code, name)
		require.Equal(t, "failurectl: 7 records, 4 errors that no rule recognises: 2 rules drafted, 1 left out that say too little\n", got.err, name)
		require.Equal(t, 2, strings.Count(got.out, "  - id: "), name)
		require.Contains(t, got.out, `        - '\bledger of tenant [^\n]{1,200}? is sealed: write set [^\n]{1,200}? was refused\b'`+"\n", name)
		require.NotContains(t, got.out, "zpress", name)

		drafts := filepath.Join(t.TempDir(), "drafts.yaml")
		require.NoError(t, os.WriteFile(drafts, []byte(got.out), 0o600))
		require.Equal(t, result{code: exitFound, out: "2 rules: nothing to write better.\n"}, runWith(t, "", "rules", "lint", drafts))
		require.Equal(t, result{code: exitFound, out: "8 examples of 2 rules: all do what they say.\n"}, runWith(t, "", "rules", "test", drafts))
		found := runWith(t, "", "detect", "--rules", drafts, "--minimum-maturity", "experimental", "ERROR ledger of tenant 42 is sealed: write set 9 was refused")
		require.Equal(t, exitNothing, found.code, "in shadow mode it annotates nothing")
	}
}

func TestDraftMeasuresHealthyLogs(t *testing.T) {
	healthy := writeFile(t, "healthy.log", []byte("INFO all is well\nINFO the ledger of tenant 4 cannot be read by others\n"))
	got := draftOf(t, ledgerLog, "--benign", healthy)
	require.Equal(t, exitFound, got.code)
	require.Contains(t, got.out, "Seen: 1, the first in -:4. Healthy records that match: 1 of 2.\n")
	require.Contains(t, got.out, "Seen: 2, the first in -:2. Healthy records that match: 0 of 2.\n")
	require.Contains(t, draftOf(t, ledgerLog).out, "Healthy records that match: not measured.\n")

	missing := draftOf(t, ledgerLog, "--benign", filepath.Join(t.TempDir(), "none.log"))
	require.Equal(t, exitTrouble, missing.code)
}

func TestDraftOfFormsOfLogs(t *testing.T) {
	for name, in := range map[string]string{
		"JSON":       `{"time":"2026-03-04T10:00:00Z","level":"error","message":"ledger of tenant 42 is sealed"}` + "\n" + `{"level":"info","message":"ledger of tenant 1 is there"}` + "\n",
		"a trace":    "Traceback (most recent call last):\n  File \"/app/x.py\", line 5, in buy\n    pay()\nLedgerSealed: ledger of tenant 42 is sealed\n",
		"OTLP":       `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":17,"body":{"stringValue":"ledger of tenant 42 is sealed"}},{"severityNumber":9,"body":{"stringValue":"ledger of tenant 1 is there"}}]}]}]}` + "\n",
		"OTLP spans": `{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[{"name":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"ledger of tenant 42 is sealed"}}]}]}]}]}]}` + "\n",
	} {
		got := draftOf(t, in)
		require.Equal(t, exitFound, got.code, "%s: %s", name, got.err)
		require.Equal(t, 1, strings.Count(got.out, "  - id: "), name)
		require.Contains(t, got.out, `ledger of tenant [^\n]{1,200}? is sealed\b'`, name)
	}
}

func TestNothingToDraft(t *testing.T) {
	got := draftOf(t, "INFO all is well\n")
	require.Equal(t, result{code: exitNothing, err: "failurectl: 1 record, 0 errors that no rule recognises: 0 rules drafted, 0 left out that say too little\n"}, got)
	require.Equal(t, exitTrouble, draftOf(t, "", "--top", "0").code)
	require.Equal(t, exitTrouble, draftOf(t, "", filepath.Join(t.TempDir(), "none.log")).code)
	one := draftOf(t, ledgerLog, "--top", "1")
	require.Equal(t, 1, strings.Count(one.out, "  - id: "), "the most frequent")
	require.Contains(t, one.out, "write set")
}
