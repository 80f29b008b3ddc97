package failuredetectorconnector

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// beat is how often time passes for the state, on whole seconds: what a person waits for at most when
// nothing arrives.
const beat = time.Second

// beats is when metrics were sent, and the state was saved. It belongs to what lets time pass.
type beats struct {
	metrics, saved time.Time
}

// now is what time it is.
func (c *core) now() time.Time {
	if c.host != nil {
		return c.host.Now()
	}
	return c.clock.read()
}

// run lets time pass from now on.
func (c *core) run() {
	c.running = true
	if c.host != nil {
		c.host.Follow(c.follow)
		return
	}
	var background context.Context
	background, c.cancel = context.WithCancel(context.Background())
	c.stop, c.done = make(chan struct{}), make(chan struct{})
	go c.loop(background)
}

// patience is how long what is being sent at the end may take. What is broken off is sent again, and
// may have arrived.
const patience = 5 * time.Second

// endLoop ends the loop, after what it is sending.
func (c *core) endLoop(ctx context.Context) {
	close(c.stop)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-c.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	c.cancel()
	<-c.done
}

func (c *core) loop(ctx context.Context) {
	defer close(c.done)
	c.deliver(ctx)
	now := c.now()
	c.beats.metrics, c.beats.saved = now, now
	timer := time.NewTimer(untilBeat(time.Now()))
	defer timer.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-c.files.rules.changes():
			c.reloadRules()
		case <-c.files.mutes.changes():
			c.reloadMutes()
		case err := <-c.files.rules.errors():
			c.logger.Warn("watching rule files failed; they are read again in case a change was missed", zap.Error(err))
		case err := <-c.files.mutes.errors():
			c.logger.Warn("watching the mute file failed; it is read again in case a change was missed", zap.Error(err))
		case <-timer.C:
			c.pass(ctx, c.now())
			timer.Reset(untilBeat(time.Now()))
		}
	}
}

func untilBeat(now time.Time) time.Duration { return now.Truncate(beat).Add(beat).Sub(now) }

// follow lets a second of a host's time pass, as the loop does.
func (c *core) follow(now time.Time) (idle bool) {
	c.pass(context.Background(), now)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Idle()
}

// pass lets time pass up to a moment, and sends and saves what is due by then.
func (c *core) pass(ctx context.Context, now time.Time) {
	c.tick(now)
	c.deliver(ctx)
	if now.Sub(c.beats.metrics) >= c.config.Metrics.Interval {
		c.beats.metrics = now
		c.sendMetrics(ctx, now)
	}
	if now.Sub(c.beats.saved) >= c.config.SaveInterval {
		c.beats.saved = now
		c.store.save(ctx)
	}
}

func (c *core) tick(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.add(c.state.Tick(now))
	c.telemetry.report(&c.state.Stats, &c.outbox)
}
