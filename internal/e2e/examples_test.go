package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExamplesAreValid loads the configuration of every example as the collector does.
func TestExamplesAreValid(t *testing.T) {
	examples, err := os.ReadDir(filepath.Join(root, "examples"))
	require.NoError(t, err)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		t.Run(example.Name(), func(t *testing.T) {
			folder := filepath.Join("examples", example.Name())
			require.FileExists(t, filepath.Join(root, folder, "README.md"))
			// The example for Kubernetes has its configurations in manifests.
			configs, err := filepath.Glob(filepath.Join(root, folder, "collector.yaml"))
			require.NoError(t, err)
			for range configs {
				run(t, root, program(t, "OTELCOL_BINARY"), "validate", "--config", filepath.Join(folder, "collector.yaml"))
			}
		})
	}
}
