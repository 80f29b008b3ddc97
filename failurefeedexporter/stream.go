package failurefeedexporter

import (
	"context"
	"encoding/json"
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
	// send writes one message, and fails where the client does not take it in time.
	send(ctx context.Context, id, kind string, text []byte) error
	// beat writes what is no message.
	beat(ctx context.Context) error
}

// serveStream tells a client what happens until it leaves, does not read, or the feed is shut down.
func (f *feed) serveStream(w http.ResponseWriter, r *http.Request, seen scope) {
	if !f.guard.allowsOrigin(r) {
		writeProblem(w, http.StatusForbidden, "pages of this origin may not listen: add it to cors::allowed_origins")
		return
	}
	wanted, err := readFilter(r.URL.Query(), time.Now(), "last_event_id")
	if err != nil {
		writeProblem(w, http.StatusBadRequest, err.Error())
		return
	}
	wanted.seen = seen
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("last_event_id")
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", "text/event-stream")
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	controller := http.NewResponseController(w)
	j, ok := f.hub.join(wanted, last, func() {
		cancel()
		_ = controller.SetWriteDeadline(time.Now()) // A WebSocket has taken the connection over, and ends by the context.
	})
	if !ok {
		w.Header().Set("Retry-After", "5")
		writeProblem(w, http.StatusServiceUnavailable, "as many clients listen as may: stream::clients says how many")
		return
	}
	defer f.hub.leave(j.listener)
	if isWebSocket(r) {
		err = f.overWebSocket(ctx, w, r, &j)
	} else {
		err = f.overEvents(ctx, w, controller, &j)
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
func (f *feed) pump(ctx context.Context, to wire, j *joined) error {
	for _, n := range j.notices {
		if err := sendNotice(ctx, to, n); err != nil {
			return err
		}
	}
	for _, m := range j.backlog {
		if f.hub.closing() {
			return nil
		}
		if err := to.send(ctx, m.id, m.kind, m.text); err != nil {
			return err
		}
	}
	j.backlog = nil
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for !f.hub.closing() {
		var err error
		select {
		case m := <-j.listener.queue:
			if err = to.send(ctx, m.id, m.kind, m.text); err == nil {
				err = f.tellGap(ctx, to, j.listener)
			}
		case <-ticker.C:
			err = to.beat(ctx)
		case <-f.hub.done:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *feed) tellGap(ctx context.Context, to wire, l *listener) error {
	n, missed := f.hub.gap(l)
	if !missed {
		return nil
	}
	return sendNotice(ctx, to, n)
}

func sendNotice(ctx context.Context, to wire, n notice) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return to.send(ctx, n.EventID, n.Type, text)
}
