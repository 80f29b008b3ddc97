//go:build servers

package databaseprobereceiver

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
)

// TestRedisBehindTLSWithoutConnectionsLeft has a server that closes connections without a word when it is full.
func TestRedisBehindTLSWithoutConnectionsLeft(t *testing.T) {
	certificate, key := selfSigned(t)
	at, port := folder(t), freePort(t)
	for name, text := range map[string]string{"server.crt": certificate, "server.key": key} {
		require.NoError(t, os.WriteFile(filepath.Join(at, name), []byte(text), 0o600))
	}
	newRedis(t, port, "--port", "0", "--tls-port", strconv.Itoa(port), "--tls-cert-file", at+"/server.crt", "--tls-key-file", at+"/server.key",
		"--tls-auth-clients", "no")
	target := redisAt(port)
	target.TLS = configtls.ClientConfig{Config: configtls.Config{CAPem: configopaque.String(certificate)}}
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	taken := []net.Conn{}
	for range 3 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", target.Endpoint)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		taken = append(taken, conn)
	}
	// The server answers before it has counted those that come in meanwhile.
	var events []string
	require.Eventually(t, func() bool {
		events = h.scan()
		return slices.Equal(h.metric("databaseprobe.connection.usage"), []string{"4"})
	}, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: Connections are running out on redis at HOST (critical): 100.0% of the usable connections in use, the threshold is 90.0%.",
	}, withHost(events, target.Endpoint), "within one interval")
	require.Equal(t, "observed critical CONNECTION_POOL_EXHAUSTION: No further connection is taken on redis at HOST (critical): "+
		"the server is full and closed the connection (closed, stage tls).", withHost([]string{over(h, 9)}, target.Endpoint)[0], "once another is tried")

	late := newHarness(t, target)
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on redis at HOST (critical): the connection was closed (closed, stage tls).",
	}, withHost(late.until(), target.Endpoint), "nobody tells one that comes late")

	for _, conn := range taken {
		require.NoError(t, conn.Close())
	}
	ended := over(h, 3)
	require.Equal(t, 2, strings.Count(ended, "cleared critical CONNECTION_POOL_EXHAUSTION"), ended)
	require.Contains(t, over(late, 3), "cleared critical DATABASE_CONNECTION_ERROR")
}
