package failurefeedexporter

import (
	"net"
	"net/http"
	"sync"
)

const (
	// spareConnections is how many there may be beside those of the streams. A collector that runs out of file
	// descriptors can receive nothing any more.
	spareConnections = 512
	// maxHeaderBytes bounds what each of them may send before it is known who it is.
	maxHeaderBytes = 32 << 10
)

// connections bounds how many connections are open at once. It stands before TLS and authentication, so that
// strangers cannot use up what the collector needs.
type connections struct {
	most int

	mu   sync.Mutex
	open map[net.Conn]struct{}
}

func newConnections(config *Config) *connections {
	return &connections{most: config.Stream.Clients + spareConnections, open: map[net.Conn]struct{}{}}
}

// watch is told by the server what becomes of each connection. A WebSocket, which leaves the server, is one of the
// clients that the stream counts.
func (c *connections) watch(connection net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if !c.add(connection) {
			_ = connection.Close() // There is nobody to tell.
		}
	case http.StateHijacked, http.StateClosed:
		c.mu.Lock()
		delete(c.open, connection)
		c.mu.Unlock()
	}
}

func (c *connections) add(connection net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) >= c.most {
		return false
	}
	c.open[connection] = struct{}{}
	return true
}
