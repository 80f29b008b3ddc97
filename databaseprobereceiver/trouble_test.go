//go:build servers

package databaseprobereceiver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stoppable is a real server in trouble.
type stoppable interface {
	// processes are those of the server.
	processes() []int
}

// processes are the first of the server and its children.
func (p *postgresql) processes() []int {
	text, err := os.ReadFile(filepath.Join(p.data, "postmaster.pid"))
	require.NoError(p.t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	text, err = os.ReadFile(fmt.Sprintf("/proc/%s/task/%s/children", line, line))
	require.NoError(p.t, err)
	list := []int{}
	for _, field := range append([]string{line}, strings.Fields(string(text))...) {
		pid, err := strconv.Atoi(field)
		require.NoError(p.t, err)
		list = append(list, pid)
	}
	return list
}

// send sends a signal to all processes of a server.
func send(t *testing.T, to stoppable, what syscall.Signal) {
	t.Helper()
	for _, pid := range to.processes() {
		require.NoError(t, syscall.Kill(pid, what))
	}
}

// each runs a test against each kind of server.
func each(t *testing.T, test func(t *testing.T, target TargetConfig, server stoppable, again func())) {
	t.Helper()
	t.Run("postgresql", func(t *testing.T) {
		p := newPostgreSQL(t)
		test(t, p.target("probe"), p, func() {
			// What was killed leaves the note that it runs.
			require.NoError(t, os.Remove(filepath.Join(p.data, "postmaster.pid")))
			p.start()
		})
	})
	t.Run("mariadb", func(t *testing.T) {
		m := newMariaDB(t)
		test(t, m.target("probe"), m, func() { m.kill(); m.start() })
	})
	t.Run("redis", func(t *testing.T) {
		port := freePort(t)
		r := newRedis(t, port)
		test(t, redisAt(port), r, func() { r.kill(); newRedis(t, port) })
	})
}

func TestServersThatFreeze(t *testing.T) {
	each(t, func(t *testing.T, target TargetConfig, server stoppable, _ func()) {
		t.Helper()
		h := newHarness(t, target)
		require.Empty(t, h.scan())
		require.Empty(t, h.scan())
		send(t, server, syscall.SIGSTOP)
		t.Cleanup(func() { send(t, server, syscall.SIGCONT) })
		events := h.scan()
		require.Len(t, events, 1)
		require.Contains(t, events[0], "observed critical DATABASE_TIMEOUT: There is no answer on ")
		require.Equal(t, []string{"0 timeout"}, h.metric("databaseprobe.up"))
		send(t, server, syscall.SIGCONT)
		require.Contains(t, strings.Join(h.until(), "\n"), "cleared critical DATABASE_TIMEOUT: There is no answer on ")
	})
}

func TestServersKilledDuringACheck(t *testing.T) {
	each(t, func(t *testing.T, target TargetConfig, server stoppable, again func()) {
		t.Helper()
		h := newHarness(t, target)
		require.Empty(t, h.scan())
		require.Empty(t, h.scan())
		send(t, server, syscall.SIGSTOP)
		// The check waits for an answer by now, or for the connection.
		killer := time.AfterFunc(700*time.Millisecond, func() { send(t, server, syscall.SIGKILL) })
		t.Cleanup(func() { killer.Stop() })
		events := h.scan()
		require.Len(t, events, 1)
		require.Contains(t, events[0], "observed critical DATABASE_CONNECTION_ERROR: There is no connection on ")
		require.Equal(t, []string{"0 refused"}, h.metric("databaseprobe.up"))
		again()
		require.Contains(t, strings.Join(h.until(), "\n"), "cleared critical DATABASE_CONNECTION_ERROR: There is no connection on ")
	})
}

// slowDown has what the probe reads take long, by something else of the same name that is put before it.
func (p *postgresql) slowDown() {
	admin := p.connect("admin")
	for _, statement := range []string{
		"CREATE SCHEMA slow", "GRANT USAGE ON SCHEMA slow TO probe",
		"CREATE VIEW slow.pg_stat_activity AS SELECT a.* FROM pg_catalog.pg_stat_activity a, pg_sleep(10)", "GRANT SELECT ON slow.pg_stat_activity TO probe",
		"ALTER ROLE probe SET search_path = slow, pg_catalog",
	} {
		p.exec(admin, statement)
	}
	p.dropProbe()
}

func (p *postgresql) speedUp() { p.exec(p.connect("admin"), "ALTER ROLE probe RESET search_path") }

// dropProbe has the probe connect anew with its next check.
func (p *postgresql) dropProbe() {
	p.exec(p.connect("admin"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'probe'")
}

func TestPostgreSQLThatCancelsWhatTakesLong(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	require.Empty(t, h.scan())
	p.slowDown()
	require.Equal(t, []string{
		"observed critical DATABASE_TIMEOUT: There is no answer on DB (critical): the statement was cancelled after its time-out (57014, stage query).",
	}, p.place(h.scan()), "within one interval")
	p.speedUp()
	require.Contains(t, strings.Join(p.place(h.until()), "\n"), "cleared critical DATABASE_TIMEOUT: There is no answer on DB: over")
}

func TestServersThatTakeNoFurtherSessionSayItAsLongAsItIsSo(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	for range 8 {
		require.Empty(t, h.scan())
	}
	admin := p.connect("admin")
	p.exec(admin, "ALTER ROLE probe PASSWORD 'another'")
	events := p.place(h.until())
	require.Len(t, events, 1)
	require.Contains(t, events[0], "observed critical DATABASE_CONNECTION_ERROR: There is no connection on DB (critical): the password is wrong (28P01, stage auth).")
	require.NotEmpty(t, h.metric("databaseprobe.connection.usage"), "the open session tells how the server is")
	for range 8 {
		require.Empty(t, h.scan(), "the open session is no sign that there are others")
	}
	p.exec(admin, "ALTER ROLE probe PASSWORD '"+password+"'")
	for range 15 { // As long as it is left alone.
		events = append(events, p.place(h.scan())...)
	}
	require.Contains(t, strings.Join(events, "\n"), "cleared critical DATABASE_CONNECTION_ERROR: There is no connection on DB: over")
}

func TestTransactionsThatWaitForTheirClient(t *testing.T) {
	soon := func(h *harness) {
		s := h.probe.targets[0].signals.idle
		s.Limits = limits(1, 600, .5, 1, 1)
	}
	t.Run("postgresql", func(t *testing.T) {
		p := newPostgreSQL(t)
		h := newHarness(t, p.target("probe"))
		soon(h)
		require.Empty(t, h.scan())
		conn := p.connect("app")
		p.exec(conn, "BEGIN; SELECT 1")
		p.until(p.connect("admin"), "count(*) > 0 FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < clock_timestamp() - interval '1 s'")
		events := p.place(h.scan())
		require.Len(t, events, 1, "within one interval")
		require.Contains(t, events[0], "observed medium DATABASE_TIMEOUT: A transaction waits for its client on DB (medium)")
		p.exec(conn, "ROLLBACK")
		p.awaits(h, "cleared medium DATABASE_TIMEOUT: A transaction waits for its client on DB: over")
	})
	t.Run("mariadb", func(t *testing.T) {
		m := newMariaDB(t, "--default-time-zone=+05:00")
		target := m.target("probe")
		h := newHarness(t, target)
		soon(h)
		require.Empty(t, h.scan())
		socket := "unix(" + m.data + "/s.sock)"
		holder, waiter := m.open("root", "", socket, "shop"), m.open("root", "", socket, "shop")
		for _, statement := range []string{"BEGIN", "UPDATE account SET balance = 1 WHERE id = 1"} {
			_, err := holder.ExecContext(context.Background(), statement)
			require.NoError(t, err)
		}
		waited := make(chan error, 1)
		go func() {
			_, err := waiter.ExecContext(context.Background(), "UPDATE account SET balance = 2 WHERE id = 1")
			waited <- err
		}()
		var events string
		require.Eventually(t, func() bool {
			events += strings.Join(withHost(h.scan(), target.Endpoint), "\n")
			return strings.Contains(events, "A transaction waits for its client on mariadb at HOST (medium)") &&
				strings.Contains(events, "Sessions wait for locks on mariadb at HOST (medium)")
		}, 20*time.Second, 300*time.Millisecond, "InnoDB renews what it tells only if nobody asked for 0.1 s")
		require.NotContains(t, events, "A transaction is long", "times are in the zone of the system")
		require.Regexp(t, `session \d+ \(in a transaction for \d+s\) holds up 1`, h.everything)
		_, err := holder.ExecContext(context.Background(), "ROLLBACK")
		require.NoError(t, err)
		require.NoError(t, <-waited)
	})
}
