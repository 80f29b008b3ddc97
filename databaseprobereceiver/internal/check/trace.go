package check

import (
	"context"
	"net"
	"time"
)

// Stage is a part of a check. Each needs those before it.
type Stage uint8

// The stages.
const (
	DNS Stage = iota
	TCP
	TLS
	Auth
	Query
	stages
)

// String gives the name of a stage.
func (s Stage) String() string { return [...]string{"dns", "tcp", "tls", "auth", "query"}[s] }

// Timing is how a stage went. One that was not reached took no time and did not pass.
type Timing struct {
	Reached, Passed bool
	Took            time.Duration
}

// Timings are those of all stages.
type Timings [stages]Timing

// Trace notes how the stages of one check go.
type Trace struct {
	Timings Timings
	// Last is the stage that was entered last.
	Last  Stage
	since time.Time
	open  bool
}

// Enter begins a stage, and what it follows has passed.
func (t *Trace) Enter(s Stage) {
	t.Pass()
	t.Last, t.since, t.open = s, time.Now(), true
}

// Pass ends the stage that is open.
func (t *Trace) Pass() { t.end(true) }

// Fail ends the stage that is open because it failed.
func (t *Trace) Fail() { t.end(false) }

func (t *Trace) end(passed bool) {
	if t.open {
		t.Timings[t.Last] = Timing{Reached: true, Passed: passed, Took: time.Since(t.since)}
		t.open = false
	}
}

// Lookup resolves a name.
func (t *Trace) Lookup(ctx context.Context, host string) ([]string, error) {
	t.Enter(DNS)
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		t.Fail()
	}
	return addresses, err
}

// Dial connects to an address, after which TLS comes where it is wanted, or the server's own protocol.
func (t *Trace) Dial(ctx context.Context, network, address string, encrypted bool) (net.Conn, error) {
	t.Enter(TCP)
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		t.Fail()
		return nil, err
	}
	next := Auth
	if encrypted {
		next = TLS
	}
	t.Enter(next)
	return conn, nil
}

// Discard forgets the stage that is open, where it turns out that there is none.
func (t *Trace) Discard() { t.open = false }

// Connect resolves a name and connects to the first of its addresses that takes the connection, for
// protocols whose driver does not.
func (t *Trace) Connect(ctx context.Context, host, port string, encrypted bool) (net.Conn, error) {
	addresses, err := t.Lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var conn net.Conn
	for _, address := range addresses {
		if conn, err = t.Dial(ctx, "tcp", net.JoinHostPort(address, port), encrypted); err == nil {
			return conn, nil
		}
	}
	return nil, err
}
