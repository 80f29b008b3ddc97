package failuredetectorconnector

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/failuredetector/failuredetector/internal/incident"
)

// edge is the connector between one kind of pipelines and another. The edges of one component share
// their core, and each record reaches every edge of its signal.
type edge struct {
	core  *core
	input pipeline.Signal
	// One of logs and metrics is where the edge leads to; the other is nil.
	logs    consumer.Logs
	metrics consumer.Metrics

	// feeds says that the records of the input signal enter the state here.
	feeds bool
	// stopped is guarded by the core's sending lock.
	stopped bool
	stop    sync.Once
}

// Start opens the core with the first edge, and sets it going with the last.
func (e *edge) Start(ctx context.Context, host component.Host) error {
	return e.core.start(ctx, host)
}

// Shutdown flushes what no other edge can, and closes the core with the last edge.
func (e *edge) Shutdown(ctx context.Context) error {
	var err error
	e.stop.Do(func() { err = e.core.leave(ctx, e) })
	return err
}

// Capabilities says that records are only read.
func (*edge) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeLogs takes log records into the state, and forwards those that are events of incidents.
func (e *edge) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if !e.feeds {
		return nil
	}
	r := e.core.reader(incident.Logs)
	r.readLogs(logs)
	forward := r.incidentEvents && e.logs != nil
	e.core.take(r)
	if !forward {
		return nil
	}
	return e.logs.ConsumeLogs(ctx, incidentEvents(logs))
}

// ConsumeTraces takes spans into the state.
func (e *edge) ConsumeTraces(_ context.Context, traces ptrace.Traces) error {
	if !e.feeds {
		return nil
	}
	r := e.core.reader(incident.Traces)
	r.readTraces(traces)
	e.core.take(r)
	return nil
}
