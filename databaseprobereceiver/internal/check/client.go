package check

import (
	"context"
	"time"
)

const (
	connectTimeout = 3 * time.Second
	queryTimeout   = 2 * time.Second
	// afresh is how many checks a connection serves before another one is tried.
	afresh = 10
)

// Server is a kind of server.
type Server interface {
	// Connect opens a session, and tells the trace of every stage it enters.
	Connect(ctx context.Context, trace *Trace) (Session, error)
	// Failure tells what an error of this kind of server means.
	Failure(err error, stage Stage) *Failure
}

// Session is a connection to a server.
type Session interface {
	// Read asks the server how it is.
	Read(ctx context.Context) (*Figures, error)
	Close()
}

// Client checks one server. It keeps one session, over which a server that takes no further ones still tells
// how full it is, and opens another every tenth check to see whether it does.
type Client struct {
	server  Server
	session Session
	served  int
	// through are the timings that say that what is open has come through, without how long it took.
	through Timings
	// refused is why there is no new session, and where that ended, until there is one.
	refused Result
}

// NewClient makes a client, which connects with its first check.
func NewClient(server Server) *Client { return &Client{server: server} }

// Check asks the server how it is. Where it may not log in, as after a wrong password, it asks by the session
// that there is, and what kept it from opening another still holds.
func (c *Client) Check(ctx context.Context, login bool) Result {
	result := Result{Timings: c.through}
	switch {
	case c.session != nil && c.served < afresh:
	case login:
		result = c.renew(ctx)
	default:
		result = c.refused
	}
	if c.session == nil {
		return result
	}
	c.served++
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	var trace Trace
	trace.Enter(Query)
	figures, err := c.session.Read(ctx)
	if err != nil {
		trace.Fail()
		c.Close()
		result.Timings[Query] = trace.Timings[Query]
		result.Failure = c.server.Failure(err, Query)
		return result
	}
	trace.Pass()
	result.Timings[Query], result.Figures = trace.Timings[Query], figures
	result.Failure = turnedAway(result.Failure, figures)
	return result
}

// turnedAway tells why a server closed a connection before anything was said: one that is full has no words for a
// client that wants TLS, and the session that is open says that it is.
func turnedAway(f *Failure, figures *Figures) *Failure {
	if f == nil || f.Code != codeClosed || figures.Usable == 0 || figures.Connections < figures.Usable {
		return f
	}
	full := *f
	full.Class, full.Text = Exhausted, "the server is full and closed the connection"
	return &full
}

// renew opens a session. Where that fails the one that there is stays, as long as it works, and the next check
// tries again: that no session is to be had is over only when one was had.
func (c *Client) renew(ctx context.Context) Result {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	var trace Trace
	session, err := c.server.Connect(ctx, &trace)
	if err != nil {
		trace.Fail()
		c.refused = Result{Timings: trace.Timings, Failure: c.server.Failure(err, trace.Last)}
		return c.refused
	}
	trace.Pass()
	c.Close()
	c.session, c.served, c.through = session, 0, trace.Timings
	for stage := range c.through {
		c.through[stage].Reached = false
	}
	return Result{Timings: trace.Timings}
}

// Close closes the session.
func (c *Client) Close() {
	if c.session != nil {
		c.session.Close()
		c.session = nil
	}
}
