//go:build servers

package databaseprobereceiver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
)

// postgresql is a server that a test starts on loopback.
type postgresql struct {
	t          *testing.T
	bin, data  string
	port       int
	credential *syscall.Credential
}

// newPostgreSQL makes a server that takes ten connections, three of them for administrators.
func newPostgreSQL(t *testing.T) *postgresql {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(t, err)
	require.NotEmpty(t, found, "these tests want PostgreSQL: apt-get install postgresql")
	folder := folder(t)
	p := &postgresql{t: t, bin: filepath.Dir(found[len(found)-1]), data: filepath.Join(folder, "data"), port: freePort(t)}
	if os.Getuid() == 0 {
		// The server refuses to run as root.
		other, err := user.Lookup("postgres")
		require.NoError(t, err)
		uid, _ := strconv.Atoi(other.Uid)
		gid, _ := strconv.Atoi(other.Gid)
		p.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		require.NoError(t, os.Chown(folder, uid, gid))
	}
	p.run("initdb", "-D", p.data, "-A", "scram-sha-256", "-U", "admin", "--pwfile", p.file(folder, "password", password), "--no-sync")
	p.file(p.data, "postgresql.auto.conf", fmt.Sprintf("port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"+
		"max_connections = 10\nfsync = off\nshared_buffers = 1MB\ndeadlock_timeout = 100ms\n", p.port))
	p.start()
	t.Cleanup(p.stop)
	admin := p.connect("admin")
	for _, statement := range []string{
		"CREATE ROLE probe LOGIN PASSWORD '" + password + "'", "GRANT pg_monitor TO probe",
		"CREATE ROLE humble LOGIN PASSWORD '" + password + "'", "CREATE ROLE app LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE single LOGIN CONNECTION LIMIT 0 PASSWORD '" + password + "'",
		"CREATE TABLE account (id int PRIMARY KEY, balance int)", "INSERT INTO account VALUES (1, 10), (2, 20)", "GRANT ALL ON account TO app",
	} {
		p.exec(admin, statement)
	}
	require.NoError(t, admin.Close(context.Background()))
	return p
}

func (p *postgresql) file(folder, name, text string) string {
	path := filepath.Join(folder, name)
	require.NoError(p.t, os.WriteFile(path, []byte(text), 0o600))
	if p.credential != nil {
		require.NoError(p.t, os.Chown(path, int(p.credential.Uid), int(p.credential.Gid)))
	}
	return path
}

func (p *postgresql) run(name string, args ...string) {
	p.t.Helper()
	command := exec.CommandContext(context.Background(), filepath.Join(p.bin, name), args...)
	command.Dir = filepath.Dir(p.data)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	output, err := command.CombinedOutput()
	require.NoError(p.t, err, string(output))
}

func (p *postgresql) start() {
	p.run("pg_ctl", "-D", p.data, "-w", "-l", filepath.Join(p.data, "log"), "start")
}

func (p *postgresql) stop() {
	if _, err := os.Stat(filepath.Join(p.data, "postmaster.pid")); err == nil {
		p.run("pg_ctl", "-D", p.data, "-w", "-m", "immediate", "stop")
	}
}

// connect gives a connection that is closed when the test ends.
func (p *postgresql) connect(name string) *pgconn.PgConn {
	p.t.Helper()
	conn, err := pgconn.Connect(context.Background(), fmt.Sprintf("host=127.0.0.1 port=%d user=%s password=%s dbname=postgres sslmode=disable", p.port, name, password))
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func (p *postgresql) exec(conn *pgconn.PgConn, statement string) {
	p.t.Helper()
	_, err := conn.Exec(context.Background(), statement).ReadAll()
	require.NoError(p.t, err)
}

func (p *postgresql) target(name string) TargetConfig {
	return TargetConfig{
		Type: typePostgreSQL, Endpoint: fmt.Sprintf("127.0.0.1:%d", p.port), Username: name, Password: configopaque.String(password),
		Database: "postgres", TLS: configtls.ClientConfig{Insecure: true},
	}
}

// place replaces what differs from run to run in events.
func (p *postgresql) place(events []string) []string {
	for i, event := range events {
		events[i] = strings.ReplaceAll(event, fmt.Sprintf("postgresql postgres at 127.0.0.1:%d", p.port), "DB")
	}
	return events
}

func TestPostgreSQLThatStopsAndStarts(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	for range 12 { // More than a connection serves.
		require.Empty(t, h.scan())
	}
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.up"))
	require.Equal(t, []string{"1 dns", "1 tcp", "1 auth", "1 query"}, h.metric("databaseprobe.stage.up"))
	require.Equal(t, []string{"7"}, h.metric("databaseprobe.connection.limit"))

	p.stop()
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on DB (critical): the connection was refused (refused, stage tcp).",
	}, p.place(h.scan()))
	require.Equal(t, []string{"0 refused"}, h.metric("databaseprobe.up"))
	require.Equal(t, []string{"1 dns", "0 tcp refused", "0 auth", "0 query"}, h.metric("databaseprobe.stage.up"))
	for range 8 {
		require.Empty(t, h.scan(), "what cannot be known is not said to be stale beside")
	}
	p.start()
	events := p.place(h.scan())
	require.Len(t, events, 1)
	require.Contains(t, events[0], "cleared critical DATABASE_CONNECTION_ERROR: There is no connection on DB: over after")
}

