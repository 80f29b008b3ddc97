package mysql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"net"

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
	made := &session{pool: pool, conn: conn}
	if err := made.prepare(ctx); err != nil {
		made.Close()
		return nil, err
	}
	return made, nil
}

// session is a connection, alone in its pool.
type session struct {
	pool *sql.DB
	conn *sql.Conn
}

// prepare lets the session write nothing and ask nothing for long: the server's time-out comes before that
// of the probe, so that nothing goes on for a probe that has left. InnoDB tells times in the zone of the
// system, whatever that of the server is.
func (s *session) prepare(ctx context.Context) error {
	for _, setting := range []string{
		"SET SESSION TRANSACTION READ ONLY", "SET SESSION time_zone = 'SYSTEM'",
		"SET SESSION max_statement_time = 1.5", "SET SESSION max_execution_time = 1500", // MariaDB has the one, MySQL the other.
	} {
		if _, err := s.conn.ExecContext(ctx, setting); err != nil && !hasNumber(err, unknownVariable) {
			return err
		}
	}
	return nil
}

// Close closes the connection and its pool.
func (s *session) Close() {
	_ = s.conn.Close()
	_ = s.pool.Close()
}
