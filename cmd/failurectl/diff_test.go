package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// editedPress writes the pack of the press with other texts in it.
func editedPress(t *testing.T, edit ...string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/press.yaml")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "press.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.NewReplacer(edit...).Replace(string(content))), 0o600))
	return path
}

func TestRulesDiff(t *testing.T) {
	const file, messages = "testdata/press.yaml", "testdata/press.jsonl"
	edited := editedPress(t, "'zpress-\\d+ reports'", "'zpress-\\d+ reports a'", "Paper is stuck", "The paper is stuck", "press-jammed", "press-jam")
	shipped := filepath.Join("..", "..", "rules", "packs")
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(mine, []byte("pack: mine\nrules:\n  - {id: pool-postgres-slots, override: true, confidence: 0.5}\n"), 0o600))
	usage := "`failurectl rules diff --help` tells how it is used.\n"
	for _, tc := range []struct {
		name string
		args []string
		want result
	}{
		{"the same", []string{file, file}, result{out: "No changes.\n"}},
		{"the shipped rules and the packs that they are made of", []string{builtin, shipped}, result{out: "No changes.\n"}},
		{"changes of each level", []string{file, edited}, result{code: exitNothing, out: `major  rule "press-jammed": removed, a rule that is stable
minor  rule "press-any": match.patterns: 1 added, 1 removed
minor  rule "press-jam": added, of type PRESS_JAMMED
patch  type PRESS_JAMMED: explain: other words
4 changes, at most major.
`}},
		{"the effect on messages", []string{"--labelled", messages, file, editedPress(t, "zpress-\\d+ reports'", "zpress-\\d+ reports an'")}, result{code: exitNothing, out: `minor  rule "press-any": match.patterns: 1 added, 1 removed
testdata/press.jsonl:4: self-test: expected nothing, was PRESS_FAILURE by rule "press-any", now nothing: "self-test: zpress-1 reports nothing"
1 change, at most minor.
1 message of another type.
`}},
		{"what a file of your own changes about shipped rules", []string{builtin, mine}, result{
			code: exitNothing,
			out:  "minor  rule \"pool-postgres-slots\": confidence: from 0.98 to 0.5\n1 change, at most minor.\n",
		}},
		{"a file that needs the shipped rules", []string{mine, mine}, result{out: "No changes.\n"}},
		{"a file that does not load", []string{file, "testdata/broken.yaml"}, result{code: exitTrouble, err: unloadable}},
		{"messages that cannot be read", []string{"--labelled", "not-there.jsonl", file, file}, result{
			code: exitTrouble,
			err:  "failurectl: the labelled messages cannot be read:\nlabelled messages: open not-there.jsonl: no such file or directory\n",
		}},
		{"one side", []string{file}, result{code: exitTrouble, err: "failurectl: give two files or directories to compare, not 1\n" + usage}},
		{"the shipped rules with themselves", []string{builtin, builtin}, result{code: exitTrouble, err: "failurectl: one side at most is builtin: there is nothing to compare\n" + usage}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, runWith(t, "", append([]string{"rules", "diff"}, tc.args...)...))
		})
	}
}

func TestRulesDiffAsJSON(t *testing.T) {
	edited := editedPress(t, "confidence: 0.3", "confidence: 0.4", "zpress-\\d+ reports'", "zpress-\\d+ reports an'")
	got := runWith(t, "", "rules", "diff", "--output", "json", "--labelled", "testdata/press.jsonl", "testdata/press.yaml", edited)
	require.Equal(t, exitNothing, got.code)
	require.JSONEq(t, `{
  "level": "minor",
  "changes": [
    {"level": "minor", "rule": "press-any", "what": "match.patterns: 1 added, 1 removed"},
    {"level": "minor", "rule": "press-slow", "what": "confidence: from 0.3 to 0.4"}
  ],
  "messages": [{
    "file": "testdata/press.jsonl",
    "line": 4,
    "id": "self-test",
    "text": "self-test: zpress-1 reports nothing",
    "expected": [],
    "before": {"type": "PRESS_FAILURE", "rule": "press-any"},
    "after": null
  }]
}`, got.out)
	got = runWith(t, "", "rules", "diff", "--output", "json", edited, edited)
	require.Equal(t, exitFound, got.code)
	require.JSONEq(t, `{"level": null, "changes": [], "messages": []}`, got.out)
}
