package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// within begins a transaction that writes nothing and waits for nothing for long: the server's time-out comes
// before that of the probe, so that nothing goes on for a probe that has left. It is one message with
// what is read, so that a pooler gives it one server.
const within = `BEGIN READ ONLY; SET LOCAL statement_timeout = 1500; SET LOCAL lock_timeout = 500; `

// sessions counts who is connected, and tells how old their transactions are. Of sessions of others a user
// without grants sees neither kind nor state nor times.
const sessions = `SELECT
 pg_has_role('pg_read_all_stats', 'usage'),
 (SELECT sum(numbackends) FROM pg_stat_database),
 count(*) FILTER (WHERE backend_type = 'client backend'),
 current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int,
 count(*) FILTER (WHERE backend_type = 'client backend' AND state = 'active'),
 count(*) FILTER (WHERE backend_type = 'client backend' AND state = 'idle'),
 count(*) FILTER (WHERE backend_type = 'client backend' AND state LIKE 'idle in transaction%'),
 coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)
  FILTER (WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid())), 0),
 coalesce(extract(epoch FROM max(clock_timestamp() - state_change) FILTER (WHERE state LIKE 'idle in transaction%')), 0),
 count(*) FILTER (WHERE wait_event_type = 'Lock')
 FROM pg_stat_activity; `

// totals are what the database counted, how far a replica is behind, and whether it receives. A replica that has
// replayed all that it received is not behind, however old that is, as long as it still receives. What is no
// replica has no lag; one that is fed from an archive alone has no source to receive from, nor has one whose
// settings are hidden from the user.
const totals = `SELECT xact_commit, xact_rollback, deadlocks,
 CASE WHEN NOT pg_is_in_recovery() THEN NULL
  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) THEN 0
  ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END,
 CASE WHEN pg_is_in_recovery() AND EXISTS (SELECT FROM pg_settings WHERE name = 'primary_conninfo' AND setting <> '')
  THEN EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) END
 FROM pg_stat_database WHERE datname = current_database(); `

// oldest is the database that has the oldest id of a transaction or of a multixact: once 2^31 have been given since,
// there are no more.
const oldest = `SELECT age(datfrozenxid), mxid_age(datminmxid), datname FROM pg_database
 ORDER BY greatest(age(datfrozenxid), mxid_age(datminmxid)) DESC LIMIT 1; `

// allIDs is how many ids there are.
const allIDs = 1 << 31

// waits says how long the session has waited for a lock that has waited longest. The server tells since 14 when a
// wait began; before, it is not longer than the statement.
const waits = `SELECT coalesce(extract(epoch FROM max(clock_timestamp()
  - CASE WHEN to_jsonb(l) ? 'waitstart' THEN (to_jsonb(l) ->> 'waitstart')::timestamptz ELSE w.query_start END)), 0)
 FROM pg_locks l JOIN pg_stat_activity w ON w.pid = l.pid WHERE NOT l.granted; `

// blocker is the session that most others wait for.
const blocker = `SELECT b.pid, coalesce(b.state, 'unknown'), coalesce(extract(epoch FROM clock_timestamp() - b.xact_start), 0), count(*)
 FROM pg_stat_activity w JOIN pg_stat_activity b ON b.pid = ANY(pg_blocking_pids(w.pid))
 WHERE w.wait_event_type = 'Lock' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3 DESC LIMIT 1; `

const end = `COMMIT`

// Read asks for all figures.
func (s *session) Read(ctx context.Context) (*check.Figures, error) {
	rows, err := s.ask(ctx, sessions+totals+oldest)
	if err != nil {
		return nil, err
	}
	if len(rows) != 3 {
		return nil, fmt.Errorf("the server gave %d answers to 3 questions", len(rows))
	}
	f, r := new(check.Figures), record{row: rows[0]}
	f.Connections, f.Usable = r.whole(1), r.whole(3)
	if r.text(0) != "t" {
		f.Missing = []string{"pg_monitor"}
	} else {
		f.Connections = r.whole(2)
		f.Sessions = []check.Sessions{{State: "active", Count: r.whole(4)}, {State: "idle", Count: r.whole(5)}, {State: "idle in transaction", Count: r.whole(6)}}
		f.Running = &check.Running{Longest: r.seconds(7), Idle: new(r.seconds(8)), Waiting: r.whole(9)}
	}
	t := record{row: rows[1]}
	f.Transactions = &check.Transactions{Commits: t.whole(0), Rollbacks: t.whole(1), Deadlocks: new(t.whole(2))}
	if t.text(3) != "" {
		f.Lag = new(t.seconds(3))
	}
	f.Replica = receiving(t.text(4))
	o := record{row: rows[2]}
	f.Wraparound = &check.Wraparound{
		Share: max(o.number(0), o.number(1)) / allIDs,
		Text:  fmt.Sprintf("database %q: %d ids of transactions and %d of multixacts since its oldest", o.text(2), o.whole(0), o.whole(1)),
	}
	if err := errors.Join(r.err, t.err, o.err); err != nil {
		return nil, err
	}
	if f.Running != nil && f.Running.Waiting > 0 {
		err = s.waits(ctx, f.Running)
	}
	return f, err
}

// receiving tells of a replica whether it receives; of what is none there is nothing to tell.
func receiving(answer string) *check.Replica {
	switch answer {
	case "t":
		return new(check.Replica)
	case "f":
		return &check.Replica{State: check.Parted, Text: "it has no connection to its source"}
	default:
		return nil
	}
}

// waits asks how long sessions have waited for locks, and who holds them up.
func (s *session) waits(ctx context.Context, running *check.Running) error {
	rows, err := s.ask(ctx, waits+blocker)
	if err != nil || len(rows) == 0 {
		return err
	}
	r := record{row: rows[0]}
	running.LongestWait = r.seconds(0)
	if len(rows) > 1 {
		b := record{row: rows[1]}
		running.Blocker = fmt.Sprintf("session %d (%s, for %s) holds up %d", b.whole(0), b.text(1), b.seconds(2).Round(time.Second), b.whole(3))
		r.err = errors.Join(r.err, b.err)
	}
	return r.err
}

// ask gives the first row of each answer that has any.
func (s *session) ask(ctx context.Context, questions string) ([][][]byte, error) {
	results, err := s.conn.Exec(ctx, within+questions+end).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows [][][]byte
	for _, result := range results {
		if result.Err != nil {
			return nil, result.Err
		}
		if len(result.Rows) > 0 {
			rows = append(rows, result.Rows[0])
		}
	}
	return rows, nil
}

// record reads the fields of a row, and keeps the first fault.
type record struct {
	row [][]byte
	err error
}

func (r *record) text(i int) string {
	if i >= len(r.row) {
		r.err = errors.Join(r.err, fmt.Errorf("field %d is missing", i))
		return ""
	}
	return string(r.row[i])
}

func (r *record) number(i int) float64 {
	v, err := strconv.ParseFloat(r.text(i), 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("field %d is no number: %w", i, err)
	}
	return v
}

func (r *record) whole(i int) int64 { return int64(r.number(i)) }

func (r *record) seconds(i int) time.Duration {
	return time.Duration(max(0, r.number(i)) * float64(time.Second))
}
