package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"
)

// patience is how long the end of a collection is waited for. One that hangs in a system call must not
// keep the Collector from stopping.
const patience = 5 * time.Second

// Source is what is collected from. Making one opens nothing: it is started first, and may be started again
// after it was shut down. It is asked by one goroutine.
type Source interface {
	Start(ctx context.Context, host component.Host) error
	// Collect measures, and gives what it measured as metrics and what that means as events. What it could
	// measure it gives beside an error, too. The context ends when the receiver is shut down.
	Collect(ctx context.Context, now time.Time) (Output, error)
	Shutdown(ctx context.Context) error
}

// Output is what a collection gives.
type Output struct {
	Metrics pmetric.Metrics
	Events  plog.Logs
}

// NewOutput has room for a collection.
func NewOutput() Output { return Output{Metrics: pmetric.NewMetrics(), Events: plog.NewLogs()} }

// Schedule says when a source is asked. A collection that takes longer than the interval delays the next.
type Schedule struct {
	InitialDelay, Interval time.Duration
}

// shared is one collection for the receivers of one configuration.
type shared struct {
	registry *Registry
	id       component.ID
	config   component.Config
	schedule Schedule
	source   Source
	logger   *zap.Logger
	// lastError is what was logged last, so that a fault that lasts is logged once.
	lastError string

	// metrics and events are the ways out; nil where there is none. Guarded by the registry.
	metrics, events *outlet

	// life guards what follows. started counts the outlets in use.
	life    sync.Mutex
	started int
	cancel  context.CancelFunc
	done    chan struct{}
}

func newShared(r *Registry, set receiver.Settings, config component.Config, schedule Schedule, source Source) *shared {
	return &shared{registry: r, id: set.ID, config: config, schedule: schedule, source: source, logger: set.Logger}
}

// join sets the collection going with the first outlet that starts.
func (s *shared) join(ctx context.Context, host component.Host) error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.started == 0 {
		if err := s.source.Start(ctx, host); err != nil {
			return err
		}
		var background context.Context
		background, s.cancel = context.WithCancel(context.Background())
		s.done = make(chan struct{})
		go s.run(background, s.done)
	}
	s.started++
	return nil
}

// leave ends the collection with the last outlet that was started.
func (s *shared) leave(ctx context.Context) error {
	s.life.Lock()
	defer s.life.Unlock()
	s.started--
	if s.started > 0 {
		return nil
	}
	s.cancel()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-s.done:
		return s.source.Shutdown(ctx)
	case <-ctx.Done():
		// The source is still in use, so it is not closed either; what hangs sends nothing any more.
		return fmt.Errorf("a collection did not end: %w", ctx.Err())
	}
}

// run collects on schedule. A ticker drops what is missed, so collections never overlap or pile up.
func (s *shared) run(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	delay := time.NewTimer(s.schedule.InitialDelay)
	defer delay.Stop()
	select {
	case <-ctx.Done():
		return
	case <-delay.C:
	}
	ticker := time.NewTicker(s.schedule.Interval)
	defer ticker.Stop()
	for {
		s.collect(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *shared) collect(ctx context.Context) {
	out, err := s.source.Collect(ctx, time.Now())
	if ctx.Err() != nil {
		return // What was stopped is no fault.
	}
	s.report(err)
	metrics, events := s.registry.outlets(s)
	if events != nil {
		events.sendEvents(ctx, out.Events)
	}
	if metrics != nil {
		metrics.sendMetrics(ctx, out.Metrics)
	}
}

// report logs a fault when it comes and when it has gone.
func (s *shared) report(err error) {
	switch {
	case err == nil && s.lastError != "":
		s.lastError = ""
		s.logger.Info("collecting works again")
	case err != nil && err.Error() != s.lastError:
		s.lastError = err.Error()
		s.logger.Warn("collecting failed in part or whole", zap.Error(err))
	}
}
