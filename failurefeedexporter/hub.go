package failurefeedexporter

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/failure"
)

// kinds name events for those who listen.
var kinds = map[string]string{
	failure.EventOpened:    "failure_detected",
	failure.EventOngoing:   "failure_ongoing",
	failure.EventEscalated: "failure_escalated",
	failure.EventResolved:  "failure_resolved",
	failure.EventRegressed: "failure_regressed",
	failure.EventPredicted: "failure_predicted",
}

// Types of the messages that are about the stream itself.
const (
	kindReady  = "ready"
	kindMissed = "missed"
)

// message is what listeners are told of one event. It is never changed.
type message struct {
	number  uint64
	id      string
	kind    string
	failure *shownFailure
	text    []byte
}

// told is the JSON of a message.
type told struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`
	*shownFailure
}

// notice is the JSON of a message about the stream.
type notice struct {
	Type    string `json:"type"`
	EventID string `json:"event_id"`
	// Count is how many messages were missed; 0 is unknown.
	Count int `json:"count,omitempty"`
}

// hub hands messages to those who listen. It never waits for one of them.
type hub struct {
	clients, queue int
	logger         *zap.Logger
	missed         func()
	// run tells the numbers of this run from those of others.
	run string

	mu        sync.Mutex
	number    uint64
	replay    []*message
	next      int
	listeners map[*listener]struct{}
	closed    bool
	// done is closed when the streams have to end, and leaving counts those that did not yet.
	done    chan struct{}
	leaving sync.WaitGroup
}

func newHub(config *Config, logger *zap.Logger, missed func()) *hub {
	return &hub{
		clients: config.Stream.Clients, queue: config.Stream.Queue, logger: logger, missed: missed,
		run: rand.Text()[:8], replay: make([]*message, config.Stream.Replay),
		listeners: map[*listener]struct{}{}, done: make(chan struct{}),
	}
}

// listener is one client of the stream.
type listener struct {
	filter filter
	queue  chan *message
	// abort ends a write that the client does not take.
	abort func()
	// missed counts what found the queue full; hub.mu guards it. While it is not 0 nothing is queued, so
	// that the client is told of the gap where it is.
	missed int
}

// publish tells all who listen, and gives what they are told, or nil where nobody is told any more.
func (h *hub) publish(name string, f *shownFailure) *message {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	h.number++
	m := &message{number: h.number, id: h.eventID(h.number), kind: kinds[name], failure: f}
	text, err := json.Marshal(told{Type: m.kind, EventID: m.id, shownFailure: f})
	if err != nil {
		h.logger.Error("an event cannot be written as JSON", zap.Error(err))
		return nil
	}
	m.text = text
	h.replay[h.next] = m
	h.next = (h.next + 1) % len(h.replay)
	for l := range h.listeners {
		if l.filter.matchesEver(f) {
			h.offer(l, m)
		}
	}
	return m
}

func (h *hub) offer(l *listener, m *message) {
	if l.missed == 0 {
		select {
		case l.queue <- m:
			return
		default:
		}
	}
	l.missed++
	h.missed()
}

func (h *hub) eventID(number uint64) string { return h.run + "-" + strconv.FormatUint(number, 10) }

// joined is what a client gets first: what it missed as far as that is known, and notices.
type joined struct {
	listener *listener
	backlog  []*message
	notices  []notice
}

// join adds a client, or gives false where there are as many as there may be. last is the id of the last
// event that it saw, or "".
func (h *hub) join(f filter, last string, abort func()) (joined, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= h.clients {
		return joined{}, false
	}
	j := joined{listener: &listener{filter: f, queue: make(chan *message, h.queue), abort: abort}}
	h.listeners[j.listener] = struct{}{}
	h.leaving.Add(1)
	if last != "" {
		j.resume(h, last)
	}
	if len(j.backlog) == 0 {
		j.notices = append(j.notices, notice{Type: kindReady, EventID: h.eventID(h.number)})
	}
	return j, true
}

// resume looks up what came after an event. Where that is not known any more the client is told that it
// missed something, and has to read the failures anew.
func (j *joined) resume(h *hub, last string) {
	run, text, _ := strings.Cut(last, "-")
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil || run != h.run || number > h.number {
		j.notices = append(j.notices, notice{Type: kindMissed, EventID: h.eventID(h.number)})
		return
	}
	if oldest := h.number - min(h.number, uint64(len(h.replay))); number < oldest {
		j.notices = append(j.notices, notice{Type: kindMissed, EventID: h.eventID(oldest), Count: int(min(oldest-number, 1<<31))})
	}
	for i := range h.replay {
		m := h.replay[(h.next+i)%len(h.replay)]
		if m != nil && m.number > number && j.listener.filter.matchesEver(m.failure) {
			j.backlog = append(j.backlog, m)
		}
	}
}

// gap gives the notice of what a client missed, once its queue is empty.
func (h *hub) gap(l *listener) (notice, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.missed == 0 || len(l.queue) > 0 {
		return notice{}, false
	}
	n := notice{Type: kindMissed, EventID: h.eventID(h.number), Count: l.missed}
	l.missed = 0
	return n, true
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	delete(h.listeners, l)
	h.mu.Unlock()
	h.leaving.Done()
}

// closing says whether streams have to end, however much there still is to tell.
func (h *hub) closing() bool {
	select {
	case <-h.done:
		return true
	default:
		return false
	}
}

func (h *hub) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.listeners)
}

// farewell is how long a stream may take to end by itself.
const farewell = time.Second

// close ends all streams and waits until they have ended, or the context has. Those that are held up by
// their client are cut off.
func (h *hub) close(ctx context.Context) error {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
	h.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		h.leaving.Wait()
		close(ended)
	}()
	timer := time.NewTimer(farewell)
	defer timer.Stop()
	select {
	case <-ended:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	h.mu.Lock()
	for l := range h.listeners {
		l.abort()
	}
	h.mu.Unlock()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
