package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const healthyResult = `"failure_type":null,"failure_types":[],"failure_severity":null,"failure_confidence":null,"failure_rule":null,"failure_fingerprint":null}` + "\n"

const jammedResult = `"failure_type":"PRESS_JAMMED","failure_types":["PRESS_JAMMED","PRESS_FAILURE"],"failure_severity":"high",` +
	`"failure_confidence":0.875,"failure_rule":"press-jammed","failure_fingerprint":"v1:…"}` + "\n"

// anyFingerprint hides what fingerprints are: that is for the tests of their package.
func anyFingerprint(text string) string {
	return regexp.MustCompile(`v1:[0-9a-f]{16}\b`).ReplaceAllString(text, "v1:…")
}

func writeFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buffer.Bytes()
}

func TestScanAsJSON(t *testing.T) {
	const text = "10:02:00 all is well\n10:02:01 printing\n  zpress-7 reports a jam\n\n10:02:02 all is well\n"
	const want = `{"line":1,` + healthyResult + `{"line":2,` + jammedResult + `{"line":5,` + healthyResult
	folder := t.TempDir()
	for _, tc := range []struct {
		name  string
		input string
		args  []string
		want  result
	}{
		{"standard input", text, nil, result{out: want}},
		{"standard input by name", text, []string{"-"}, result{out: want}},
		{"a file", "", []string{writeFile(t, "app.log", []byte(text))}, result{out: want}},
		{"a compressed file", "", []string{writeFile(t, "app.log.gz", zipped(t, text))}, result{out: want}},
		{
			"files, each with lines of its own", text,
			[]string{"-", writeFile(t, "b.log", []byte("zpress-7 reports a jam"))},
			result{out: want + `{"line":1,` + jammedResult},
		},
		{"nothing that fails", "all is well\n", nil, result{code: exitNothing, out: `{"line":1,` + healthyResult}},
		{"an empty file", "", nil, result{code: exitNothing}},
		{
			"JSON lines, told", `{"text":"10:02:00 a"}` + "\n" + `{"text":"zpress-7 reports a jam"}` + "\n",
			[]string{"--input", "jsonl"},
			result{out: `{"line":1,` + healthyResult + `{"line":2,` + jammedResult},
		},
		{
			"JSON lines that are told to be text", `{"text":"zpress-7 reports a jam"}` + "\n",
			[]string{"--input", "text"},
			result{out: `{"line":1,"failure_type":"PRESS_FAILURE","failure_types":["PRESS_FAILURE"],"failure_severity":"medium",` +
				`"failure_confidence":0.6,"failure_rule":"press-any","failure_fingerprint":"v1:…"}` + "\n"},
		},
		{
			"a file that is not there", text,
			[]string{"-", filepath.Join(folder, "none.log")},
			result{code: exitTrouble, out: want, err: "failurectl: open " + filepath.Join(folder, "none.log") + ": no such file or directory\n"},
		},
		{
			"a folder", "",
			[]string{folder},
			result{code: exitTrouble, err: "failurectl: " + folder + ": is a directory, name the files in it\n"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := runWith(t, tc.input, append([]string{"scan", "--output", "json", "--rules", "testdata/press.yaml"}, tc.args...)...)
			got.out = anyFingerprint(got.out)
			require.Equal(t, tc.want, got)
		})
	}
}

// TestScanOfALostEnd reads what there is of a file that breaks off.
func TestScanOfALostEnd(t *testing.T) {
	content := zipped(t, strings.Repeat("zpress-7 reports a jam\n", 20000))
	path := writeFile(t, "app.log.gz", content[:len(content)-20])
	got := runWith(t, "", "scan", "--output", "json", "--rules", "testdata/press.yaml", path)
	require.Equal(t, exitTrouble, got.code)
	require.Contains(t, anyFingerprint(got.out), `{"line":9000,`+jammedResult)
	require.Equal(t, "failurectl: "+path+": the compressed file breaks off: what came before was read\n", got.err)
}

const scanned = `7 records in 241 B of 1 file, read in ___
3 failures

By severity
       2  high
       1  medium

By type
       2  PRESS_JAMMED   high
       1  PRESS_FAILURE  medium

By service
       3  standard input

Failures that are alike, the worst first

  PRESS_JAMMED  high  standard input
    count        2, from 2026-03-10 10:02:00 to 2026-03-10 10:07:00
    rule         press-jammed
    fingerprint  v1:…
    first        standard input, line 2
    | 2026-03-10 10:02:00 zpress-7 reports a jam

  PRESS_FAILURE  medium  standard input
    count        1, at 2026-03-10 10:05:00
    rule         press-any
    fingerprint  v1:…
    first        standard input, line 4
    | 2026-03-10 10:05:00 password=[redacted] zpress-7 reports \x1b[2J\u202e\x00\xff E1
`

