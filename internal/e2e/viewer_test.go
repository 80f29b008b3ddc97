package e2e

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// viewer is the awk program that makes one line of each failure, reading from a pipe as in make run.
type viewer struct {
	input  *os.File
	output *output
	ended  chan error
}

// awk is how the quickstart calls awk: mawk would wait for a full buffer.
func awk(t *testing.T) []string {
	t.Helper()
	text, _ := exec.CommandContext(t.Context(), "awk", "-W", "version").CombinedOutput()
	folder := filepath.Join(root, "examples", "quickstart")
	scripts := []string{"-f", filepath.Join(folder, "one-line.awk"), "-f", filepath.Join(folder, "host-line.awk")}
	if bytes.Contains(text, []byte("mawk")) {
		return append([]string{"awk", "-W", "interactive"}, scripts...)
	}
	return append([]string{"awk"}, scripts...)
}

func startViewer(t *testing.T, env ...string) *viewer {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	args := awk(t)
	command := exec.CommandContext(t.Context(), args[0], args[1:]...)
	v := &viewer{input: writer, output: &output{}, ended: make(chan error, 1)}
	command.Env = append(append(os.Environ(), "WIDTH=100"), env...)
	command.Stdin, command.Stdout, command.Stderr = reader, v.output, v.output
	require.NoError(t, command.Start())
	require.NoError(t, reader.Close())
	go func() { v.ended <- command.Wait() }()
	return v
}

func (v *viewer) lines() []string {
	var lines []string
	for scanner := bufio.NewScanner(strings.NewReader(v.output.String())); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// records gives the lines of records, without those of incidents and of the host.
func (v *viewer) records() []string {
	return slices.DeleteFunc(v.lines(), func(line string) bool {
		return strings.Contains(line, "  [incident ") || strings.HasSuffix(line, "  [host_probe]")
	})
}

// shown waits for a line with all the texts.
func (v *viewer) shown(t *testing.T, texts ...string) string {
	t.Helper()
	var found string
	require.Eventually(t, func() bool {
		for _, line := range v.lines() {
			if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
				found = line
				return true
			}
		}
		return false
	}, patience, glance, "no line with %q is shown", texts)
	return found
}

// viewed shows what was printed once more.
func viewed(t *testing.T, printed, env string) string {
	t.Helper()
	view := startViewer(t, env)
	_, err := view.input.WriteString(printed)
	require.NoError(t, err)
	require.NoError(t, view.input.Close())
	require.NoError(t, <-view.ended)
	return view.output.String()
}
