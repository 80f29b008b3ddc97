package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOwnCollector follows docs/add-to-your-collector.md as a reader does: the manifest and the
// configuration are those of the page.
func TestOwnCollector(t *testing.T) {
	builder := program(t, "OCB_BINARY")
	checkout, err := filepath.Abs(root)
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(checkout, "docs", "add-to-your-collector.md"))
	require.NoError(t, err)

	// The manifest of the page expects the checkout beside the folder where the builder runs.
	folder := filepath.Join(t.TempDir(), "own")
	require.NoError(t, os.Mkdir(folder, 0o750))
	require.NoError(t, os.Symlink(checkout, filepath.Join(filepath.Dir(folder), "failuredetector")))
	for _, name := range []string{"manifest.yaml", "config.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), fenced(t, page, name), 0o600))
	}

	run(t, folder, builder, "--config", "manifest.yaml")
	collector := filepath.Join(folder, "my-collector", "my-collector")
	require.Contains(t, run(t, folder, collector, "components"), "name: failure_detector\n")
	run(t, folder, collector, "validate", "--config", "config.yaml")

	config, err := os.ReadFile(filepath.Join(folder, "config.yaml"))
	require.NoError(t, err)
	broken := strings.Replace(string(config), "failure_detector:", "failure_detector: {no_such_option: 1}", 1)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "config.yaml"), []byte(broken), 0o600))
	output, err := exec.CommandContext(t.Context(), collector, "validate", "--config", filepath.Join(folder, "config.yaml")).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(output), "no_such_option")
}

// fenced returns the YAML block of a page whose first line is the name of the file in a comment.
func fenced(t *testing.T, page []byte, name string) []byte {
	t.Helper()
	block := regexp.MustCompile("(?s)```yaml\n# " + regexp.QuoteMeta(name) + "\n(.*?)```").FindSubmatch(page)
	require.NotNil(t, block, "the page has no block that begins with # %s", name)
	return block[1]
}

func run(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = folder
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s %v:\n%s", filepath.Base(program), args, output)
	return string(output)
}
