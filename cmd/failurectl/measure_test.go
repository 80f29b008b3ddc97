package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const measured = `TYPE           MESSAGES  RECOGNISED  RECALL  FOUND  WRONG  FALSE POSITIVES  PRECISION
PRESS_FAILURE         2           1   0.500      2      0                1      0.500
PRESS_JAMMED          1           1   1.000      1      0                0      1.000

RULE          MESSAGES  RECOGNISED  RECALL  FOUND  WRONG  FALSE POSITIVES  PRECISION
press-any            2           1   0.500      2      0                1      0.500
press-jammed         1           1   1.000      1      0                0      1.000

testdata/press.jsonl:3: smoke: expected PRESS_FAILURE, got nothing: "zpress-1 smells\x1b[31m of smoke"
testdata/press.jsonl:4: self-test: expected nothing, got PRESS_FAILURE by rule "press-any": "self-test: zpress-1 reports nothing"

5 messages: recall 0.666 (2 of 3), precision 0.666, 1 false positive.
`

const measuredJSON = `{
  "tested": 1,
  "messages": 0,
  "recognised": 0,
  "recall": 1,
  "found": 1,
  "wrong": 0,
  "false_positives": 1,
  "precision": 0,
  "types": [
    {
      "type": "PRESS_FAILURE",
      "messages": 0,
      "recognised": 0,
      "recall": 1,
      "found": 1,
      "wrong": 0,
      "false_positives": 1,
      "precision": 0
    }
  ],
  "rules": [
    {
      "rule": "press-any",
      "type": "PRESS_FAILURE",
      "messages": 0,
      "recognised": 0,
      "recall": 1,
      "found": 1,
      "wrong": 0,
      "false_positives": 1,
      "precision": 0
    }
  ],
  "faults": [
    {
      "file": "FILE",
      "line": 1,
      "id": "a",
      "text": "zpress-1 reports",
      "expected": [],
      "got": {
        "type": "PRESS_FAILURE",
        "rule": "press-any"
      }
    }
  ]
}
`

func TestRulesTestLabelled(t *testing.T) {
	directory := t.TempDir()
	noise := filepath.Join(directory, "noise.jsonl")
	require.NoError(t, os.WriteFile(noise, []byte(`{"id": "a", "text": "zpress-1 reports", "labels": []}`), 0o600))
	wrong := filepath.Join(directory, "wrong.jsonl")
	require.NoError(t, os.WriteFile(wrong, []byte(`{"id": "a", "text": "b", "label": []}`), 0o600))
	typo := filepath.Join(directory, "typo.jsonl")
	require.NoError(t, os.WriteFile(typo, []byte(`{"id": "a", "text": "b", "labels": ["PRES_FAILURE"]}`), 0o600))

	const messages, file = "testdata/press.jsonl", "testdata/press.yaml"
	usage := "`failurectl rules test --help` tells how it is used.\n"
	for _, tc := range []struct {
		name string
		args []string
		want result
	}{
		{
			"figures, with what is at fault",
			[]string{"--labelled", messages, file},
			result{code: exitNothing, out: measured},
		},
		{
			"faults within what is allowed",
			[]string{"--labelled", messages, "--minimum-recall", "0.66", "--maximum-false-positives", "1", file},
			result{out: measured},
		},
		{
			"recall below what is wanted",
			[]string{"--labelled", messages, "--minimum-recall", "0.67", "--maximum-false-positives", "1", file},
			result{code: exitNothing, out: measured},
		},
		{
			"more false positives than are allowed",
			[]string{"--labelled", messages, "--minimum-recall", "0.66", file},
			result{code: exitNothing, out: measured},
		},
		{
			"messages with a key that there is not",
			[]string{"--labelled", wrong},
			result{code: exitTrouble, err: "failurectl: the labelled messages cannot be read:\n" + wrong + ":1: label: unknown key\n"},
		},
		{
			"messages with a type that there is not",
			[]string{"--labelled", typo, file},
			result{code: exitTrouble, err: "failurectl: the labelled messages cannot be read:\n" + typo + ":1: labels, also_ok: there is no failure type \"PRES_FAILURE\"\n"},
		},
		{
			"rules that do not load",
			[]string{"--labelled", messages, "testdata/broken.yaml"},
			result{code: exitTrouble, err: unloadable},
		},
		{
			"a threshold without messages",
			[]string{"--minimum-recall", "0.9"},
			result{code: exitTrouble, err: "failurectl: --minimum-recall: there is nothing to measure without --labelled\n" + usage},
		},
		{
			"a recall that is none",
			[]string{"--labelled", messages, "--minimum-recall", "95"},
			result{code: exitTrouble, err: "failurectl: --minimum-recall: 95 is outside 0 to 1\n" + usage},
		},
		{
			"fewer false positives than none",
			[]string{"--labelled", messages, "--maximum-false-positives", "-1"},
			result{code: exitTrouble, err: "failurectl: --maximum-false-positives: -1 is negative\n" + usage},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, runWith(t, "", append([]string{"rules", "test"}, tc.args...)...))
		})
	}
	t.Run("JSON", func(t *testing.T) {
		got := runWith(t, "", "rules", "test", "--labelled", noise, "--output", "json", file)
		require.Equal(t, exitNothing, got.code)
		require.JSONEq(t, measuredJSON, strings.ReplaceAll(got.out, noise, "FILE"))
	})
}

func TestRulesTestAsJSON(t *testing.T) {
	got := runWith(t, "", "rules", "test", "--output", "json", "testdata/sloppy.yaml")
	require.Equal(t, exitNothing, got.code)
	require.JSONEq(t, `{
  "rules": 2,
  "examples": 8,
  "failed": [
    {
      "rule": "sloppy-first",
      "source": {
        "file": "testdata/sloppy.yaml",
        "line": 15
      },
      "wanted": true,
      "text": "zdisk\u001b]31m is full"
    },
    {
      "rule": "sloppy-first",
      "source": {
        "file": "testdata/sloppy.yaml",
        "line": 16
      },
      "wanted": false,
      "text": "zdisk is full"
    }
  ]
}
`, got.out)
}
