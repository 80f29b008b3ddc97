package failurefeedexporter

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// socket sends messages over a WebSocket.
type socket struct {
	connection *websocket.Conn
	wire       net.Conn
	timeout    time.Duration
	// pings counts those of the client since the last beat.
	pings atomic.Int32
}

// maxPings is how many pings of a client are answered between two beats. Nobody needs more than one.
const maxPings = 100

// overWebSocket serves a client that asked for a WebSocket. What the client sends is not wanted, so a message
// from it ends the stream.
func (f *feed) overWebSocket(ctx context.Context, w http.ResponseWriter, r *http.Request, l *listener, first []*message) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &socket{timeout: f.config.Stream.WriteTimeout}
	upgrade := &upgradeWriter{ResponseWriter: w}
	var err error
	s.connection, err = websocket.Accept(upgrade, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // The origin is checked already, by the same rules as for every other request.
		OnPingReceived: func(context.Context, []byte) bool {
			few := s.pings.Add(1) <= maxPings
			if !few {
				cancel()
			}
			return few
		},
	})
	if err != nil {
		return err // Accept has answered.
	}
	s.wire = upgrade.wire
	// The library's CloseRead waits for itself for long when a client talks, so reading is done here: it answers
	// pings, and notices that the client leaves or talks.
	silent := make(chan struct{})
	go func() {
		defer close(silent)
		defer cancel()
		_, _, _ = s.connection.Reader(ctx) // However it ends, the stream does.
	}()
	defer func() {
		_ = s.connection.CloseNow() // It is closed already where the client agreed to it.
		cancel()
		<-silent
	}()
	err = f.pump(ctx, s, l, first)
	if err == nil {
		// A client that is told why comes back at once. One that does not answer is not waited for long.
		_ = s.connection.Close(websocket.StatusServiceRestart, "the server shuts down")
	}
	return err
}

// send writes the frames as they are kept for all clients, in one go. The library writes control frames, each
// of them at once too, so the two do not mix.
func (s *socket) send(messages []*message) error {
	frames := make(net.Buffers, len(messages))
	for i, m := range messages {
		frames[i] = m.frame
	}
	deadline := time.Now().Add(s.timeout)
	if err := s.wire.SetWriteDeadline(deadline); err != nil {
		return err
	}
	if _, err := frames.WriteTo(s.wire); err != nil {
		return err
	}
	return s.wire.SetWriteDeadline(time.Time{})
}

func (s *socket) beat(ctx context.Context) error {
	s.pings.Store(0)
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if err := s.connection.Ping(ctx); err != nil {
		return dueTo(ctx, err)
	}
	return nil
}

// dueTo gives why the context ended where that is why a write failed; the library tells of the closed
// connection alone.
func dueTo(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// newFrame makes a frame of a text as a server sends it (RFC 6455, 5.2): whole, and not masked. The text that it
// gives is that within the frame.
func newFrame(text []byte) (frame, inside []byte) {
	const final, isText = 0x80, 0x1
	frame = make([]byte, 0, len(text)+10)
	frame = append(frame, final|isText)
	switch n := len(text); {
	case n < 126:
		frame = append(frame, byte(n))
	case n <= 0xffff:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	header := len(frame)
	frame = append(frame, text...)
	return frame, frame[header:]
}

// upgradeWriter keeps the connection that a WebSocket takes over, and makes a problem document of what the library
// refuses.
type upgradeWriter struct {
	http.ResponseWriter
	wire   net.Conn
	status int
}

// Hijack is called by the library.
func (u *upgradeWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	wire, buffers, err := http.NewResponseController(u.ResponseWriter).Hijack()
	u.wire = wire
	return wire, buffers, err
}

func (u *upgradeWriter) WriteHeader(status int) {
	if u.status = status; status == http.StatusSwitchingProtocols {
		u.ResponseWriter.WriteHeader(status)
	}
}

func (u *upgradeWriter) Write(text []byte) (int, error) {
	writeProblem(u.ResponseWriter, u.status, string(bytes.TrimSpace(text)))
	return len(text), nil
}
