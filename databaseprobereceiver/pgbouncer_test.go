//go:build servers

package databaseprobereceiver

import (
	"context"
	"fmt"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

// newPgBouncer starts a pooler with two connections to a server, and gives its port.
func newPgBouncer(p *postgresql) int {
	p.t.Helper()
	port := freePort(p.t)
	path := filepath.Dir(p.data)
	users := p.file(path, "users", fmt.Sprintf("%q %q\n%q %q\n", "app", password, "stats", password))
	config := p.file(path, "pgbouncer.ini", fmt.Sprintf(`[databases]
postgres = host=127.0.0.1 port=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = scram-sha-256
auth_file = %s
stats_users = stats
pool_mode = transaction
default_pool_size = 2
max_client_conn = 20
`, p.port, port, users))
	args := []string{config}
	if p.credential != nil {
		other, err := user.LookupId(strconv.Itoa(int(p.credential.Uid)))
		require.NoError(p.t, err)
		args = []string{"-u", other.Username, config}
	}
	daemon(p.t, port, "pgbouncer", args...)
	return port
}

func TestPgBouncerWithoutConnectionsOfTheServerLeft(t *testing.T) {
	p := newPostgreSQL(t)
	port := newPgBouncer(p)
	target := TargetConfig{Type: typePgBouncer, Endpoint: fmt.Sprintf("127.0.0.1:%d", port), Username: "stats", Password: configopaque.String(password), TLS: plain}
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	require.Equal(t, []string{"20"}, h.metric("databaseprobe.connection.limit"))

	through := p.target("app")
	through.Endpoint = target.Endpoint
	pooled := newHarness(t, through)
	require.Empty(t, pooled.scan())
	require.Equal(t, []string{"1"}, pooled.metric("databaseprobe.up"), "a server is checked through it as well")

	// Two transactions have the two connections, and a third client waits.
	connect := func() *pgconn.PgConn {
		conn, err := pgconn.Connect(context.Background(), fmt.Sprintf("host=127.0.0.1 port=%d user=app password=%s dbname=postgres sslmode=disable", port, password))
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
		return conn
	}
	holders, waiter := []*pgconn.PgConn{connect(), connect()}, connect()
	for _, holder := range holders {
		p.exec(holder, "BEGIN")
	}
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		_, _ = waiter.Exec(context.Background(), "SELECT 1").ReadAll()
	}()
	require.Eventually(t, func() bool {
		events := strings.Join(withHost(h.scan(), target.Endpoint), "\n")
		return strings.Contains(events, "observed high CONNECTION_POOL_EXHAUSTION: Clients wait for a connection on pgbouncer at HOST (high): ")
	}, 10*time.Second, 200*time.Millisecond)
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.queue.waiting"))
	for _, holder := range holders {
		p.exec(holder, "COMMIT")
	}
	<-waited
	events := strings.Join(h.until(), "\n")
	require.Contains(t, events, "cleared high CONNECTION_POOL_EXHAUSTION: Clients wait for a connection on")
}
