package mysql

import (
	"context"
	"slices"
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
 ('Threads_connected', 'Threads_running', 'Com_commit', 'Com_rollback', 'Innodb_deadlocks')`)
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
	if err := s.deadlocks(ctx, counters, f); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context, *check.Figures) error{s.running, s.replica} {
		if err := read(ctx, f); err != nil {
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
