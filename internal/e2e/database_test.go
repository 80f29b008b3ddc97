package e2e

import (
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// TestDatabaseExample checks three servers of which none is there, and lets one of them come.
func TestDatabaseExample(t *testing.T) {
	p, store := startPrometheus(t), newBackend(t)
	port := freePort(t)
	endpoint := fmt.Sprintf("127.0.0.1:%d", port)
	c := startCollector(t, setup{
		example: "database",
		env: []string{
			"STATE_DIR=" + t.TempDir(), "TCP_ENDPOINT=" + endpoint, "PGPASSWORD=correct-horse-7",
			fmt.Sprintf("PGPORT=%d", freePort(t)), fmt.Sprintf("REDIS_ENDPOINT=127.0.0.1:%d", freePort(t)),
		},
		overlays: []string{
			"{receivers: {database_probe: {collection_interval: 10s, initial_delay: 0s}}}",
			store.overlay([]string{"logs/failures"}),
			fmt.Sprintf("{exporters: {prometheusremotewrite: {endpoint: 'http://127.0.0.1:%d/api/v1/write'}}}", p.port),
			"{connectors: {failure_detector: {metrics: {interval: 1s}}}}",
		},
	})
	told := func(name, entity string) bool {
		for _, lr := range store.records() {
			if lr.EventName() == name && attribute(lr, failure.AttrEntity) == entity {
				return true
			}
		}
		return false
	}
	require.Eventually(t, func() bool { return told(failure.EventOpened, "db:tcp://"+endpoint) }, patience, glance)
	p.last(fmt.Sprintf(`failure_incident_active{server_port="%d",failure_type="NETWORK_ERROR"}`, port), 1)
	require.Eventually(t, func() bool {
		return len(p.samples(fmt.Sprintf(`databaseprobe_up{server_port="%d",error_type="refused"}`, port))) > 0
	}, patience, glance)

	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", endpoint)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	require.Eventually(t, func() bool { return told(failure.EventResolved, "db:tcp://"+endpoint) }, patience, glance)

	types := map[string]bool{}
	for _, lr := range store.records() {
		types[kind(lr)] = true
		require.NotContains(t, lr.Body().AsString(), "correct-horse-7")
	}
	require.Contains(t, types, "DATABASE_CONNECTION_ERROR")
	c.stop()
	require.NotContains(t, c.log.String(), "correct-horse-7")
}
