package postgres

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// maxMessage bounds what one message of a server may take.
const maxMessage = 1 << 20

// Options say what to check.
type Options struct {
	Host     string
	Port     uint16
	Username string
	Password string
	Database string
	// TLS is nil where it is not wanted.
	TLS *tls.Config
}

// Server is a PostgreSQL server.
type Server struct {
	config *pgconn.Config
	// pooler says that it is the admin console of a pooler.
	pooler bool
}

// New makes a server, to which nothing is connected yet.
func New(o *Options) (*Server, error) {
	// Everything is said, so that nothing comes from the environment or from files of whoever runs it.
	config, err := pgconn.ParseConfig("host=localhost user=nobody password=none dbname=none passfile= servicefile= sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("the defaults of the driver: %w", err)
	}
	config.Host, config.Port = o.Host, o.Port
	config.User, config.Password, config.Database = o.Username, o.Password, o.Database
	config.TLSConfig, config.Fallbacks = o.TLS, nil
	config.RuntimeParams = map[string]string{"application_name": "failure_detector_probe"}
	config.MaxProtocolMessageBodyLen = maxMessage
	return &Server{config: config}, nil
}

// checking marks the context of a check. The driver also connects to cancel what it has given up, in the
// background and with a context of its own, when the check may be over.
type checking struct{}

// Connect opens a session.
func (s *Server) Connect(ctx context.Context, trace *check.Trace) (check.Session, error) {
	config := s.config.Copy()
	config.LookupFunc = trace.Lookup
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if ctx.Value(checking{}) == nil {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, address)
		}
		return trace.Dial(ctx, network, address, config.TLSConfig != nil)
	}
	config.AfterNetConnect = func(ctx context.Context, _ *pgconn.Config, conn net.Conn) (net.Conn, error) {
		// The driver leaves the handshake to the first write, which would make it part of the next stage.
		if secure, encrypted := conn.(*tls.Conn); encrypted {
			if err := secure.HandshakeContext(ctx); err != nil {
				return conn, err // The driver closes what it is given, even with an error.
			}
		}
		trace.Enter(check.Auth)
		return conn, nil
	}
	conn, err := pgconn.ConnectConfig(context.WithValue(ctx, checking{}, true), config)
	if err != nil {
		return nil, err
	}
	if s.pooler {
		return &console{session{conn}}, nil
	}
	return &session{conn}, nil
}

// session is a connection.
type session struct{ conn *pgconn.PgConn }

// Close tells the server, if it still listens, and closes the socket in any case.
func (s *session) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.conn.Close(ctx)
}
