package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// replayConfig is the configuration of a collector for the tests; the words in capitals are replaced.
const replayConfig = `
receivers: {otlp: }
processors: {failure_detector: {rules: {files: [RULES]}}, batch: }
connectors: {failure_detector: {rules: {files: [RULES]}, resolve_after: 2m, mute_file: 'MUTES', storage: disk}}
exporters: {debug: }
service:
  extensions: [disk]
  pipelines:
    logs: {receivers: [otlp], processors: [failure_detector, batch], exporters: [failure_detector]}
    logs/events: {receivers: [failure_detector], exporters: [debug]}
extensions: {disk: }
`

const jamRules = `
pack: press
types:
  - type: PRESS_JAMMED
    category: press
    severity: critical
    explain: {cause: 'Paper is stuck.', actions: [{do: 'Pull it out.', risk: safe}]}
rules:
  - id: press-jammed
    type: PRESS_JAMMED
    confidence: 0.9
    maturity: stable
    match: {patterns: ['zpress-\d+ reports a jam']}
    examples:
      match: ['zpress-7 reports a jam', 'zpress-8 reports a jam']
      ignore: ['zpress-7 reports a page', 'zpress reports nothing']
`

const jamLog = `2026-03-10 10:00:01 all is well
2026-03-10 10:00:02 zpress-7 reports a jam
2026-03-10 10:00:03 zpress-7 reports a jam
2026-03-10 10:07:01 write /var/lib/data: no space left on device
`

// pressTimeline is what its replay tells.
const pressTimeline = `2026-03-10 10:00:02.000  opened     critical  PRESS_JAMMED                  printer           1       …
    Paper is stuck.
2026-03-10 10:02:03.000  resolved   critical  PRESS_JAMMED                  printer           2       …
2026-03-10 10:07:01.000  opened     critical  DISK_SPACE_LOW                printer           1       …
    The file system, quota or volume that holds the path is full or nearly so.

2 incidents, 1 open at the end
4 records from 2026-03-10 10:00:01.000 to 2026-03-10 10:07:01.000, _
`

const notRun = `failurectl: not run: receiver otlp: the files stand for what it receives
failurectl: not run: processor batch: what it drops, adds or changes is as it was recorded
failurectl: not run: exporter debug: nothing is sent
failurectl: not run: extension disk: no state is read from a storage or kept in one
`

// printer writes the files of a printer into a folder of their own, and goes there.
func printer(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	config := strings.ReplaceAll(replayConfig, "RULES", "press.yaml")
	const third = "2026-03-10 10:00:03"
	first, second, _ := strings.Cut(jamLog, third)
	mutes := "silences: [{match: {failure_type: DISK_SPACE_LOW}, until: 2026-03-10T12:00:00Z, reason: known}]"
	for name, content := range map[string]string{
		"press.yaml": jamRules, "stuck.yaml": strings.NewReplacer("critical", "low", "PRESS_JAMMED", "PRESS_STUCK").Replace(jamRules),
		"collector.yaml": strings.ReplaceAll(config, "MUTES", ""), "muted.yaml": strings.ReplaceAll(config, "MUTES", "mutes.yaml"), "mutes.yaml": mutes,
		"slow.yaml":   strings.ReplaceAll(strings.ReplaceAll(config, "MUTES", ""), "resolve_after: 2m", "resolve_after: 3m"),
		"printer.log": jamLog, "well.log": "2026-03-10 10:00:01 all is well\n",
		"printer.log.1": first, "printer.log.2": third + second,
	} {
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	}
	require.NoError(t, os.WriteFile("printer.log.gz", zipped(t, jamLog), 0o600))
	require.NoError(t, os.Mkdir("rules", 0o700))
	require.NoError(t, os.WriteFile(filepath.Join("rules", "press.yaml"), []byte(jamRules), 0o600))
}

// anyRun hides ids, and how long it took.
func anyRun(text string) string {
	text = varying.ReplaceAllString(text, "_")
	return regexp.MustCompile(`(?m) +[0-9a-f]{12}$`).ReplaceAllString(text, "       …")
}

