package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const smell = `press-smell
  type        PRESS_FAILURE
  severity    medium
  category    press
  confidence  0.2
  maturity    experimental
  mode        annotate
  over after  10m0s of quiet
  source      pack press, testdata/press.yaml:53

Matches any of
  - zpress-\d+ smells

And all of
  - \bburnt\b

Unless the line has
  - \btoast\b

Only where
  - log record: severity_number >= 0

Cause
  The press reports a failure.

What to do
  safe   Read the display of the press.

Examples
  - zpress-1 smells burnt
  - zpress-2 smells of burnt paper

Near misses
  - zpress-1 smells
  - zpress-1 smells of burnt toast
`

const brokenFindings = `testdata/sloppy.yaml:6: rule "sloppy-second": match.patterns[0]: the gap .* has no bound, and a dot also matches the end of a line: it joins texts from anywhere in a record: write zdisk.{0,80}?full with as much as the message needs, or zdisk[^\n]*full to stay on the line
testdata/sloppy.yaml:10: rule "sloppy-first": id: comes after "sloppy-second": sort the rules of a file by id, so that they are found
testdata/sloppy.yaml:15: rule "sloppy-first": examples.match: the rule does not match "zdisk\x1b]31m is full": widen a pattern or narrow a veto until it does
testdata/sloppy.yaml:16: rule "sloppy-first": examples.ignore: the rule matches "zdisk is full": narrow the pattern, or add an all_of or none_of
2 rules: 4 findings.
`

const brokenExamples = `testdata/sloppy.yaml:15: rule "sloppy-first": an example of examples.match does not match: "zdisk\x1b]31m is full"
testdata/sloppy.yaml:16: rule "sloppy-first": an example of examples.ignore matches: "zdisk is full"
8 examples of 2 rules: 2 failed.
`

const unloadable = "failurectl: the rules cannot be loaded:\n" +
	"testdata/broken.yaml:6: rules[0].match\\x1b: unknown key, did you mean \"match\"?\n"

func TestRules(t *testing.T) {
	const file = "testdata/press.yaml"
	for _, tc := range []struct {
		name string
		args []string
		want result
	}{
		{"list a pack", []string{"list", "--rules", file, "--pack", "press"}, result{out: `RULE          TYPE           SEVERITY  CONFIDENCE  MATURITY
press-any     PRESS_FAILURE  medium    0.6         incubating
press-jammed  PRESS_JAMMED   high      0.875       stable
press-slow    PRESS_FAILURE  medium    0.3         incubating, shadow
press-smell   PRESS_FAILURE  medium    0.2         experimental
`}},
		{"list a type as JSON", []string{"list", "--rules", file, "--type", "PRESS_JAMMED", "--output", "json"}, result{out: `[
  {
    "id": "press-jammed",
    "type": "PRESS_JAMMED",
    "severity": "high",
    "category": "press",
    "confidence": 0.875,
    "maturity": "stable",
    "mode": "annotate",
    "pack": "press",
    "source": {
      "file": "testdata/press.yaml",
      "line": 35
    }
  }
]
`}},
		{"list what there is not", []string{"list", "--type", "NO_TYPE"}, result{code: exitTrouble, err: "failurectl: --type: there is no \"NO_TYPE\"\n`failurectl rules list --help` tells how it is used.\n"}},
		{"show a rule", []string{"show", "--rules", file, "press-smell"}, result{out: smell}},
		{"show a type", []string{"show", "--rules", file, "PRESS_JAMMED"}, result{
			code: exitTrouble,
			err:  "failurectl: \"PRESS_JAMMED\" is a failure type: `failurectl rules list --type PRESS_JAMMED` lists its rules\n",
		}},
		{"show what there is not", []string{"show", "press-smell"}, result{
			code: exitTrouble,
			err:  "failurectl: there is no rule \"press-smell\": `failurectl rules list` lists those there are\n",
		}},
		{"lint good rules", []string{"lint", file}, result{out: "4 rules: nothing to write better.\n"}},
		{"lint rules of shipped types", []string{"lint", "testdata/sloppy.yaml"}, result{code: exitNothing, out: brokenFindings}},
		{"lint rules that do not load", []string{"lint", "testdata/broken.yaml"}, result{code: exitTrouble, err: unloadable}},
		{"test good rules", []string{"test", file}, result{out: "16 examples of 4 rules: all do what they say.\n"}},
		{"test several files", []string{"test", file, "testdata/sloppy.yaml"}, result{
			code: exitNothing,
			out:  brokenExamples[:len(brokenExamples)-len("8 examples of 2 rules: 2 failed.\n")] + "24 examples of 6 rules: 2 failed.\n",
		}},
		{"test rules that do not load", []string{"test", "testdata/broken.yaml"}, result{code: exitTrouble, err: unloadable}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, runWith(t, "", append([]string{"rules"}, tc.args...)...))
		})
	}
}

func TestRulesShowDetails(t *testing.T) {
	got := runWith(t, "", "rules", "show", "--rules", "testdata/press.yaml", "press-any")
	require.Contains(t, got.out, "  - zpress-\\d+ reports\n  - exception.type ZpressError\n  - press.code E12, E9*\n")
	require.Contains(t, got.out, "  - [exception.type=zpress.ZpressError] it broke\n")
	got = runWith(t, "", "rules", "show", "--rules", "testdata/press.yaml", "press-jammed")
	require.Contains(t, got.out, "  refines     PRESS_FAILURE\n")
	require.Contains(t, got.out, "Over when a message has\n  - zpress-\\d+ is clear again\n")
	require.Contains(t, got.out, "  - zpress-1 reports:\n    jam\n")
	got = runWith(t, "", "rules", "show", "--rules", "testdata/press.yaml", "press-jammed", "--output", "json")
	require.Contains(t, got.out, "\"source\": {\n    \"file\": \"testdata/press.yaml\",\n    \"line\": 35\n  }\n")
}

// TestHelpShowsARuleThatExists holds the example in the help to the catalogue.
func TestHelpShowsARuleThatExists(t *testing.T) {
	first, _, _ := strings.Cut(newShow().Example, "\n")
	words := strings.Fields(first)
	require.Equal(t, exitFound, runWith(t, "", words[1:]...).code, first)
	require.Contains(t, newRules().Example, first)
}

// TestStableExamples shows that a rule which the collector refuses can be examined.
func TestStableExamples(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(path, []byte(`pack: mine
rules:
  - id: mine-one
    type: DISK_SPACE_LOW
    confidence: 0.5
    maturity: stable
    match: {patterns: ['zdisk is full']}
    examples: {match: ['zdisk is full', 'zdisk full'], ignore: [a, b]}
`), 0o600))
	require.Equal(t, result{
		code: exitNothing,
		out:  path + ":8: rule \"mine-one\": an example of examples.match does not match: \"zdisk full\"\n4 examples of 1 rule: 1 failed.\n",
	}, runWith(t, "", "rules", "test", path))
	require.Equal(t, result{
		code: exitTrouble,
		err:  "failurectl: the rules cannot be loaded:\n" + path + ":8: rule \"mine-one\": an example of examples.match does not match: \"zdisk full\"\n",
	}, runWith(t, "", "detect", "--rules", path, "x"))
}
