//go:build servers

package databaseprobereceiver

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

// newRedis starts a server that takes four clients.
func newRedis(t *testing.T, port int, args ...string) *running {
	t.Helper()
	return daemon(t, port, "redis-server", append([]string{
		"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--maxclients", "4", "--save", "", "--requirepass", password, "--dir", folder(t),
	}, args...)...)
}

func redisAt(port int) TargetConfig {
	return TargetConfig{Type: typeRedis, Endpoint: fmt.Sprintf("127.0.0.1:%d", port), Password: configopaque.String(password), TLS: plain}
}

func TestRedisThatStopsAndStarts(t *testing.T) {
	port := freePort(t)
	server := newRedis(t, port)
	target := redisAt(port)
	h := newHarness(t, target)
	for range 12 {
		require.Empty(t, h.scan())
	}
	require.Equal(t, []string{"1 dns", "1 tcp", "1 auth", "1 query"}, h.metric("databaseprobe.stage.up"))
	require.Equal(t, []string{"4"}, h.metric("databaseprobe.connection.limit"))
	require.Equal(t, []string{"0 blocked"}, h.metric("databaseprobe.session.count"))
	server.kill()
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on redis at HOST (critical): the connection was refused (refused, stage tcp).",
	}, withHost(h.scan(), target.Endpoint))
	newRedis(t, port)
	require.Len(t, h.scan(), 1)
}

func TestRedisThatDeniesAccess(t *testing.T) {
	port := freePort(t)
	newRedis(t, port)
	for name, tc := range map[string]struct{ password, want string }{
		"a wrong password": {"wrong-secret", "the user or the password is wrong (WRONGPASS, stage auth)."},
		"none":             {"", "the server wants a password (NOAUTH, stage auth)."},
	} {
		t.Run(name, func(t *testing.T) {
			target := redisAt(port)
			target.Password = configopaque.String(tc.password)
			h := newHarness(t, target)
			require.Equal(t, []string{
				"observed critical DATABASE_CONNECTION_ERROR: There is no connection on redis at HOST (critical): " + tc.want,
			}, withHost(h.until(), target.Endpoint))
		})
	}
}

func TestRedisWithoutConnectionsLeft(t *testing.T) {
	port := freePort(t)
	newRedis(t, port)
	target := redisAt(port)
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	for range 3 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", target.Endpoint)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
	}
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: Connections are running out on redis at HOST (critical): 100.0% of the usable connections in use, the threshold is 90.0%.",
	}, withHost(h.until(), target.Endpoint))
	late := newHarness(t, target)
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: No further connection is taken on redis at HOST (critical): the server takes no further clients (ERR, stage auth).",
	}, withHost(late.until(), target.Endpoint))
}

func TestRedisWithoutMemoryLeft(t *testing.T) {
	port := freePort(t)
	newRedis(t, port, "--maxmemory", "400kb")
	target := redisAt(port)
	h := newHarness(t, target)
	events := withHost(h.until(), target.Endpoint)
	require.Len(t, events, 1)
	require.Contains(t, events[0], "MEMORY_EXHAUSTION: Memory is running out on redis at HOST")
}

func TestRedisWithoutGrants(t *testing.T) {
	port := freePort(t)
	newRedis(t, port, "--user", "humble", "on", ">"+password, "+ping")
	target := redisAt(port)
	target.Username = "humble"
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	require.Empty(t, h.scan(), "a user who may not ask is no server that is down")
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.up"))
	require.Equal(t, []string{"1 +info"}, h.metric("databaseprobe.degraded"))
	require.Empty(t, h.metric("databaseprobe.connection.usage"), "what is not shown is not 0")
	require.Equal(t, 1, h.logs.FilterMessageSnippet("lacks grants").Len(), "it is told once")
}
