//go:build servers

package databaseprobereceiver

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

func TestPostgreSQLWithDeadlocks(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	require.Empty(t, h.scan())
	p.deadlock(p.connect("app"), p.connect("app"))
	p.until(p.connect("admin"), "deadlocks > 0 FROM pg_stat_database WHERE datname = 'postgres'")
	require.Equal(t, []string{
		"observed medium TRANSACTION_ROLLBACK: There are deadlocks on DB (medium): 1 within five minutes, the threshold is 1.",
	}, p.place(h.scan()), "within one interval")
	require.Contains(t, over(h, 13), "cleared medium TRANSACTION_ROLLBACK: There are deadlocks on ")
}

// deadlock lets two sessions wait for one another.
func (p *postgresql) deadlock(a, b *pgconn.PgConn) {
	p.exec(a, "BEGIN; UPDATE account SET balance = 1 WHERE id = 1")
	p.exec(b, "BEGIN; UPDATE account SET balance = 1 WHERE id = 2")
	var both sync.WaitGroup
	for conn, id := range map[*pgconn.PgConn]int{a: 2, b: 1} {
		both.Go(func() {
			_, _ = conn.Exec(context.Background(), fmt.Sprintf("UPDATE account SET balance = 1 WHERE id = %d", id)).ReadAll()
		})
	}
	both.Wait()
	// A session tells the statistics when it ends, or much later.
	require.NoError(p.t, a.Close(context.Background()))
	require.NoError(p.t, b.Close(context.Background()))
}

func TestPostgreSQLWithTransactionsThatAreRolledBack(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	require.Empty(t, h.scan())
	failing := p.connect("app")
	for range 30 {
		_, err := failing.Exec(context.Background(), "SELECT 1 / 0").ReadAll()
		require.Error(t, err)
	}
	require.NoError(t, failing.Close(context.Background()))
	p.until(p.connect("admin"), "xact_rollback >= 30 FROM pg_stat_database WHERE datname = 'postgres'")
	events := p.place(h.scan())
	require.Len(t, events, 1, "within one interval")
	require.Regexp(t, `^observed high TRANSACTION_ROLLBACK: Many transactions are rolled back on DB \(high\): .*% of the transactions, `, events[0])
	require.Contains(t, over(h, 13), "cleared high TRANSACTION_ROLLBACK: Many transactions are rolled back on ")
}

func TestMariaDBWithDeadlocks(t *testing.T) {
	m := newMariaDB(t)
	target := m.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	a, b := m.root(), m.root()
	m.exec(a, "BEGIN", "UPDATE account SET balance = 1 WHERE id = 1")
	m.exec(b, "BEGIN", "UPDATE account SET balance = 1 WHERE id = 2")
	var both sync.WaitGroup
	for conn, id := range map[*sql.Conn]int{a: 2, b: 1} {
		both.Go(func() {
			_, _ = conn.ExecContext(context.Background(), fmt.Sprintf("UPDATE account SET balance = 1 WHERE id = %d", id))
		})
	}
	both.Wait()
	require.Equal(t, []string{
		"observed medium TRANSACTION_ROLLBACK: There are deadlocks on mariadb at HOST (medium): 1 within five minutes, the threshold is 1.",
	}, withHost(h.scan(), target.Endpoint), "within one interval")
}

func TestMariaDBWithTransactionsThatAreRolledBack(t *testing.T) {
	m := newMariaDB(t)
	target := m.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	app := m.root()
	for range 30 {
		m.exec(app, "BEGIN", "UPDATE account SET balance = 1 WHERE id = 1", "ROLLBACK")
	}
	require.Equal(t, []string{
		"observed high TRANSACTION_ROLLBACK: Many transactions are rolled back on mariadb at HOST (high): 100.0% of the transactions, the threshold is 20.0%.",
	}, withHost(h.scan(), target.Endpoint), "within one interval")
}

// over gives what some more scans tell.
func over(h *harness, scans int) string {
	h.t.Helper()
	var events []string
	for range scans {
		events = append(events, h.scan()...)
	}
	return strings.Join(events, "\n")
}
