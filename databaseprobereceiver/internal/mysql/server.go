package mysql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"net"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// Options say what to check.
type Options struct {
	Host, Port         string
	Username, Password string
	Database           string
	// TLS is nil where it is not wanted.
	TLS *tls.Config
}

// Server is a MySQL or MariaDB server.
type Server struct{ options Options }

// New makes a server, to which nothing is connected yet.
func New(o *Options) *Server { return &Server{options: *o} }

// silent drops what the driver would print; the errors say the same.
type silent struct{}

// Print drops it.
func (silent) Print(...any) {}

// Connect opens a session.
func (s *Server) Connect(ctx context.Context, trace *check.Trace) (check.Session, error) {
	config := mysql.NewConfig()
	config.User, config.Passwd, config.DBName = s.options.Username, s.options.Password, s.options.Database
	config.Net, config.Addr = "tcp", net.JoinHostPort(s.options.Host, s.options.Port)
	config.Logger, config.CheckConnLiveness = silent{}, false
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return trace.Connect(ctx, s.options.Host, s.options.Port, s.options.TLS != nil)
	}
	if s.options.TLS != nil {
		secure := s.options.TLS.Clone()
		// The driver has no hook between TLS and login; this is called when the certificate has been found good.
		secure.VerifyConnection = func(tls.ConnectionState) error {
			trace.Enter(check.Auth)
			return nil
		}
		config.TLS = secure
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		_ = pool.Close()
		return nil, err
	}
	return &session{pool: pool, conn: conn}, nil
}

// session is a connection, alone in its pool.
type session struct {
	pool *sql.DB
	conn *sql.Conn
}

// Close closes the connection and its pool.
func (s *session) Close() {
	_ = s.conn.Close()
	_ = s.pool.Close()
}

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
	f.Transactions = &check.Transactions{Commits: counters["Com_commit"], Rollbacks: counters["Com_rollback"], Deadlocks: counters["Innodb_deadlocks"]}
	// MariaDB counts deadlocks in its status, MySQL in a table of InnoDB. That and the transactions that go on
	// take the grant PROCESS; without it they are not known, and the rest is.
	if _, counted := counters["Innodb_deadlocks"]; !counted {
		if err := s.optional(ctx, "SELECT `count` FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'", &f.Transactions.Deadlocks); err != nil {
			return nil, err
		}
	}
	age := int64(-1)
	err = s.optional(ctx, "SELECT coalesce(max(timestampdiff(SECOND, trx_started, now())), 0) FROM information_schema.innodb_trx", &age)
	if err == nil && age >= 0 {
		f.Running = &check.Running{Longest: time.Duration(age) * time.Second, Waiting: counters["Innodb_row_lock_current_waits"]}
	}
	return f, err
}

// optional reads a number that may be forbidden, and leaves it as it is then.
func (s *session) optional(ctx context.Context, query string, into *int64) error {
	err := s.conn.QueryRowContext(ctx, query).Scan(into)
	if forbidden(err) {
		return nil
	}
	return err
}
