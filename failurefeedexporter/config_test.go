package failurefeedexporter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	own, err := all.Sub(component.MustNewIDWithName("failure_feed", name).String())
	require.NoError(t, err)
	config := defaultConfig()
	if err := own.Unmarshal(config); err != nil {
		return nil, err
	}
	return config, confmap.Validate(config)
}

func TestConfigDefaults(t *testing.T) {
	config := defaultConfig()
	require.NoError(t, confmap.Validate(config))
	require.Equal(t, "localhost:8686", config.HTTP.NetAddr.Endpoint)
}

func TestConfigAllKeys(t *testing.T) {
	config, err := load(t, "all")
	require.NoError(t, err)
	want := defaultConfig()
	want.HTTP.NetAddr.Endpoint = "0.0.0.0:9999"
	want.Insecure = true
	want.AllowedHosts = []string{"feed.example"}
	want.TraceURL = "https://traces.example/trace/{trace_id}"
	want.KeepEnded = time.Hour
	storage := component.MustNewID("file_storage")
	want.Storage = &storage
	want.Rules.Disable = []string{"pool"}
	want.Stream = StreamConfig{Enabled: false, Clients: 1, Replay: 3, WriteTimeout: time.Second}
	want.Limits = LimitsConfig{Failures: 4}
	require.Equal(t, want, config)
}

func TestConfigFaults(t *testing.T) {
	for name, want := range map[string]string{
		"open":        `endpoint: "0.0.0.0:8686" can be reached from other machines and has no auth`,
		"everywhere":  `endpoint: ":8686" can be reached from other machines`,
		"tls":         `endpoint: "feed.example:8686" can be reached from other machines`,
		"no_port":     "endpoint: address localhost: missing port in address",
		"hosts":       `allowed_hosts: "https://feed.example" is no host name`,
		"trace_url":   `trace_url: "javascript:alert(1)//{trace_id}" has to be an http or https URL`,
		"no_trace_id": `trace_url: "https://traces.example" has to be an http or https URL that contains {trace_id}`,
		"half_tenant": "tenant: auth_attribute and resource_attribute take one another",
		"open_tenant": "tenant: without auth no client has a tenant",
		"bounds":      "stream::replay: has to be more than 0\nlimits::failures: has to be more than 0",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, name)
			require.ErrorContains(t, err, want)
		})
	}
}

func TestConfigsThatStrangersCannotRead(t *testing.T) {
	for _, name := range []string{"ipv6", "socket", "auth", "client_certificates"} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, name)
			require.NoError(t, err)
		})
	}
}

func TestUnknownKeysAreRefused(t *testing.T) {
	_, err := load(t, "typing_error")
	require.ErrorContains(t, err, `"notfy" is no key here: use `)
}
