//go:build servers

package databaseprobereceiver

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// gate is before a server. Once it is shut it takes connections and says nothing, and those that there were are gone.
type gate struct {
	endpoint string
	mu       sync.Mutex
	shut     bool
	open     []net.Conn
}

func newGate(t *testing.T, server string) *gate {
	t.Helper()
	g := new(gate)
	g.endpoint = serving(t, func(client net.Conn) {
		backend, err := new(net.Dialer).DialContext(context.Background(), "tcp", server)
		if err != nil {
			return
		}
		defer backend.Close() //nolint:errcheck // The server may have gone.
		if !g.pass(client, backend) {
			_, _ = io.Copy(io.Discard, client)
			return
		}
		go func() { _, _ = io.Copy(backend, client); _ = backend.Close() }()
		_, _ = io.Copy(client, backend)
	})
	return g
}

func (g *gate) pass(conns ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut {
		g.open = append(g.open, conns...)
	}
	return !g.shut
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
	for _, conn := range g.open {
		_ = conn.Close()
	}
}

func (g *gate) reopen() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = false
}
