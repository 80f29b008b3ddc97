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

const (
	connectTimeout = 3 * time.Second
	queryTimeout   = 2 * time.Second
	// afresh is how many checks a connection serves before another one is tried.
	afresh = 10
)

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

// Client checks one server.
type Client struct {
	config *pgconn.Config
	conn   *pgconn.PgConn
	// complete says that the server shows the sessions of others.
	complete bool
	served   int
}

// New makes a client, which connects with its first check.
func New(o *Options) (*Client, error) {
	// Everything is said, so that nothing comes from the environment or from files of whoever runs it.
	config, err := pgconn.ParseConfig("host=localhost user=nobody password=none dbname=none passfile= servicefile= sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("the defaults of the driver: %w", err)
	}
	config.Host, config.Port = o.Host, o.Port
	config.User, config.Password, config.Database = o.Username, o.Password, o.Database
	config.TLSConfig, config.Fallbacks = o.TLS, nil
	config.ConnectTimeout = connectTimeout
	config.RuntimeParams = map[string]string{"application_name": "failure_detector_probe"}
	config.MaxProtocolMessageBodyLen = 1 << 20
	return &Client{config: config}, nil
}

// Check asks the server how it is.
func (c *Client) Check(ctx context.Context) check.Result {
	var result check.Result
	if c.conn == nil || c.served >= afresh {
		result = c.renew(ctx)
		if c.conn == nil {
			return result
		}
	} else {
		// What is open has passed these.
		for stage := check.DNS; stage < check.Query; stage++ {
			result.Timings[stage].Passed = stage != check.TLS || c.config.TLSConfig != nil
		}
	}
	c.served++
	var trace check.Trace
	trace.Enter(check.Query)
	figures, err := c.read(ctx)
	if err != nil {
		trace.Fail()
		c.Close()
		result.Timings[check.Query] = trace.Timings[check.Query]
		result.Failure = failure(err, check.Query)
		return result
	}
	trace.Pass()
	result.Timings[check.Query], result.Figures = trace.Timings[check.Query], figures
	return result
}

// renew opens a connection. Where that fails the one that there is stays, as long as it works.
func (c *Client) renew(ctx context.Context) check.Result {
	var trace check.Trace
	c.served = 0
	conn, err := c.connect(ctx, &trace)
	if err != nil {
		trace.Fail()
		return check.Result{Timings: trace.Timings, Failure: failure(err, trace.Last)}
	}
	trace.Pass()
	c.Close()
	c.conn, c.complete = conn, false
	return check.Result{Timings: trace.Timings}
}

func (c *Client) connect(ctx context.Context, trace *check.Trace) (*pgconn.PgConn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	config := c.config.Copy()
	config.LookupFunc = trace.Lookup
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		return trace.Dial(ctx, network, address, afterTCP(config.TLSConfig))
	}
	config.AfterNetConnect = func(_ context.Context, _ *pgconn.Config, conn net.Conn) (net.Conn, error) {
		trace.Enter(check.Auth)
		return conn, nil
	}
	return pgconn.ConnectConfig(ctx, config)
}

func afterTCP(config *tls.Config) check.Stage {
	if config == nil {
		return check.Auth
	}
	return check.TLS
}

// Close closes the connection.
func (c *Client) Close() {
	if c.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.conn.Close(ctx) //nolint:errcheck // The server is told if it still listens; the socket is closed in any case.
	c.conn = nil
}