func TestScanAsText(t *testing.T) {
	const text = "2026-03-10 10:01:00 a\n2026-03-10 10:02:00 zpress-7 reports a jam\n2026-03-10 10:03:00 c\n" +
		"2026-03-10 10:05:00 password=hunter2 zpress-7 reports \x1b[2J\u202e\x00\xff E1\n2026-03-10 10:06:00 d\n2026-03-10 10:07:00 zpress-7 reports a jam\n2026-03-10 10:08:00 e\n"
	got := runWith(t, text, "scan", "--rules", "testdata/press.yaml")
	got.out = regexp.MustCompile(`read in .*`).ReplaceAllString(anyFingerprint(got.out), "read in ___")
	require.Equal(t, result{code: exitFound, out: scanned}, got)

	got = runWith(t, "all is well\n", "scan")
	require.Equal(t, exitNothing, got.code)
	require.Regexp(t, `^1 record in 12 B of 1 file, read in \d\.\d s \(.*/s\)\nNo failure recognised\.\n$`, got.out)
}

// TestScanTellsExceptionsWithoutARule finds the exceptions that no rule knows.
func TestScanTellsExceptionsWithoutARule(t *testing.T) {
	const trace = "2026-03-10 10:01:00 INFO order put off\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nshop.OddError: odd\n"
	got := runWith(t, trace, "scan", "--output", "json")
	require.Equal(t, exitNothing, got.code)
	require.Equal(t, `{"line":1,`+strings.Replace(healthyResult, `"failure_fingerprint":null`, `"failure_fingerprint":"v1:…"`, 1), anyFingerprint(got.out))
	require.Contains(t, runWith(t, trace, "scan").out, "\n1 exception that no rule knows\nNo failure recognised.\n")
}

func TestScanUsage(t *testing.T) {
	const help = "`failurectl scan --help` tells how it is used.\n"
	require.Equal(t, result{code: exitTrouble, err: "failurectl: --minimum-confidence: 2 is outside 0 to 1\n" + help},
		runWith(t, "", "scan", "--minimum-confidence", "2"))
	require.Equal(t, result{code: exitTrouble, err: "failurectl: invalid argument \"xml\" for \"--input\" flag: use one of auto, text, jsonl, otlp\n" + help},
		runWith(t, "", "scan", "--input", "xml"))
	require.Equal(t, exitTrouble, runWith(t, "", "scan", "--rules", "testdata/broken.yaml").code)
}

// TestScanOfOTLP reads what the quickstart sends.
func TestScanOfOTLP(t *testing.T) {
	const folder = "../../testdata/otlp/"
	for file, want := range map[string][]any{
		"log.json":       {"ORCHESTRATION_CONTEXT_MISSING", nil},
		"exception.json": {"ORCHESTRATION_CONTEXT_MISSING"},
		"span.json":      {"ORCHESTRATION_CONTEXT_MISSING", nil},
	} {
		got := runWith(t, "", "scan", "--output", "json", folder+file)
		require.Empty(t, got.err)
		var types []any
		for line := range strings.Lines(got.out) {
			var object map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &object))
			require.InDelta(t, 1, object["line"], 0)
			types = append(types, object["failure_type"])
		}
		require.Equal(t, want, types, file)
	}
}

func TestScanOutputThatCannotBeWritten(t *testing.T) {
	// More than are read ahead, in long lines since each costs time.
	lines := strings.Repeat(strings.Repeat("a", 1023)+"\n", 1<<10)
	for _, output := range []string{outputJSON, outputText} {
		full, err := os.Open(os.DevNull) // Open for reading only.
		require.NoError(t, err)
		var errOut bytes.Buffer
		require.Equal(t, exitTrouble, run([]string{"scan", "--output", output}, strings.NewReader(lines), full, &errOut))
		require.Contains(t, errOut.String(), "failurectl: writing the output: ")
		require.NoError(t, full.Close())
	}
}

func TestProgress(t *testing.T) {
	require.Equal(t, "[###############               ]  50% of 4.0 MB, 1.0 MB/s, 3 failures", barText(2e6, 4e6, "3 failures", 2*time.Second))
	require.Equal(t, "[##############################] 100% of 3 B, 12.0 kB/s, 1 failure", barText(12, 3, "1 failure", time.Millisecond))
	require.Equal(t, "1.5 GB read, 1.5 GB/s, 0 failures", barText(1.5e9, 0, "0 failures", time.Second))
	var out bytes.Buffer
	p := newProgress(&out, 10)
	p.show(5, 0, "")
	p.clear()
	require.Empty(t, out.String(), "what is no terminal")
}
