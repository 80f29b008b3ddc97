package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// TestMain lets the commands that a test runs share the rules that they compile.
func TestMain(m *testing.M) {
	compiled := map[string]*detect.Detector{}
	compile = func(set *rules.Set, options detect.Options) (*detect.Detector, error) {
		if d := compiled[set.Hash]; d != nil {
			return d, nil
		}
		d, err := detect.New(set, options)
		if err == nil {
			compiled[set.Hash] = d
		}
		return d, err
	}
	m.Run()
}

// result is what a run of the program leaves behind.
type result struct {
	code     int
	out, err string
}

func runWith(t *testing.T, input string, args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(args, strings.NewReader(input), &out, &errOut)
	return result{code: code, out: out.String(), err: errOut.String()}
}

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown command", []string{"detcet"}, "failurectl: there is no command \"detcet\", did you mean detect?\n`failurectl --help` tells how it is used.\n"},
		{"unknown command of a group", []string{"rules", "shwo"}, "failurectl: there is no command \"shwo\", did you mean show?\n`failurectl rules --help` tells how it is used.\n"},
		{"unknown flag", []string{"detect", "--jason", "x"}, "failurectl: unknown flag: --jason\n`failurectl detect --help` tells how it is used.\n"},
		{"unknown output", []string{"detect", "--output", "yaml", "x"}, "failurectl: invalid argument \"yaml\" for \"--output\" flag: use one of text, json\n`failurectl detect --help` tells how it is used.\n"},
		{"a confidence above 1", []string{"detect", "--minimum-confidence", "1.1", "x"}, "failurectl: --minimum-confidence: 1.1 is outside 0 to 1\n`failurectl detect --help` tells how it is used.\n"},
		{"a confidence that is no number", []string{"detect", "--minimum-confidence", "nan", "x"}, "failurectl: --minimum-confidence: NaN is outside 0 to 1\n`failurectl detect --help` tells how it is used.\n"},
		{"an attribute without value", []string{"detect", "--attribute", "a\x1b[31m", "x"}, "failurectl: --attribute \"a\\x1b[31m\": write KEY=VALUE\n`failurectl detect --help` tells how it is used.\n"},
		{"an argument too many", []string{"version", "x"}, "failurectl: unknown command \"x\" for \"failurectl version\"\n`failurectl version --help` tells how it is used.\n"},
		{"no rule to show", []string{"rules", "show"}, "failurectl: give the id of one rule, not 0: `failurectl rules list` lists them\n`failurectl rules show --help` tells how it is used.\n"},
		{"a rule file that is not there", []string{"rules", "test", "not-there.yaml"}, "failurectl: the rules cannot be loaded:\nrule files: stat not-there.yaml: no such file or directory\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, result{code: exitTrouble, err: tc.want}, runWith(t, "", tc.args...))
		})
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"rules"}, {"completion"}} {
		got := runWith(t, "", args...)
		require.Equal(t, exitFound, got.code)
		require.Empty(t, got.err)
		require.Contains(t, got.out, "Available Commands:")
	}
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		require.NotEmpty(t, cmd.Example, cmd.CommandPath())
		require.NotEmpty(t, cmd.Long, cmd.CommandPath())
		for _, sub := range cmd.Commands() {
			if cmd.Name() != "completion" {
				check(sub)
			}
		}
	}
	check(newRoot(nil, nil, nil))
}

func TestVersion(t *testing.T) {
	version = "1.2.3"
	t.Cleanup(func() { version = "" })
	got := runWith(t, "", "version")
	require.Equal(t, exitFound, got.code)
	require.Regexp(t, `^failurectl 1\.2\.3, .*go1\.\S+ \w+/\w+\n$`, got.out)
	require.Equal(t, got, runWith(t, "", "--version"))
}

func TestCompletion(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"of an output", []string{"rules", "list", "--output", ""}, "text\njson\n:4\n"},
		{"of a rule", []string{"rules", "show", "--rules", "testdata/press.yaml", "press-s"}, "press-slow\tPRESS_FAILURE\npress-smell\tPRESS_FAILURE\n:4\n"},
		{"of a type", []string{"rules", "list", "--rules", "testdata/press.yaml", "--type", "PRESS"}, "PRESS_FAILURE\tpress\nPRESS_JAMMED\tpress\n:4\n"},
		{"of a pack", []string{"rules", "list", "--rules", "testdata/press.yaml", "--pack", "press"}, "press\t4 rules\n:4\n"},
		{"of a second rule, which there is not", []string{"rules", "show", "press-any", ""}, ":4\n"},
		{"of a file", []string{"rules", "test", ""}, ":0\n"},
		{"of a log file", []string{"rules", "bench", ""}, ":0\n"},
		{"of the form of a log file", []string{"rules", "bench", "--input", ""}, "auto\ntext\njsonl\notlp\n:4\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, runWith(t, "", append([]string{cobra.ShellCompRequestCmd}, tc.args...)...).out)
		})
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		require.Contains(t, runWith(t, "", "completion", shell).out, "failurectl")
	}
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	full, err := os.Open(os.DevNull) // Open for reading only.
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, full.Close()) })
	var errOut bytes.Buffer
	require.Equal(t, exitTrouble, run([]string{"version"}, strings.NewReader(""), full, &errOut))
	require.Contains(t, errOut.String(), "failurectl: writing the output: ")
}
