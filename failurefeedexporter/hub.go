package failurefeedexporter

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// hub hands messages to those who listen. Whoever publishes neither waits for a client nor pays for the number
// of them: a message is written once, into a ring, from which each client takes what it has not had.
type hub struct {
	clients int
	logger  *zap.Logger
	missed  func(n int64)
	// run tells the numbers of this run from those of others.
	run  string
	ring *ring

	// written is told that there is something new, and news, a chan struct{}, is closed when clients are to look.
	written chan struct{}
	news    atomic.Value

	// publishing guards the number of the next message.
	publishing sync.Mutex
	number     uint64

	mu        sync.Mutex
	listeners map[*listener]struct{}
	closed    bool
	// done is closed when the streams have to end, and leaving counts those that did not yet.
	done    chan struct{}
	leaving sync.WaitGroup
}

func newHub(config *Config, logger *zap.Logger, missed func(n int64)) *hub {
	h := &hub{
		clients: config.Stream.Clients, logger: logger, missed: missed, run: rand.Text()[:8],
		ring: newRing(config.Stream.Replay), written: make(chan struct{}, 1),
		listeners: map[*listener]struct{}{}, done: make(chan struct{}),
	}
	h.renew()
	return h
}

// listener is one client of the stream.
type listener struct {
	filter filter
	// abort ends a write that the client does not take.
	abort func()
	// at is the number of the last message that the client had, or that is lost to it.
	at uint64
}

// publish tells all who listen, and gives what they are told, or nil where it cannot be written.
func (h *hub) publish(name string, f *shownFailure) *message {
	h.publishing.Lock()
	defer h.publishing.Unlock()
	m, err := newMessage(kinds[name], h.eventID(h.number+1), f)
	if err != nil {
		h.logger.Error("an event cannot be written as JSON", zap.Error(err))
		return nil
	}
	h.number++
	m.number = h.number
	h.ring.add(m)
	select {
	case h.written <- struct{}{}:
	default: // It is going to look already.
	}
	return m
}

// wake lets clients look for what is new, until the streams have to end. To wake a thousand takes a while,
// which is not the pipeline's.
func (h *hub) wake() {
	for {
		select {
		case <-h.written:
			close(h.renew())
		case <-h.done:
			return
		}
	}
}

// renew gives the channel for which clients waited up to now.
func (h *hub) renew() chan struct{} {
	before, _ := h.news.Swap(make(chan struct{})).(chan struct{})
	return before
}

// next gives what a client has not had, or nothing and a channel that is closed when it should look again.
func (h *hub) next(l *listener) ([]*message, <-chan struct{}) {
	news := h.news.Load().(chan struct{}) // Before looking, so that what comes after is not slept through.
	b := h.ring.after(l.at, &l.filter)
	l.at = b.upTo
	if b.lost == 0 {
		return b.messages, news
	}
	h.missed(int64(b.lost))
	told := notice{Type: kindMissed, EventID: h.eventID(l.at)}
	if l.filter.all() {
		told.Count = b.lost
	}
	if len(b.messages) > 0 {
		told.EventID = h.eventID(b.messages[0].number - 1)
	}
	return append([]*message{told.message()}, b.messages...), news
}

func (h *hub) eventID(number uint64) string { return h.run + "-" + strconv.FormatUint(number, 10) }

// join adds a client, or gives nil where there are as many as there may be. last is the id of the last event
// that it saw, or "". The messages are what it has to be told first.
func (h *hub) join(wanted filter, last string, abort func()) (*listener, []*message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= h.clients {
		return nil, nil
	}
	l := &listener{filter: wanted, abort: abort, at: h.ring.newest.Load()}
	h.listeners[l] = struct{}{}
	h.leaving.Add(1)
	var first []*message
	if last != "" {
		if seen, known := h.seen(last, l.at); known {
			l.at = seen
		} else {
			// It is not known any more what came after: the client has to read the failures anew.
			first = append(first, notice{Type: kindMissed, EventID: h.eventID(l.at)}.message())
		}
	}
	if l.at == h.ring.newest.Load() {
		first = append(first, notice{Type: kindReady, EventID: h.eventID(l.at)}.message())
	}
	return l, first
}

// seen gives the number of an event that this run told.
func (h *hub) seen(id string, newest uint64) (uint64, bool) {
	run, text, _ := strings.Cut(id, "-")
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil && run == h.run && number <= newest
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	delete(h.listeners, l)
	h.mu.Unlock()
	if gone := h.ring.oldest.Load() - 1; gone > l.at {
		h.missed(int64(gone - l.at))
	}
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
