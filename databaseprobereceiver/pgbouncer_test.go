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

func pgBouncerAt(port int) TargetConfig {
	return TargetConfig{Type: typePgBouncer, Endpoint: fmt.Sprintf("127.0.0.1:%d", port), Username: "stats", Password: configopaque.String(password), TLS: plain}
}

// through gives a connection to the pooler that is closed when the test ends.
func (p *postgresql) through(port int, name, database string) *pgconn.PgConn {
	p.t.Helper()
	conn, err := pgconn.Connect(context.Background(), fmt.Sprintf("host=127.0.0.1 port=%d user=%s password=%s dbname=%s sslmode=disable", port, name, password, database))
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// queue lets two transactions have the two connections of the pooler, and a third client wait for a second. It gives
// what ends that.
func (p *postgresql) queue(port int) func() {
	p.t.Helper()
	holders := []*pgconn.PgConn{p.through(port, "app", "postgres"), p.through(port, "app", "postgres")}
	waiter, console := p.through(port, "app", "postgres"), p.through(port, "stats", "pgbouncer")
	for _, holder := range holders {
		p.exec(holder, "BEGIN")
	}
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		_, _ = waiter.Exec(context.Background(), "SELECT 1").ReadAll()
	}()
	require.Eventually(p.t, func() bool { return waited1s(p.t, console) }, 10*time.Second, 50*time.Millisecond)
	return func() {
		for _, holder := range holders {
			p.exec(holder, "COMMIT")
		}
		<-waited
	}
}

func TestPgBouncerWithoutConnectionsOfTheServerLeft(t *testing.T) {
	p := newPostgreSQL(t)
	port := newPgBouncer(p)
	target := pgBouncerAt(port)
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	require.Equal(t, []string{"20"}, h.metric("databaseprobe.connection.limit"))

	through := p.target("app")
	through.Endpoint = target.Endpoint
	pooled := newHarness(t, through)
	require.Empty(t, pooled.scan())
	require.Equal(t, []string{"1"}, pooled.metric("databaseprobe.up"), "a server is checked through it as well")

	release := p.queue(port)
	events := withHost(h.scan(), target.Endpoint)
	require.Len(t, events, 1, "within one interval")
	require.Contains(t, events[0], "observed high CONNECTION_POOL_EXHAUSTION: Clients wait for a connection on pgbouncer at HOST (high): ")
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.queue.waiting"))
	release()
	require.Contains(t, strings.Join(h.until(), "\n"), "cleared high CONNECTION_POOL_EXHAUSTION: Clients wait for a connection on")
}

// waited1s says whether a client has waited for a second, by what the admin console says.
func waited1s(t *testing.T, console *pgconn.PgConn) bool {
	t.Helper()
	results, err := console.Exec(context.Background(), "SHOW POOLS").ReadAll()
	require.NoError(t, err)
	for i, column := range results[0].FieldDescriptions {
		for _, row := range results[0].Rows {
			if column.Name == "maxwait" && string(row[i]) != "0" {
				return true
			}
		}
	}
	return false
}
