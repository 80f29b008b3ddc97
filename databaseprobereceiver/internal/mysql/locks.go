package mysql

import (
	"context"
	"fmt"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// running reads the transactions that go on, which wait for their client where no statement of theirs runs.
func (s *session) running(ctx context.Context, f *check.Figures) error {
	var longest, wait, idle int64
	var running check.Running
	known, err := s.optional(ctx, f, grantProcess, `SELECT coalesce(max(timestampdiff(SECOND, trx_started, now())), 0),
 coalesce(max(timestampdiff(SECOND, trx_wait_started, now())), 0), count(trx_wait_started)
 FROM information_schema.innodb_trx`, &longest, &wait, &running.Waiting)
	if err != nil || !known {
		return err
	}
	running.Longest, running.LongestWait = seconds(longest), seconds(wait)
	f.Running = &running
	known, err = s.optional(ctx, f, grantProcess, `SELECT coalesce(max(p.time), 0) FROM information_schema.innodb_trx t
 JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.command = 'Sleep'`, &idle)
	if known {
		running.Idle = new(seconds(idle))
	}
	if err != nil {
		return err
	}
	if running.Waiting > 0 {
		if err := s.blocker(ctx, f); err != nil {
			return err
		}
	}
	return s.tables(ctx, f)
}

// tables adds the sessions that wait for a table as a whole, as for one that is being altered. Of them the server
// tells the age of the statement, which begins with that wait.
func (s *session) tables(ctx context.Context, f *check.Figures) error {
	var count, wait int64
	_, err := s.optional(ctx, f, grantProcess,
		"SELECT count(*), coalesce(max(time), 0) FROM information_schema.processlist WHERE state LIKE 'Waiting for % lock'", &count, &wait)
	f.Running.Waiting += count
	f.Running.LongestWait = max(f.Running.LongestWait, seconds(wait))
	return err
}

// blocker finds the session that most others wait for. MariaDB tells in one table, MySQL in another.
func (s *session) blocker(ctx context.Context, f *check.Figures) error {
	for _, waits := range []string{
		"information_schema.innodb_lock_waits w ON w.blocking_trx_id = t.trx_id",
		"performance_schema.data_lock_waits w ON w.blocking_engine_transaction_id = t.trx_id",
	} {
		var id, age, count int64
		known, err := s.optional(ctx, f, "", `SELECT t.trx_mysql_thread_id, max(timestampdiff(SECOND, t.trx_started, now())), count(*)
 FROM information_schema.innodb_trx t JOIN `+waits+" GROUP BY 1 ORDER BY 3 DESC, 2 DESC LIMIT 1", &id, &age, &count)
		if err != nil {
			return err
		}
		if known {
			f.Running.Blocker = fmt.Sprintf("session %d (in a transaction for %s) holds up %d", id, seconds(age), count)
			return nil
		}
	}
	return nil
}
