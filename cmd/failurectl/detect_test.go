package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/rules"
)

const jammed = `PRESS_JAMMED
  severity    high
  category    press
  confidence  0.875
  fingerprint v1:2d611983623eba53

Why
  rule        press-jammed (pack press, stable)
  found in    body, offset 6 to 44
    | 10:02 »zpress-7 reports a jam in tray 2 at 17«
  pattern     zpress-\d+ reports.{0,40}jam(?: in (?P<tray>[^\n]{1,30}?))?(?: at (?P<sheet>\d+))?\s*$
  captured    tray = tray 2
  captured    sheet = 17
  also        PRESS_FAILURE (rule press-any, confidence 0.6)

Cause
  Paper is stuck in tray 2 at sheet 17.

What to do
  safe   Open tray 2 and pull the sheet out.
  risky  Run the rollers backwards.

User action required: yes
Transient: no
Runbook: https://press.example/jam
`

const jammedJSON = `{
  "failure_type": "PRESS_JAMMED",
  "failure_severity": "high",
  "failure_category": "press",
  "failure_confidence": 0.875,
  "failure_rule": "press-jammed",
  "failure_fingerprint": "v1:aed0bc758372b5dd",
  "failure_types": [
    "PRESS_JAMMED",
    "PRESS_FAILURE"
  ],
  "failure_capture.tray": "<tray 2>",
  "failure_cause": "Paper is stuck in <tray 2> at sheet the sheet.",
  "failure_actions": [
    "safe: Open <tray 2> and pull the sheet out.",
    "risky: Run the rollers backwards."
  ],
  "failure_user_action_required": true,
  "failure_transient": false
}
`

func TestDetect(t *testing.T) {
	const file = "testdata/press.yaml"
	for _, tc := range []struct {
		name  string
		input string
		args  []string
		want  result
	}{
		{
			name: "a message in the arguments",
			args: []string{"10:02", "zpress-7 reports a jam", "in tray 2 at 17"},
			want: result{code: exitFound, out: jammed},
		},
		{
			name:  "a message on standard input, without its last end of line",
			input: "10:02 zpress-7 reports a jam in tray 2 at 17\r\n",
			want:  result{code: exitFound, out: jammed},
		},
		{
			name:  "one JSON object",
			input: "zpress-7 reports a jam in <tray 2>",
			args:  []string{"--output", "json", "-"},
			want:  result{code: exitFound, out: jammedJSON},
		},
		{
			name: "nothing, as JSON",
			args: []string{"--output", "json", "zpress-7 is ready"},
			want: result{code: exitNothing, out: "{\n  \"failure_type\": null\n}\n"},
		},
		{
			name: "an experimental rule, which is left out",
			args: []string{"zpress-7 smells burnt"},
			want: result{code: exitNothing, out: "No failure recognised in body.\n"},
		},
		{
			name: "rules below a confidence, which are left out",
			args: []string{"--minimum-confidence", "0.9", "zpress-7 reports a jam"},
			want: result{code: exitNothing, out: "No failure recognised in body.\n"},
		},
		{
			name:  "more input than is read",
			input: strings.Repeat("-", maxInput) + "zpress-7 reports a jam",
			want: result{
				code: exitNothing,
				out:  "No failure recognised in body.\n",
				err: "failurectl: standard input is longer than 4 MiB: the rest was not read.\n" +
					"failurectl: the record has 4194304 bytes of text: rules see the first and the last 8 KiB.\n",
			},
		},
		{
			name: "a rule file that does not load",
			args: []string{"--rules", "testdata/broken.yaml", "x"},
			want: result{
				code: exitTrouble,
				err: "failurectl: the rules cannot be loaded:\n" +
					"testdata/broken.yaml:6: rules[0].match\\x1b: unknown key, did you mean \"match\"?\n",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, runWith(t, tc.input, append([]string{"detect", "--rules", file}, tc.args...)...))
		})
	}
	t.Run("an experimental rule that is asked for", func(t *testing.T) {
		got := runWith(t, "", "detect", "--rules", file, "--minimum-maturity", "experimental", "zpress-7 smells burnt")
		require.Equal(t, exitFound, got.code)
		require.Contains(t, got.out, "rule        press-smell (pack press, experimental)\n")
	})
	t.Run("an exception and a code", func(t *testing.T) {
		got := runWith(t, "", "detect", "--rules", file, "--severity", "error", "--attribute", "press.code=E93", "it broke")
		require.Equal(t, exitFound, got.code)
		require.Contains(t, got.out, "  found in    press.code\n    | »E93«\n")
		got = runWith(t, "", "detect", "--rules", file, "--exception-type", "zpress.ZpressError", "it broke")
		require.Equal(t, exitFound, got.code)
		require.Contains(t, got.out, "  found in    exception.type, offset 0 to 18\n    | »zpress.ZpressError«: it broke\n")
	})
}

