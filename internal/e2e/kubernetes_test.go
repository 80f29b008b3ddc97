package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var kubernetesExample = filepath.Join(root, "examples", "kubernetes")

// configMapOf gives the data of the ConfigMap in a file of manifests.
func configMapOf(t *testing.T, name string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(kubernetesExample, name))
	require.NoError(t, err)
	for document := range bytes.SplitSeq(content, []byte("\n---\n")) {
		var object struct {
			Kind string            `yaml:"kind"`
			Data map[string]string `yaml:"data"`
		}
		require.NoError(t, yaml.Unmarshal(document, &object))
		if object.Kind == "ConfigMap" {
			return object.Data
		}
	}
	require.Fail(t, "there is no ConfigMap", "%s", name)
	return nil
}

// TestKubernetesConfigurations validates the collectors' configurations with the collector itself.
func TestKubernetesConfigurations(t *testing.T) {
	for _, name := range []string{"agent.yaml", "gateway.yaml"} {
		t.Run(name, func(t *testing.T) {
			data := configMapOf(t, name)
			folder := t.TempDir()
			for file, content := range data {
				content = strings.NewReplacer("/etc/otelcol", folder, "/var/lib/otelcol", folder).Replace(content)
				require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(content), 0o600))
			}
			t.Setenv("POD_IP", "127.0.0.1")
			run(t, root, program(t, "OTELCOL_BINARY"), "validate", "--config", filepath.Join(folder, "config.yaml"))
		})
	}
}

// chartDefaults are the receivers and extensions that the chart adds to a configuration.
const chartDefaults = "{receivers: {otlp: {protocols: {grpc: {endpoint: '127.0.0.1:4317'}}}}, extensions: {health_check: {endpoint: '127.0.0.1:13133'}}, service: {extensions: [health_check]}}"

func TestHelmConfigurations(t *testing.T) {
	for _, name := range []string{"values-agent.yaml", "values-gateway.yaml"} {
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(kubernetesExample, name))
			require.NoError(t, err)
			var values struct {
				Config map[string]any `yaml:"config"`
			}
			require.NoError(t, yaml.Unmarshal(content, &values))
			config, err := yaml.Marshal(withoutNull(values.Config))
			require.NoError(t, err)
			text := strings.ReplaceAll(string(config), "/var/lib/otelcol", t.TempDir())
			run(t, root, program(t, "OTELCOL_BINARY"), "validate", "--config", "yaml:"+chartDefaults, "--config", "yaml:"+text)
		})
	}
}

// withoutNull leaves out what the values take away from the chart's configuration.
func withoutNull(config map[string]any) map[string]any {
	kept := map[string]any{}
	for key, value := range config {
		switch value := value.(type) {
		case nil:
		case map[string]any:
			kept[key] = withoutNull(value)
		default:
			kept[key] = value
		}
	}
	return kept
}
