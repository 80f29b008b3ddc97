package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// Grants that are missed where a question is forbidden.
const (
	grantProcess = "PROCESS"
	// grantReplication is called so by MySQL, and REPLICA MONITOR by MariaDB.
	grantReplication = "REPLICATION CLIENT"
)

// status are the counters of the server that are read.
type status map[string]int64

func (s *session) status(ctx context.Context) (status, error) {
	rows, err := s.conn.QueryContext(ctx, `SHOW GLOBAL STATUS WHERE Variable_name IN
 ('Threads_connected', 'Threads_running', 'Com_commit', 'Com_rollback', 'Innodb_deadlocks', 'Innodb_row_lock_current_waits')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Rows.Err tells.
	found := status{}
	for rows.Next() {
		var name string
		var value int64
		if err := rows.Scan(&name, &value); err != nil {
			return nil, err
		}
		found[name] = value
	}
	return found, rows.Err()
}

// Read asks for all figures.
func (s *session) Read(ctx context.Context) (*check.Figures, error) {
	var usable int64
	if err := s.conn.QueryRowContext(ctx, "SELECT @@max_connections").Scan(&usable); err != nil {
		return nil, err
	}
	counters, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	f := &check.Figures{Connections: counters["Threads_connected"], Usable: usable}
	f.Sessions = []check.Sessions{{State: "active", Count: counters["Threads_running"]}, {State: "idle", Count: f.Connections - counters["Threads_running"]}}
	f.Transactions = &check.Transactions{Commits: counters["Com_commit"], Rollbacks: counters["Com_rollback"]}
	for _, read := range []func(context.Context, status, *check.Figures) error{s.deadlocks, s.running, s.lag} {
		if err := read(ctx, counters, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// deadlocks are in the status of MariaDB, and in a table of InnoDB on MySQL.
func (s *session) deadlocks(ctx context.Context, counters status, f *check.Figures) error {
	if n, counted := counters["Innodb_deadlocks"]; counted {
		f.Transactions.Deadlocks = &n
		return nil
	}
	var n int64
	known, err := s.optional(ctx, f, grantProcess, "SELECT `count` FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'", &n)
	if known {
		f.Transactions.Deadlocks = &n
	}
	return err
}

// running reads the transactions that go on, which wait for their client where no statement of theirs runs.
func (s *session) running(ctx context.Context, counters status, f *check.Figures) error {
	var longest, idle int64
	known, err := s.optional(ctx, f, grantProcess,
		"SELECT coalesce(max(timestampdiff(SECOND, trx_started, now())), 0) FROM information_schema.innodb_trx", &longest)
	if err != nil || !known {
		return err
	}
	f.Running = &check.Running{Longest: seconds(longest), Waiting: counters["Innodb_row_lock_current_waits"]}
	known, err = s.optional(ctx, f, grantProcess, `SELECT coalesce(max(p.time), 0) FROM information_schema.innodb_trx t
 JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.command = 'Sleep'`, &idle)
	if known {
		f.Running.Idle = new(seconds(idle))
	}
	if err != nil || f.Running.Waiting == 0 {
		return err
	}
	return s.blocker(ctx, f)
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

// lag is that of the source that is furthest ahead. What is no replica has no sources, and where one is not
// followed at present the server does not know.
func (s *session) lag(ctx context.Context, _ status, f *check.Figures) error {
	rows, err := s.conn.QueryContext(ctx, "SHOW REPLICA STATUS")
	switch {
	case forbidden(err):
		f.Missing = append(f.Missing, grantReplication)
		return nil
	case hasNumber(err, syntaxError): // An old server.
		return nil
	case err != nil:
		return err
	}
	defer rows.Close() //nolint:errcheck // Rows.Err tells.
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	which := slices.IndexFunc(columns, func(name string) bool { return name == "Seconds_Behind_Source" || name == "Seconds_Behind_Master" })
	fields, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range fields {
		into[i] = &fields[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if which < 0 {
			continue
		}
		if n, err := strconv.ParseInt(string(fields[which]), 10, 64); err == nil && (f.Lag == nil || seconds(n) > *f.Lag) {
			f.Lag = new(seconds(n))
		}
	}
	return rows.Err()
}

// optional reads what may be forbidden, or not be there, and says whether it was read. A grant that is
// missed is noted.
func (s *session) optional(ctx context.Context, f *check.Figures, grant, query string, into ...any) (bool, error) {
	err := s.conn.QueryRowContext(ctx, query).Scan(into...)
	switch {
	case err == nil:
		return true, nil
	case forbidden(err):
		if grant != "" && !slices.Contains(f.Missing, grant) {
			f.Missing = append(f.Missing, grant)
		}
		return false, nil
	case absent(err):
		return false, nil
	default:
		return false, err
	}
}

func seconds(n int64) time.Duration { return time.Duration(max(0, n)) * time.Second }
