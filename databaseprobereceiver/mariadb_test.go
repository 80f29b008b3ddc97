//go:build servers

package databaseprobereceiver

import (
	"context"
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

// mariadb is a server that a test starts on loopback, with ten connections.
type mariadb struct {
	t    *testing.T
	data string
	port int
	args []string
	*running
}

func newMariaDB(t *testing.T, args ...string) *mariadb {
	t.Helper()
	m := &mariadb{t: t, data: filepath.Join(folder(t), "data"), port: freePort(t), args: args}
	output, err := exec.CommandContext(t.Context(), "mariadb-install-db", "--no-defaults", "--datadir="+m.data, "--user=mysql",
		"--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=4M").CombinedOutput()
	require.NoError(t, err, "these tests want the servers: apt-get install mariadb-server\n%s", output)
	m.start()
	root := m.open("root", "", "unix("+m.data+"/s.sock)", "mysql")
	for _, statement := range []string{
		"CREATE USER probe@'127.0.0.1' IDENTIFIED BY '" + password + "'", "GRANT PROCESS, REPLICA MONITOR ON *.* TO probe@'127.0.0.1'",
		"CREATE USER humble@'127.0.0.1' IDENTIFIED BY '" + password + "'",
		"CREATE DATABASE shop", "CREATE TABLE shop.account (id int PRIMARY KEY, balance int) ENGINE=InnoDB",
		"INSERT INTO shop.account VALUES (1, 10), (2, 20)",
	} {
		_, err := root.ExecContext(context.Background(), statement)
		require.NoError(t, err)
	}
	return m
}

func (m *mariadb) start() {
	m.running = daemon(m.t, m.port, "mariadbd", append([]string{
		"--no-defaults", "--datadir=" + m.data, "--user=mysql", fmt.Sprintf("--port=%d", m.port),
		"--bind-address=127.0.0.1", "--socket=" + m.data + "/s.sock", "--max-connections=10", "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M",
		"--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", "--pid-file=" + m.data + "/pid",
	}, m.args...)...)
}

func (m *mariadb) tcp() string { return fmt.Sprintf("tcp(127.0.0.1:%d)", m.port) }

func (m *mariadb) open(user, secret, address, database string) *sql.Conn {
	m.t.Helper()
	pool, err := sql.Open("mysql", fmt.Sprintf("%s:%s@%s/%s", user, secret, address, database))
	require.NoError(m.t, err)
	var conn *sql.Conn
	// The server opens its port a little before its socket.
	require.Eventually(m.t, func() bool {
		conn, err = pool.Conn(context.Background())
		return err == nil
	}, 30*time.Second, 50*time.Millisecond, "%v", err)
	m.t.Cleanup(func() { _ = conn.Close(); _ = pool.Close() })
	return conn
}

// root gives a session of the administrator in the database of the tests.
func (m *mariadb) root() *sql.Conn {
	m.t.Helper()
	return m.open("root", "", "unix("+m.data+"/s.sock)", "shop")
}

// exec runs statements one after the other.
func (m *mariadb) exec(conn *sql.Conn, statements ...string) {
	m.t.Helper()
	for _, statement := range statements {
		_, err := conn.ExecContext(context.Background(), statement)
		require.NoError(m.t, err, statement)
	}
}

// until asks the server until something is so. InnoDB renews what it tells only if nobody asked for 0.1 s.
func (m *mariadb) until(conn *sql.Conn, condition string) {
	m.t.Helper()
	require.Eventually(m.t, func() bool {
		var so sql.NullBool
		err := conn.QueryRowContext(context.Background(), "SELECT "+condition).Scan(&so)
		return err == nil && so.Bool
	}, 30*time.Second, 200*time.Millisecond, condition)
}

func (m *mariadb) target(user string) TargetConfig {
	return TargetConfig{
		Type: typeMariaDB, Endpoint: fmt.Sprintf("127.0.0.1:%d", m.port), Username: user, Password: configopaque.String(password), TLS: plain,
	}
}

func TestMariaDBThatStopsAndStarts(t *testing.T) {
	m := newMariaDB(t)
	target := m.target("probe")
	h := newHarness(t, target)
	for range 12 {
		require.Empty(t, h.scan())
	}
	require.Equal(t, []string{"1 dns", "1 tcp", "1 auth", "1 query"}, h.metric("databaseprobe.stage.up"))
	require.Equal(t, []string{"10"}, h.metric("databaseprobe.connection.limit"))
	m.kill()
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on mariadb at HOST (critical): the connection was refused (refused, stage tcp).",
	}, withHost(h.scan(), target.Endpoint))
	m.start()
	require.Len(t, h.scan(), 1)
}

func TestMariaDBThatDeniesAccess(t *testing.T) {
	m := newMariaDB(t)
	for name, tc := range map[string]struct {
		change func(*TargetConfig)
		want   string
	}{
		"a wrong password": {func(c *TargetConfig) { c.Password = "wrong-secret" }, "the user or the password is wrong (1045, stage auth)."},
		"no such database": {func(c *TargetConfig) { c.Database = "missing" }, "this user may not use the database (1044, stage auth)."},
	} {
		t.Run(name, func(t *testing.T) {
			target := m.target("probe")
			tc.change(&target)
			h := newHarness(t, target)
			events := h.until()
			require.Len(t, events, 1)
			require.Contains(t, events[0], "observed critical DATABASE_CONNECTION_ERROR: There is no connection on mariadb ")
			require.Contains(t, events[0], tc.want)
		})
	}
}

func TestMariaDBWithoutConnectionsLeft(t *testing.T) {
	m := newMariaDB(t)
	target := m.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	for range 8 { // And the one of root.
		m.open("humble", password, m.tcp(), "")
	}
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: Connections are running out on mariadb at HOST (critical): 100.0% of the usable connections in use, the threshold is 90.0%.",
	}, withHost(h.until(), target.Endpoint))
	late := newHarness(t, m.target("humble"))
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: No further connection is taken on mariadb at HOST (critical): there are no connections left (1040, stage auth).",
	}, withHost(late.until(), target.Endpoint))
}

func TestMariaDBWithoutGrants(t *testing.T) {
	m := newMariaDB(t)
	h := newHarness(t, m.target("humble"))
	h.scan()
	require.Empty(t, h.scan())
	require.NotEmpty(t, h.metric("databaseprobe.connection.usage"))
	require.Empty(t, h.metric("databaseprobe.transaction.longest"), "what is not shown is not 0")
	require.Equal(t, []string{"1 PROCESS", "1 REPLICATION CLIENT"}, h.metric("databaseprobe.degraded"))
	require.Equal(t, 1, h.logs.FilterMessageSnippet("lacks grants").Len(), "it is told once")
}
