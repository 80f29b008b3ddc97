//go:build servers

package databaseprobereceiver

import (
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

	admin := s.connect("admin")
	s.exec(admin, "SELECT pg_wal_replay_pause()")
	write()
	s.awaits(h, "observed medium DATABASE_TIMEOUT: The replica is behind on DB (medium)")
	s.exec(admin, "SELECT pg_wal_replay_resume()")
	s.awaits(h, "cleared medium DATABASE_TIMEOUT: The replica is behind on DB: over")

	p.stop()
	s.awaits(h, "observed medium DATABASE_TIMEOUT: The replica is behind on DB (medium)")
}
