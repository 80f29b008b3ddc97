package failuredetectorconnector

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/internal/virtualtime"
)

// core is what the edges of one component share: the state, and what goes on beside the records.
type core struct {
	config    *Config
	settings  connector.Settings
	logger    *zap.Logger
	telemetry *telemetry
	resources resourceReader
	readers   sync.Pool
	// cascades says that spans are looked at; it is set before the first arrives.
	cascades bool
	// novelty says that errors without a rule are looked at.
	novelty bool

	// life guards what follows: which edges there are and how far they are.
	life      sync.Mutex
	edges     []*edge
	started   int
	left      int
	openError error
	running   bool
	// stop ends the loop, cancel breaks off what it is sending, and done says that it has ended.
	stop, done chan struct{}
	cancel     context.CancelFunc
	files      *files
	store      *store
	// host keeps the time, or is nil where the clock on the wall does. It is set before the first record.
	host  virtualtime.Host
	clock *clock

	catalogue atomic.Pointer[catalogue]

	// mu guards the state and what is to be sent. It is held briefly, and never while sending.
	mu     sync.Mutex
	state  *incident.State
	outbox outbox

	// sending is held while something is sent, so that events keep their order and nothing is sent
	// by an edge that has stopped.
	sending sync.Mutex
	metrics *metricsWriter
	events  eventWriter

	beats beats
}

func newCore(config *Config, set connector.Settings) (*core, error) {
	t, err := newTelemetry(set)
	if err != nil {
		return nil, err
	}
	c := &core{
		config:    config,
		settings:  set,
		logger:    set.Logger,
		clock:     newClock(),
		telemetry: t,
		resources: resourceReader{groupBy: config.GroupBy, carry: config.Carry},
	}
	c.readers.New = func() any { return new(reader) }
	return c, nil
}

func (c *core) add(e *edge) {
	c.life.Lock()
	defer c.life.Unlock()
	c.edges = append(c.edges, e)
}

// start counts the edges that start. The Collector starts what is downstream first, so when the last
// edge starts everything can be sent.
func (c *core) start(ctx context.Context, host component.Host) error {
	c.life.Lock()
	defer c.life.Unlock()
	c.started++
	if c.started == 1 {
		c.openError = c.open(ctx, host)
	}
	if c.openError != nil {
		return c.openError
	}
	if c.started == len(c.edges) && !c.running {
		c.run()
	}
	return nil
}

// open makes the state, fills it with what was saved, and chooses which edges feed it.
func (c *core) open(ctx context.Context, host component.Host) error {
	loaded, err := loadCatalogue(c.config.Rules)
	if err != nil {
		return err
	}
	c.catalogue.Store(loaded)
	c.host = virtualtime.Of(host)
	settings := c.config.settings()
	settings.Cascades.Traces = c.takes(pipeline.SignalTraces)
	c.cascades = settings.Incidents && settings.Cascades.Enabled && settings.Cascades.Traces
	c.novelty = settings.Incidents && settings.Novelty.Enabled
	c.state = incident.New(settings, c.policy)
	if err := c.openFiles(); err != nil {
		return err
	}
	if c.store, err = openStore(ctx, c, host); err != nil {
		return err
	}
	if events := c.store.load(ctx); len(events) > 0 {
		c.outbox.add(events)
	}
	c.metrics = newMetricsWriter(c.config, c.settings, c.store.instanceID(ctx))
	c.events = newEventWriter(c.config, c.settings)
	if err := c.telemetry.observe(c); err != nil {
		return err
	}
	c.elect()
	return nil
}

// takes says whether an edge has records of a signal.
func (c *core) takes(signal pipeline.Signal) bool {
	return slices.ContainsFunc(c.edges, func(e *edge) bool { return e.input == signal })
}

// elect chooses for each input signal the one edge whose records enter the state: one that leads to
// logs where there is one, since it forwards events of incidents as well.
func (c *core) elect() {
	for _, e := range c.edges {
		e.feeds = true
		for _, other := range c.edges {
			if other != e && other.input == e.input && other.feeds {
				if e.logs != nil && other.logs == nil {
					other.feeds = false
				} else {
					e.feeds = false
				}
			}
		}
	}
}

func (c *core) policy(rule, failureType string) incident.Policy {
	return c.catalogue.Load().policy(rule, failureType)
}

// reader borrows what gathers the failures of a batch.
func (c *core) reader(signal incident.Signal) *reader {
	r := c.readers.Get().(*reader)
	r.resources, r.catalogue, r.unclassified, r.signal = c.resources, c.catalogue.Load(), c.config.Unclassified, signal
	r.cascades, r.silence, r.novelty = signal == incident.Traces && c.cascades, c.config.Duties.Silence, c.novelty
	r.stageKey = c.config.Hangs.StageAttribute
	return r
}

// take gives a reader back, and applies what it gathered. A batch without failures takes no lock, but
// where spans are looked at, senders are missed, or new errors are looked for.
func (c *core) take(r *reader) {
	if len(r.batch)+len(r.arrived.Services) > 0 {
		c.apply(r)
		c.deliver(context.Background())
	}
	clear(r.batch)
	*r = reader{batch: r.batch[:0], arrived: emptied(r.arrived)}
	c.readers.Put(r)
}

func (c *core) apply(r *reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.arrived.Signal, r.arrived.Failures = r.signal, r.batch
	c.outbox.add(c.state.Receive(c.now(), &r.arrived))
	c.telemetry.report(&c.state.Stats, &c.outbox)
}

// release announces what waits for its trace, before a way out is closed.
func (c *core) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outbox.add(c.state.Release(c.now()))
	c.telemetry.report(&c.state.Stats, &c.outbox)
}

// leave takes an edge out: an output is flushed by the last edge that writes it, and all is saved and
// closed by the last of all.
func (c *core) leave(ctx context.Context, e *edge) error {
	c.life.Lock()
	defer c.life.Unlock()
	c.left++
	last := c.left == len(c.edges)
	if last && c.cancel != nil {
		c.endLoop(ctx)
	}
	if c.running && c.writers(e) == 1 {
		c.release()
		if e.metrics != nil {
			c.sendMetrics(ctx, c.now())
		} else {
			c.flush(ctx)
		}
	}
	c.sending.Lock()
	e.stopped = true
	c.sending.Unlock()
	if !last {
		return nil
	}
	cores.drop(c)
	return c.close(ctx)
}

// writers counts the edges in use that write what an edge does.
func (c *core) writers(e *edge) int {
	n := 0
	for _, other := range c.edges {
		if !other.stopped && (other.logs != nil) == (e.logs != nil) {
			n++
		}
	}
	return n
}

func (c *core) close(ctx context.Context) error {
	var errs []error
	if c.store != nil {
		if c.running {
			c.store.save(ctx)
		}
		errs = append(errs, c.store.close(ctx))
	}
	if c.files != nil {
		errs = append(errs, c.files.close())
	}
	c.telemetry.shutdown()
	return errors.Join(errs...)
}
