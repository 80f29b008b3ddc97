package failurefeedexporter

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"time"
)

// eventStream sends messages as server-sent events. JSON has no line breaks, so a message is one line.
type eventStream struct {
	writer     http.ResponseWriter
	controller *http.ResponseController
	timeout    time.Duration
}

// overEvents serves a client as server-sent events. They outlive the write deadline of the server, since
// each write has its own.
func (f *feed) overEvents(ctx context.Context, w http.ResponseWriter, controller *http.ResponseController, l *listener, first []*message) error {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back.
	s := &eventStream{writer: w, controller: controller, timeout: f.config.Stream.WriteTimeout}
	return f.pump(ctx, s, l, first)
}

func (s *eventStream) send(messages []*message) error {
	var events bytes.Buffer
	for _, m := range messages {
		for _, part := range []string{"id: ", m.id, "\nevent: ", m.kind, "\ndata: "} {
			events.WriteString(part)
		}
		events.Write(m.text)
		events.WriteString("\n\n")
	}
	return s.write(events.Bytes())
}

func (s *eventStream) beat(context.Context) error { return s.write([]byte(": beat\n\n")) }

// write gives a deadline that passed as such itself, since the writers between do not all hand errors on.
func (s *eventStream) write(content []byte) error {
	deadline := time.Now().Add(s.timeout)
	if err := s.controller.SetWriteDeadline(deadline); err != nil {
		return err
	}
	_, err := s.writer.Write(content)
	if err == nil {
		err = s.controller.Flush()
	}
	if !time.Now().Before(deadline) {
		return os.ErrDeadlineExceeded
	}
	return err
}
