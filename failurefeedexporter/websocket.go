package failurefeedexporter

import (
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// socket sends messages over a WebSocket.
type socket struct {
	connection *websocket.Conn
	timeout    time.Duration
}

// overWebSocket serves a client that asked for a WebSocket. What the client sends is not wanted, so a message
// from it ends the stream.
func (f *feed) overWebSocket(ctx context.Context, w http.ResponseWriter, r *http.Request, j *joined) error {
	// The origin is checked already, by the same rules as for every other request.
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return err // Accept has answered.
	}
	// The library's CloseRead waits for itself for long when a client talks, so reading is done here: it answers
	// pings, and notices that the client leaves or talks.
	ctx, cancel := context.WithCancel(ctx)
	silent := make(chan struct{})
	go func() {
		defer close(silent)
		defer cancel()
		_, _, _ = connection.Reader(ctx) // However it ends, the stream does.
	}()
	defer func() {
		_ = connection.CloseNow() // It is closed already where the client agreed to it.
		cancel()
		<-silent
	}()
	err = f.pump(ctx, &socket{connection: connection, timeout: f.config.Stream.WriteTimeout}, j)
	if err == nil {
		// A client that is told why comes back at once. One that does not answer is not waited for long.
		_ = connection.Close(websocket.StatusServiceRestart, "the server shuts down")
	}
	return err
}

func (s *socket) send(ctx context.Context, _, _ string, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	if err := s.connection.Write(ctx, websocket.MessageText, text); err != nil {
		return dueTo(ctx, err)
	}
	return nil
}

func (s *socket) beat(ctx context.Context) error {
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
