//go:build servers

package databaseprobereceiver

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// replica starts a standby of a server.
func (p *postgresql) replica() *postgresql {
	p.t.Helper()
	s := &postgresql{t: p.t, bin: p.bin, data: filepath.Join(filepath.Dir(p.data), "replica"), port: freePort(p.t), credential: p.credential}
	s.run("pg_basebackup", "-D", s.data, "-R", "--no-sync", "--checkpoint=fast", "-d",
		fmt.Sprintf("host=127.0.0.1 port=%d user=admin password=%s", p.port, password))
	p.file(s.data, "postgresql.auto.conf", fmt.Sprintf("port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 10\n"+
		"shared_buffers = 1MB\nfsync = off\nprimary_conninfo = 'host=127.0.0.1 port=%d user=admin password=%s'\n", s.port, p.port, password))
	s.start()
	p.t.Cleanup(s.stop)
	return s
}

func TestReplicasThatAreBehind(t *testing.T) {
	p := newPostgreSQL(t)
	s := p.replica()
	primary := newHarness(t, p.target("probe"))
	require.Empty(t, primary.scan())
	require.Empty(t, primary.metric("databaseprobe.replication.lag"), "what is no replica is not one without lag")

	h := newHarness(t, s.target("probe"))
	h.probe.targets[0].signals.lag.Limits = limits(1, 600, .5, 1, 1)
	write := func() { p.exec(p.connect("app"), "UPDATE account SET balance = balance + 1") }
	write()
	require.Eventually(t, func() bool {
		h.scan()
		return strings.Join(h.metric("databaseprobe.replication.lag"), "") == "0"
	}, 10*time.Second, 100*time.Millisecond, "one that follows is not behind, however long ago the last write was")

	over(h, 3) // It may have been behind at first.

	admin := s.connect("admin")
	s.exec(admin, "SELECT pg_wal_replay_pause()")
	s.until(admin, "pg_get_wal_replay_pause_state() = 'paused'")
	write()
	s.awaits(h, "observed medium DATABASE_TIMEOUT: The replica is behind on DB (medium)")
	s.exec(admin, "SELECT pg_wal_replay_resume()")
	s.awaits(h, "cleared medium DATABASE_TIMEOUT: The replica is behind on DB: over")

	p.stop()
	s.awaits(h, "observed medium DATABASE_TIMEOUT: The replica is behind on DB (medium)")
}

func TestPostgreSQLReplicasThatLoseTheirSource(t *testing.T) {
	p := newPostgreSQL(t)
	s := p.replica()
	h := newHarness(t, s.target("probe"))
	admin := s.connect("admin")
	s.until(admin, "count(pid) > 0 FROM pg_stat_wal_receiver")
	require.Empty(t, h.scan())
	require.Empty(t, h.scan())
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.replication.up"))
	p.stop()
	s.until(admin, "count(pid) = 0 FROM pg_stat_wal_receiver")
	require.Empty(t, h.scan(), "it may find it again at once")
	require.Equal(t, []string{"0"}, h.metric("databaseprobe.replication.up"))
	require.Equal(t, []string{
		"observed medium DATABASE_CONNECTION_ERROR: The replica does not follow on DB (medium): it has no connection to its source.",
	}, s.place(h.scan()))
	p.start()
	s.until(admin, "count(pid) > 0 FROM pg_stat_wal_receiver")
	require.Contains(t, strings.Join(s.place(h.until()), "\n"), "cleared medium DATABASE_CONNECTION_ERROR: The replica does not follow on DB: over")
}

// follow makes a server the replica of another.
func (m *mariadb) follow(source *mariadb) {
	m.t.Helper()
	root := source.root()
	source.exec(root, "CREATE USER follower@'127.0.0.1' IDENTIFIED BY '"+password+"'", "GRANT REPLICATION SLAVE ON *.* TO follower@'127.0.0.1'")
	var position string
	require.NoError(m.t, root.QueryRowContext(context.Background(), "SELECT @@gtid_binlog_pos").Scan(&position))
	m.exec(m.root(), "SET GLOBAL gtid_slave_pos = '"+position+"'", fmt.Sprintf("CHANGE MASTER TO master_host='127.0.0.1', master_port=%d, "+
		"master_user='follower', master_password='%s', master_use_gtid=slave_pos, master_connect_retry=1", source.port, password), "START SLAVE")
}

// follows waits until it does, ON, or does not, OFF.
func (m *mariadb) follows(root *sql.Conn, how string) {
	m.t.Helper()
	m.until(root, "variable_value = '"+how+"' FROM information_schema.global_status WHERE variable_name = 'Slave_running'")
}

func TestMariaDBReplicasThatDoNotFollow(t *testing.T) {
	source, m := newMariaDB(t, "--log-bin", "--server-id=1"), newMariaDB(t, "--server-id=2")
	m.follow(source)
	root := m.root()
	m.follows(root, "ON")
	target := m.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	require.Empty(t, h.scan())
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.replication.up"))
	require.NotEmpty(t, h.metric("databaseprobe.replication.lag"))

	// A row that is there already is an error that stops it.
	insert := "INSERT INTO account VALUES (3, 30)"
	m.exec(root, insert)
	source.exec(source.root(), insert)
	m.follows(root, "OFF")
	require.Equal(t, []string{
		"observed high DATABASE_CONNECTION_ERROR: The replica does not follow on mariadb at HOST (high): an error has stopped it from applying (1062).",
	}, withHost(h.scan(), target.Endpoint), "within one interval")
	require.Equal(t, []string{"0"}, h.metric("databaseprobe.replication.up"))
	require.NotContains(t, h.told(), "INSERT")
	m.exec(root, "DELETE FROM account WHERE id = 3", "START SLAVE")
	m.follows(root, "ON")
	require.Contains(t, strings.Join(h.until(), "\n"), "cleared high DATABASE_CONNECTION_ERROR: The replica does not follow on ")

	source.kill()
	m.follows(root, "OFF")
	require.Empty(t, h.scan(), "it may find it again at once")
	require.Contains(t, strings.Join(h.scan(), "\n"), "(medium): it has no connection to its source.")
	source.start()
	m.follows(root, "ON")
	require.Contains(t, strings.Join(h.until(), "\n"), "cleared medium DATABASE_CONNECTION_ERROR: The replica does not follow on ")
}
