package tcp

import (
	"context"
	"crypto/tls"

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
func (c *Client) Check(ctx context.Context, _ bool) check.Result {
	var trace check.Trace
	if err := c.connect(ctx, &trace); err != nil {
		trace.Fail()
		return check.Result{Timings: trace.Timings, Failure: check.Network(err, trace.Last)}
	}
	trace.Pass()
	return check.Result{Timings: trace.Timings}
}

func (c *Client) connect(ctx context.Context, trace *check.Trace) error {
	conn, err := trace.Connect(ctx, c.host, c.port, c.tls != nil)
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