func TestReplay(t *testing.T) {
	printer(t)
	for _, tc := range []struct {
		name, input string
		args        []string
		want        result
	}{
		{"a file", "", []string{"--data", "printer.log"}, result{out: pressTimeline, err: notRun}},
		{"a compressed file", "", []string{"--data", "printer.log.gz"}, result{out: pressTimeline, err: notRun}},
		{"files in any order", "", []string{"--data", "printer.log.2", "printer.log.1"}, result{out: pressTimeline, err: notRun}},
		{"standard input", jamLog, []string{"--data", "-"}, result{out: strings.ReplaceAll(pressTimeline, "printer         ", "standard input  "), err: notRun}},
		{
			"time that passes afterwards", "",
			[]string{"--data", "printer.log", "--wait", "2h"},
			result{out: strings.NewReplacer("so.\n\n", "so.\n2026-03-10 10:37:01.000  resolved   critical  DISK_SPACE_LOW                printer           1       …\n\n",
				"1 open", "0 open").Replace(pressTimeline), err: notRun},
		},
		{
			"mutes", "",
			[]string{"--config", "muted.yaml", "--data", "printer.log"},
			result{out: `2026-03-10 10:00:02.000  opened     critical  PRESS_JAMMED                  printer           1       …
    Paper is stuck.
2026-03-10 10:02:03.000  resolved   critical  PRESS_JAMMED                  printer           2       …

1 incident, 0 open at the end
4 records from 2026-03-10 10:00:01.000 to 2026-03-10 10:07:01.000, _
`, err: notRun},
		},
		{
			"nothing that fails", "",
			[]string{"--data", "well.log"},
			result{code: exitNothing, out: "0 incidents, 0 open at the end\n1 record from 2026-03-10 10:00:01.000 to 2026-03-10 10:00:01.000, _\n", err: notRun},
		},
		{
			"a file that is not there", "",
			[]string{"--data", "none.log", "printer.log"},
			result{code: exitTrouble, out: pressTimeline, err: notRun + "failurectl: open none.log: no such file or directory\n"},
		},
		{
			"a configuration that is not there", "",
			[]string{"--config", "none.yaml", "--data", "printer.log"},
			result{code: exitTrouble, err: "failurectl: collector.yaml, none.yaml: cannot retrieve the configuration: unable to read the file file:none.yaml: open none.yaml: no such file or directory\n"},
		},
		{
			"a value that cannot be", "",
			[]string{"--config", "slow.yaml", "--config", "yaml:connectors::failure_detector::silent_after: 1s", "--data", "printer.log"},
			result{code: exitTrouble, err: "failurectl: collector.yaml, slow.yaml, yaml:connectors::failure_detector::silent_after: 1s: connectors::failure_detector: silent_after: 1s is less than 1m0s\n"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := runWith(t, tc.input, append([]string{"replay", "--config", "collector.yaml"}, tc.args...)...)
			got.out = anyRun(got.out)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestReplayAsJSON(t *testing.T) {
	printer(t)
	got := runWith(t, "", "replay", "--config", "collector.yaml", "--data", "printer.log", "--output", "json")
	require.Equal(t, exitFound, got.code, got.err)
	var names []string
	for line := range strings.Lines(got.out) {
		var event struct {
			Time, Event, Severity, Body string
			Resource, Attributes        map[string]any
		}
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		require.Equal(t, "printer", event.Resource["service.name"])
		require.Regexp(t, "^[0-9a-f]{32}$", event.Attributes["failure_incident_id"])
		names = append(names, event.Time+" "+event.Event+" "+event.Severity)
	}
	require.Equal(t, []string{
		"2026-03-10T10:00:02Z failure.opened FATAL", "2026-03-10T10:02:03Z failure.resolved INFO", "2026-03-10T10:07:01Z failure.opened FATAL",
	}, names)
}

func TestReplayAgainstABaseline(t *testing.T) {
	printer(t)
	const appears = `appears   2026-03-10 10:00:02.000  critical  PRESS_JAMMED                  printer           2       …
    Paper is stuck.

baseline 1 incident with 1 failure, now 2 incidents with 3 failures
1 appears, 0 vanish, 0 change
`
	for _, tc := range []struct {
		name, baseline string
		want           result
	}{
		{"the same rules", "press.yaml", result{out: "baseline 2 incidents with 3 failures, now 2 incidents with 3 failures\nnothing differs\n", err: notRun}},
		{"a directory with the same rules", "rules", result{out: "baseline 2 incidents with 3 failures, now 2 incidents with 3 failures\nnothing differs\n", err: notRun}},
		{"the shipped rules alone", builtin, result{code: exitNothing, out: appears, err: notRun}},
		{"rules that call it something else", "stuck.yaml", result{code: exitNothing, out: `changes   2026-03-10 10:00:02.000  critical  PRESS_JAMMED                  printer           2       …
    type was PRESS_STUCK, is PRESS_JAMMED; severity was low, is critical

baseline 2 incidents with 3 failures, now 2 incidents with 3 failures
0 appear, 0 vanish, 1 changes
`, err: notRun}},
		{"another configuration", "slow.yaml", result{code: exitNothing, out: `changes   2026-03-10 10:00:02.000  critical  PRESS_JAMMED                  printer           2       …
    ended was 2026-03-10 10:03:03.000, is 2026-03-10 10:02:03.000

baseline 2 incidents with 3 failures, now 2 incidents with 3 failures
0 appear, 0 vanish, 1 changes
`, err: notRun}},
		{"one that is not there", "none.yaml", result{code: exitTrouble, err: "failurectl: --baseline: stat none.yaml: no such file or directory\n"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := runWith(t, "", "replay", "--config", "collector.yaml", "--data", "printer.log", "--baseline", tc.baseline)
			got.out = anyRun(got.out)
			require.Equal(t, tc.want, got)
		})
	}
	got := runWith(t, "", "replay", "--config", "collector.yaml", "--data", "printer.log", "--baseline", builtin, "--output", "json")
	require.Equal(t, exitNothing, got.code)
	var object struct {
		Difference string
		Before     any
		After      map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &object))
	require.Equal(t, "appears", object.Difference)
	require.Nil(t, object.Before)
	require.Equal(t, "2026-03-10T10:02:03Z", object.After["ended"])
}

// TestReplayOfTwoTiers runs a connector behind another, which forwards its events, and pipelines that
// recorded logs enter at once or by way of a connector that forwards.
func TestReplayOfTwoTiers(t *testing.T) {
	printer(t)
	const tiers = `
connectors: {failure_detector/2: {group_by: [host.name], unclassified: incident}, forward: }
service:
  pipelines:
    logs: {exporters: [forward]}
    logs/all: {receivers: [forward], processors: [failure_detector], exporters: [failure_detector]}
    logs/events: {exporters: [failure_detector/2]}
    logs/more: {receivers: [failure_detector/2], exporters: [debug]}
`
	require.NoError(t, os.WriteFile("tiers.yaml", []byte(tiers), 0o600))
	got := runWith(t, "", "replay", "--config", "collector.yaml", "--config", "tiers.yaml", "--data", "printer.log")
	require.Equal(t, notRun, got.err)
	require.Equal(t, pressTimeline, anyRun(got.out))
}

func TestReplayOutputThatCannotBeWritten(t *testing.T) {
	printer(t)
	for _, output := range []string{outputJSON, outputText} {
		full, err := os.Open(os.DevNull) // Open for reading only.
		require.NoError(t, err)
		var errOut bytes.Buffer
		require.Equal(t, exitTrouble, run([]string{"replay", "--config", "collector.yaml", "--data", "printer.log", "--output", output}, strings.NewReader(""), full, &errOut))
		require.Contains(t, errOut.String(), "failurectl: writing the output: ")
		require.NoError(t, full.Close())
	}
}

func TestUsageOfReplay(t *testing.T) {
	const config = "../../examples/quickstart/collector.yaml"
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no configuration", []string{"--data", "x"}, "--config: name the configuration of a collector"},
		{"no data", []string{"--config", "x"}, "--data: name a file of recorded telemetry, or - for standard input"},
		{"standard input twice", []string{"--config", "x", "--data", "-", "--baseline", "y"}, "--baseline: standard input cannot be read twice, name a file"},
		{"a wait that goes back", []string{"--config", "x", "--data", "y", "--wait", "-1s"}, "--wait: -1s is less than 0"},
		{"a receiver that cannot be", []string{"--config", config, "--data", "y", "--receiver", "a b"}, `--receiver: in "a b" id: invalid character(s) in type "a b"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := "failurectl: " + tc.want + "\n`failurectl replay --help` tells how it is used.\n"
			require.Equal(t, result{code: exitTrouble, err: want}, runWith(t, "", append([]string{"replay"}, tc.args...)...))
		})
	}
}
