package failuredetectorconnector

import (
	"context"
	"slices"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/internal/incident"
)

const (
	// maxOutbox bounds the events that wait to be sent, while what follows refuses them.
	maxOutbox = 10_000
	// maxBatch bounds how many are sent at once.
	maxBatch = 500
)

// outbox has the events that are to be sent, in order.
type outbox struct {
	events []incident.Event
	// dropped counts those for which there was no room: the oldest, since later events of an incident
	// say all that earlier ones do.
	dropped int64
}

func (o *outbox) add(events []incident.Event) {
	o.events = append(o.events, events...)
	o.bound()
}

// putBack takes events that could not be sent back in front of those that came since.
func (o *outbox) putBack(events []incident.Event) {
	o.events = append(slices.Clip(events), o.events...)
	o.bound()
}

func (o *outbox) bound() {
	if over := len(o.events) - maxOutbox; over > 0 {
		o.dropped += int64(over)
		o.events = o.events[over:]
	}
}

// take gives the next events to send.
func (o *outbox) take() []incident.Event {
	n := min(len(o.events), maxBatch)
	events := o.events[:n:n]
	o.events = o.events[n:]
	if len(o.events) == 0 {
		o.events = nil
	}
	return events
}

// deliver sends the events that wait. Where another caller is sending it leaves them to that one, who
// looks again when it is done, so that a batch never waits for two others.
func (c *core) deliver(ctx context.Context) {
	for sent := true; sent && c.waiting() && c.sending.TryLock(); {
		sent = c.drain(ctx)
		c.sending.Unlock()
	}
}

// flush sends the events that wait, after what is being sent.
func (c *core) flush(ctx context.Context) {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.drain(ctx)
}

// drain sends events until none waits, and reports false where one was refused: it is kept for the
// next time. The caller holds the sending lock.
func (c *core) drain(ctx context.Context) bool {
	next := c.logsConsumer()
	for {
		events := c.takeEvents()
		if len(events) == 0 {
			return true
		}
		if next == nil {
			continue // No pipeline wants events.
		}
		err := next.ConsumeLogs(ctx, c.events.write(events, c.catalogue.Load()))
		switch {
		case err == nil:
		case consumererror.IsPermanent(err):
			c.logger.Error("failure events were refused for good", zap.Int("events", len(events)), zap.Error(err))
		default:
			c.logger.Warn("failure events could not be sent; they are sent again", zap.Int("events", len(events)), zap.Error(err))
			c.putBack(events)
			return false
		}
	}
}

func (c *core) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.outbox.events) > 0
}

func (c *core) takeEvents() []incident.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.outbox.take()
}

func (c *core) putBack(events []incident.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.putBack(events)
}

// logsConsumer gives the way out for events: that of any edge in use. The caller holds the sending lock.
func (c *core) logsConsumer() consumer.Logs {
	for _, e := range c.edges {
		if e.logs != nil && !e.stopped {
			return e.logs
		}
	}
	return nil
}
