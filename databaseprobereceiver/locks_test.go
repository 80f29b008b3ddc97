//go:build servers

package databaseprobereceiver

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneWait wants a wait for a lock to be told by the first scan after it has lasted for as long as is too long, and not
// before, and to be over after it.
func oneWait(t *testing.T, h *harness, endpoint string, tooLong, end func()) {
	t.Helper()
	require.Empty(t, h.scan(), "a wait that has just begun is nothing")
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.session.waiting"))
	tooLong()
	events := withHost(h.scan(), endpoint)
	require.Len(t, events, 1)
	require.Regexp(t, `^observed medium DATABASE_TIMEOUT: Sessions wait for locks on .*HOST \(medium\): \d+(\.\d+)? s so far, the threshold is 5 s\.$`, events[0])
	require.Contains(t, h.everything, "1 sessions wait for a lock")
	end()
	require.Empty(t, h.scan())
	events = withHost(h.scan(), endpoint)
	require.Len(t, events, 1)
	require.Contains(t, events[0], "cleared medium DATABASE_TIMEOUT: Sessions wait for locks on ")
}

func TestPostgreSQLWithSessionsThatWaitForLocks(t *testing.T) {
	p := newPostgreSQL(t)
	target := p.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	admin, holder, waiter := p.connect("admin"), p.connect("app"), p.connect("app")
	p.exec(holder, "BEGIN; UPDATE account SET balance = 0 WHERE id = 1")
	var wait sync.WaitGroup
	wait.Go(func() { p.exec(waiter, "UPDATE account SET balance = 1 WHERE id = 1") })
	p.until(admin, "count(*) > 0 FROM pg_locks WHERE waitstart IS NOT NULL")
	oneWait(t, h, target.Endpoint, func() {
		p.until(admin, "count(*) > 0 FROM pg_locks WHERE waitstart < clock_timestamp() - interval '5 s'")
	}, func() {
		p.exec(holder, "COMMIT")
		wait.Wait()
	})
	require.Regexp(t, `session \d+ \(idle in transaction, for \d+s\) holds up 1`, h.everything)
}

func TestPostgreSQLWithAStatementThatIsOldAndAWaitThatIsNot(t *testing.T) {
	p := newPostgreSQL(t)
	h := newHarness(t, p.target("probe"))
	require.Empty(t, h.scan())
	admin, holder, waiter := p.connect("admin"), p.connect("app"), p.connect("app")
	p.exec(holder, "BEGIN; UPDATE account SET balance = 0 WHERE id = 1")
	var wait sync.WaitGroup
	wait.Go(func() {
		p.exec(waiter, "DO $$ BEGIN PERFORM pg_sleep(6); UPDATE account SET balance = 1 WHERE id = 1; END $$")
	})
	p.until(admin, "count(*) > 0 FROM pg_locks WHERE waitstart IS NOT NULL")
	require.Empty(t, h.scan(), "it is the wait that counts")
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.session.waiting"))
	p.exec(holder, "COMMIT")
	wait.Wait()
}

func TestMariaDBWithSessionsThatWaitForLocks(t *testing.T) {
	for name, tc := range map[string]struct{ holder, waiter, waits, since string }{
		"of rows": {
			"UPDATE account SET balance = 0 WHERE id = 1", "UPDATE account SET balance = 1 WHERE id = 1",
			"count(trx_wait_started) > 0 FROM information_schema.innodb_trx",
			"max(timestampdiff(SECOND, trx_wait_started, now())) >= 5 FROM information_schema.innodb_trx",
		},
		"of tables": {
			"SELECT * FROM account", "ALTER TABLE account ADD COLUMN note int",
			"count(*) > 0 FROM information_schema.processlist WHERE state LIKE '%metadata lock'",
			"max(time) >= 5 FROM information_schema.processlist WHERE state LIKE '%metadata lock'",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMariaDB(t)
			target := m.target("probe")
			h := newHarness(t, target)
			require.Empty(t, h.scan())
			admin, holder, waiter := m.root(), m.root(), m.root()
			m.exec(holder, "BEGIN", tc.holder)
			waited := make(chan error, 1)
			go func() {
				_, err := waiter.ExecContext(context.Background(), tc.waiter)
				waited <- err
			}()
			m.until(admin, tc.waits)
			oneWait(t, h, target.Endpoint, func() { m.until(admin, tc.since) }, func() {
				m.exec(holder, "COMMIT")
				require.NoError(t, <-waited)
				m.until(admin, "count(trx_wait_started) = 0 FROM information_schema.innodb_trx")
			})
		})
	}
}
