package failurefeedexporter

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"
)

// beat is how often a silent stream is written to, so that a client that is gone is noticed, and that
// proxies between see it live.
const beat = 25 * time.Second

// wire is how messages reach one client: a WebSocket or server-sent events.
type wire interface {
	// send writes messages, and fails where the client does not take them in time.
	send(messages []*message) error
	// beat writes what is no message.
	beat(ctx context.Context) error
}

// serveStream tells a client what happens until it leaves, does not read, or the feed is shut down.
func (f *feed) serveStream(w http.ResponseWriter, r *http.Request, seen scope) {
	if !f.guard.allowsOrigin(r) {
		writeProblem(w, http.StatusForbidden, "pages of this origin may not listen: add it to cors::allowed_origins")
		return
	}
	wanted, values, err := readFilter(r.URL.RawQuery, time.Now(), "last_event_id")
	if err != nil {
		writeProblem(w, http.StatusBadRequest, err.Error())
		return
	}
	wanted.seen = seen
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = values.Get("last_event_id")
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", "text/event-stream")
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	controller := http.NewResponseController(w)
	l, first := f.hub.join(wanted, last, func() {
		cancel()
		_ = controller.SetWriteDeadline(time.Now()) // A WebSocket has taken the connection over, and ends by the context.
	})
	if l == nil {
		w.Header().Set("Retry-After", "5")
		writeProblem(w, http.StatusServiceUnavailable, "as many clients listen as may: stream::clients says how many")
		return
	}
	defer f.hub.leave(l)
	if isWebSocket(r) {
		err = f.overWebSocket(ctx, w, r, l, first)
	} else {
		err = f.overEvents(ctx, w, controller, l, first)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		f.telemetry.countDropped()
	}
}

func isWebSocket(r *http.Request) bool {
	for _, value := range r.Header.Values("Upgrade") {
		if strings.EqualFold(strings.TrimSpace(value), "websocket") {
			return true
		}
	}
	return false
}

// pump writes messages. It gives nil when the feed shuts down.
func (f *feed) pump(ctx context.Context, to wire, l *listener, first []*message) error {
	if len(first) > 0 {
		if err := to.send(first); err != nil {
			return err
		}
	}
	silence := time.NewTimer(beat)
	defer silence.Stop()
	for !f.hub.closing() {
		messages, news := f.hub.next(l)
		if len(messages) > 0 {
			if err := to.send(messages); err != nil {
				return err
			}
			silence.Reset(beat)
			continue
		}
		select {
		case <-news:
		case <-silence.C:
			if err := to.beat(ctx); err != nil {
				return err
			}
			silence.Reset(beat)
		case <-f.hub.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
