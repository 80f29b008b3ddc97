package redis

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// Options say what to check.
type Options struct {
	Host, Port string
	// Username and Password are sent where there is a password.
	Username, Password string
	// TLS is nil where it is not wanted.
	TLS *tls.Config
}

// Server is a Redis server.
type Server struct{ options Options }

// New makes a server, to which nothing is connected yet.
func New(o *Options) *Server { return &Server{options: *o} }

// Connect opens a session: it logs in where there is a password, and says hello in any case, since a server
// that is full says so only then.
func (s *Server) Connect(ctx context.Context, trace *check.Trace) (check.Session, error) {
	conn, err := trace.Connect(ctx, s.options.Host, s.options.Port, s.options.TLS != nil)
	if err != nil {
		return nil, err
	}
	if s.options.TLS != nil {
		secure := tls.Client(conn, s.options.TLS)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		trace.Enter(check.Auth)
		conn = secure
	}
	made := &session{conn: conn, reader: bufio.NewReaderSize(conn, 4<<10)}
	if err := made.login(ctx, &s.options); err != nil {
		made.Close()
		return nil, err
	}
	return made, nil
}

// session is a connection.
type session struct {
	conn   net.Conn
	reader *bufio.Reader
}

func (s *session) login(ctx context.Context, o *Options) error {
	if o.Password != "" {
		words := []string{"AUTH", o.Password}
		if o.Username != "" {
			words = []string{"AUTH", o.Username, o.Password}
		}
		if _, err := s.ask(ctx, words...); err != nil {
			return err
		}
	}
	_, err := s.ask(ctx, "PING")
	return err
}

// Close closes the socket.
func (s *session) Close() { _ = s.conn.Close() }