func TestPostgreSQLThatDeniesAccess(t *testing.T) {
	p := newPostgreSQL(t)
	for name, tc := range map[string]struct {
		change func(*TargetConfig)
		want   string
	}{
		"a wrong password":   {func(c *TargetConfig) { c.Password = "wrong-secret" }, "the password is wrong (28P01, stage auth)"},
		"no such database":   {func(c *TargetConfig) { c.Database = "missing" }, "there is no such database (3D000, stage auth)"},
		"a limit of its own": {func(c *TargetConfig) { c.Username = "single" }, "the user of the probe has as many connections as it may (53300, stage auth)"},
	} {
		t.Run(name, func(t *testing.T) {
			target := p.target("probe")
			tc.change(&target)
			h := newHarness(t, target)
			events := h.until()
			require.Len(t, events, 1)
			require.Contains(t, events[0], "observed critical DATABASE_CONNECTION_ERROR: There is no connection on postgresql ")
			require.Contains(t, events[0], tc.want)
			require.NotContains(t, events[0], "secret")
			require.NotContains(t, events[0], password)
		})
	}
}

func TestPostgreSQLWithoutConnectionsLeft(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	require.Empty(t, h.scan())
	var taken []*pgconn.PgConn
	for range 6 {
		taken = append(taken, p.connect("app"))
	}
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: Connections are running out on DB (critical): 100.0% of the usable connections in use, the threshold is 90.0%.",
	}, p.place(h.scan()), "within one interval")

	late := newHarness(t, p.target("probe"))
	require.Equal(t, []string{
		"observed critical CONNECTION_POOL_EXHAUSTION: No further connection is taken on DB (critical): there are no connections left (53300, stage auth).",
	}, p.place(late.until()))

	for _, conn := range taken {
		require.NoError(t, conn.Close(context.Background()))
	}
	require.Contains(t, strings.Join(p.place(h.until()), "\n"), "cleared critical CONNECTION_POOL_EXHAUSTION: Connections are running out on DB: over")
	require.Contains(t, strings.Join(p.place(late.until()), "\n"), "cleared critical CONNECTION_POOL_EXHAUSTION: No further connection is taken on DB: over")
}

// awaits scans until an event comes: the statistics of the server lag behind.
func (p *postgresql) awaits(h *harness, event string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return strings.Contains(strings.Join(p.place(h.scan()), "\n"), event) }, 5*time.Second, 100*time.Millisecond, event)
}

// until asks the server until something is so.
func (p *postgresql) until(admin *pgconn.PgConn, condition string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		results, err := admin.Exec(context.Background(), "SELECT "+condition).ReadAll()
		return err == nil && string(results[0].Rows[0][0]) == "t"
	}, 30*time.Second, 50*time.Millisecond, condition)
}

func TestPostgreSQLWithoutGrants(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("humble"))
	p.exec(p.connect("app"), "BEGIN; SELECT 1")
	h.scan()
	require.Empty(t, h.scan())
	require.NotEmpty(t, h.metric("databaseprobe.connection.usage"))
	require.Empty(t, h.metric("databaseprobe.transaction.longest"), "what is not shown is not 0")
	require.Equal(t, []string{"1 pg_monitor"}, h.metric("databaseprobe.degraded"))
	require.Equal(t, 1, h.logs.FilterMessageSnippet("lacks grants").Len(), "it is told once")
	p.exec(p.connect("admin"), "GRANT pg_monitor TO humble")
	h.scan()
	require.Equal(t, []string{"0"}, h.metric("databaseprobe.degraded"))
	require.NotEmpty(t, h.metric("databaseprobe.transaction.longest"))
}

func TestPostgreSQLKilledDuringACheck(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	h.scan()
	p.exec(p.connect("admin"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'probe'")
	require.Empty(t, h.scan(), "a new connection is taken, so nothing is wrong")
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.up"))
}

func TestPostgreSQLAndTLS(t *testing.T) {
	p := newPostgreSQL(t)
	secure := p.target("probe")
	secure.TLS = configtls.ClientConfig{}
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on DB (critical): there was no TLS connection (tls, stage tls).",
	}, p.place(newHarness(t, secure).until()))

	certificate, key := selfSigned(t)
	p.file(p.data, "server.crt", certificate)
	p.file(p.data, "server.key", key)
	admin := p.connect("admin")
	p.exec(admin, "ALTER SYSTEM SET ssl = on")
	p.exec(admin, "SELECT pg_reload_conf()")
	h := newHarness(t, secure)
	require.Eventually(t, func() bool {
		h.scan()
		return slices.Equal([]string{"1 dns", "1 tcp", "0 tls certificate", "0 auth", "0 query"}, h.metric("databaseprobe.stage.up"))
	}, 10*time.Second, 100*time.Millisecond)

	secure.TLS.CAPem = configopaque.String(certificate)
	trusting := newHarness(t, secure)
	require.Empty(t, trusting.scan())
	require.Equal(t, []string{"1 dns", "1 tcp", "1 tls", "1 auth", "1 query"}, trusting.metric("databaseprobe.stage.up"))
	secure.TLS.ServerName = "another.example"
	require.Contains(t, strings.Join(newHarness(t, secure).until(), ""), "the certificate is for another name (certificate, stage tls).")
}
