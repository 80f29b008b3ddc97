package tcp

import (
	"context"
	"crypto/tls"
	"net"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

// Client checks one endpoint.
type Client struct {
	host, port string
	tls        *tls.Config
}

// New makes a client; without a TLS configuration no handshake is tried.
func New(host, port string, config *tls.Config) *Client {
	return &Client{host: host, port: port, tls: config}
}

// Check connects, shakes hands where TLS is wanted, and closes.
func (c *Client) Check(ctx context.Context) check.Result {
	var trace check.Trace
	if err := c.connect(ctx, &trace); err != nil {
		trace.Fail()
		return check.Result{Timings: trace.Timings, Failure: check.Network(err, trace.Last)}
	}
	trace.Pass()
	return check.Result{Timings: trace.Timings}
}

func (c *Client) connect(ctx context.Context, trace *check.Trace) error {
	addresses, err := trace.Lookup(ctx, c.host)
	if err != nil {
		return err
	}
	var conn net.Conn
	for _, address := range addresses {
		if conn, err = trace.Dial(ctx, "tcp", net.JoinHostPort(address, c.port), check.TLS); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // Nothing was written.
	if c.tls == nil {
		trace.Discard()
		return nil
	}
	return tls.Client(conn, c.tls).HandshakeContext(ctx)
}

// Close has nothing to close.
func (*Client) Close() {}