// TestQualityGate holds the shipped catalogue to the project's gate.
func TestQualityGate(t *testing.T) {
	got := runWith(t, "", "detect", "--output", "json", "ValidationError: OrchestrationContext field required")
	require.Equal(t, exitFound, got.code)
	require.Empty(t, got.err)
	var found map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.out), &found))
	require.Equal(t, "ORCHESTRATION_CONTEXT_MISSING", found[failure.AttrType])
	require.InDelta(t, 0.95, found[failure.AttrConfidence], 1e-9)
}

func explain(t *testing.T, record rules.Example) (detect.Verdict, detect.Reading) {
	t.Helper()
	set, err := rules.LoadFiles("testdata/press.yaml")
	require.NoError(t, err)
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	require.NoError(t, err)
	return d.Explain(record)
}

func pageOf(t *testing.T, record rules.Example, colours bool) string {
	t.Helper()
	p := page{colours: colours}
	p.verdict(explain(t, record))
	return p.String()
}

func TestAnExceptionWithoutARuleHasAFingerprint(t *testing.T) {
	verdict, _ := explain(t, rules.Example{ExceptionType: "shop.Odd", Text: "no rule knows it"})
	require.Equal(t, object{{failure.AttrType, nil}, {failure.AttrFingerprint, verdict.Fingerprint}}, attributesOf(verdict))
	require.Contains(t, pageOf(t, rules.Example{ExceptionType: "shop.Odd", Text: "no rule knows it"}, false),
		"It is an exception, with the fingerprint "+verdict.Fingerprint+".\n")
}

func TestAttributesOfWhatEndsAFailure(t *testing.T) {
	verdict, _ := explain(t, rules.Example{Text: "zpress-7 is clear again"})
	want := object{{failure.AttrType, nil}, {failure.AttrClears, []string{"PRESS_JAMMED"}}}
	require.Equal(t, want, attributesOf(verdict))
}

func TestExplanation(t *testing.T) {
	for _, tc := range []struct {
		name   string
		record rules.Example
		want   string
	}{
		{"no text", rules.Example{}, "No failure recognised: the message is empty.\n"},
		{"keys of a JSON text", rules.Example{Text: `{"msg":"all is well","error":"none"}`}, "No failure recognised in body.msg, body.error.\n"},
		{"a failure that is over", rules.Example{Text: "zpress-7 is clear again"}, "No failure. The message says that it is over: PRESS_JAMMED\n"},
		{
			"a rule in shadow mode",
			rules.Example{Text: "zpress-7 is slow"},
			"No failure recognised in body.\n\nIn shadow mode, so counted and not annotated: PRESS_FAILURE by rule press-slow\n",
		},
		{
			"evidence in a key of a JSON text",
			rules.Example{Text: `{"msg": "\u00e9 zpress-7 reports E1"}`},
			"  found in    body.msg, offset 3 to 19\n    | é »zpress-7 reports« E1\n",
		},
		{
			"evidence over several lines",
			rules.Example{Text: "one\r\ntwo zpress-7 reports a\r\n\tjam\r\n"},
			"    | two »zpress-7 reports a\n    |     jam\n    | «\n",
		},
		{
			"evidence between long texts",
			rules.Example{Text: strings.Repeat("é", 80) + "zpress-7 reports" + strings.Repeat("ü", 80)},
			"    | …" + strings.Repeat("é", 50) + "»zpress-7 reports«" + strings.Repeat("ü", 50) + "…\n",
		},
		{
			"what a terminal would obey",
			rules.Example{Text: "\x1b]0;title\a\u009b31m\xff\u202e zpress-7 reports a jam in \x1b[5mtray\x00\u200b at 3"},
			`    | \x1b]0;title\a\u009b31m\xff\u202e »zpress-7 reports a jam in \x1b[5mtray\x00\u200b at 3«` + "\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := pageOf(t, tc.record, false)
			require.Contains(t, got, tc.want)
			require.NotContains(t, got, "\x1b")
		})
	}
}

func TestColours(t *testing.T) {
	got := pageOf(t, rules.Example{Text: "\x1b[32mzpress-7 reports\x1b[0m a jam"}, true)
	require.Contains(t, got, "\x1b[1mPRESS_JAMMED\x1b[0m\n  severity    \x1b[31mhigh\x1b[0m\n")
	require.Contains(t, got, "    \x1b[2m|\x1b[0m \\x1b[32m\x1b[1;31mzpress-7 reports\\x1b[0m a jam\x1b[0m\n")
	require.Contains(t, got, "  \x1b[32msafe\x1b[0m   Open the tray and pull the sheet out.\n  \x1b[33mrisky\x1b[0m  Run")
	require.False(t, takesColours(new(strings.Builder)), "what is no terminal")
}

func TestJSONEscapesWhatATerminalObeys(t *testing.T) {
	text, err := toJSON(object{{"a<b", "\x1b \u009b \u202e \U000E0001 é & ü\n"}})
	require.NoError(t, err)
	require.Contains(t, text, `"a<b": "\u001b \u009b \u202e \udb40\udc01 é & ü\n"`)
}
