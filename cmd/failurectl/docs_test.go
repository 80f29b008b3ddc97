package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fence is a block of a page: its language, the file that it is, and its lines.
var fence = regexp.MustCompile("(?s)```(\\w+)(?: (\\S+))?\n(.*?\n)```\n")

// word is a part of a command line.
var word = regexp.MustCompile(`'[^']*'|[^\s']+`)

// leftOut is a line of a page that stands for any output.
const leftOut = "…"

// varying is what differs from run to run: times, and shares of them.
var varying = regexp.MustCompile(`read in [\d.]+ s \([^)]+\)|\d+ ns a record| *\d+\.\d\d%`)

// shownCommand is a command of a page with the output that the page shows.
type shownCommand struct {
	args   []string
	output string
}

// shownCommands gives the commands of this program in a block.
func shownCommands(block string) []shownCommand {
	var list []shownCommand
	for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
		line, output, _ := strings.Cut(part, "\n")
		words := word.FindAllString(line, -1)
		for i := range words {
			words[i] = strings.Trim(words[i], "'")
		}
		if filepath.Base(words[0]) == "failurectl" {
			list = append(list, shownCommand{words[1:], output})
		}
	}
	return list
}

// requireShown runs a command and compares what it prints with the page.
func requireShown(t *testing.T, shown shownCommand) {
	t.Helper()
	got := runWith(t, "", shown.args...)
	var expected strings.Builder
	expected.WriteString(`\A`)
	for line := range strings.Lines(strings.TrimSpace(shown.output) + "\n") {
		if line == leftOut+"\n" {
			expected.WriteString(`(?s:.*)`)
			continue
		}
		expected.WriteString(regexp.QuoteMeta(varying.ReplaceAllString(line, "_")))
	}
	expected.WriteString(`\z`)
	text := varying.ReplaceAllString(strings.TrimSpace(got.out+got.err)+"\n", "_")
	require.Regexp(t, expected.String(), text, "failurectl %q prints\n%s", shown.args, text)
}

// TestPageOnRules holds that each rule of docs/rules.md loads, that its examples
// do what they say or the page shows which do not, and that each command prints
// what the page shows.
func TestPageOnRules(t *testing.T) {
	page, err := os.ReadFile("../../docs/rules.md")
	require.NoError(t, err)
	blocks := fence.FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, blocks)
	t.Chdir(t.TempDir())
	var files, judged []string
	for _, block := range blocks {
		language, name, content := block[1], block[2], block[3]
		if language == "console" {
			for _, shown := range shownCommands(content) {
				judged = append(judged, strings.Join(shown.args, " "))
				requireShown(t, shown)
			}
			continue
		}
		require.NotEmpty(t, name, "a block without a name is not tested:\n%s", content)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		if language == "yaml" {
			files = append(files, name)
		}
	}
	require.NotEmpty(t, judged)
	for _, name := range files {
		if !slices.Contains(judged, "rules test "+name) && !slices.Contains(judged, "rules lint "+name) {
			got := runWith(t, "", "rules", "test", name)
			require.Equal(t, exitFound, got.code, "%s%s", got.out, got.err)
		}
	}
}

// TestReadmes holds the commands that the other pages show to what they print.
func TestReadmes(t *testing.T) {
	t.Chdir("../..")
	for _, name := range []string{"README.md", "cmd/failurectl/README.md", "docs/replay.md"} {
		page, err := os.ReadFile(name)
		require.NoError(t, err)
		count := 0
		for _, block := range fence.FindAllStringSubmatch(string(page), -1) {
			for _, shown := range shownCommands(block[3]) {
				requireShown(t, shown)
				count++
			}
		}
		require.NotZero(t, count, name)
	}
}
