package failuredetectorconnector

import (
	"context"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/incident"
)

// telemetry reports what the state counts. The state counts in plain numbers, and what they rose by
// is reported once per batch.
type telemetry struct {
	builder  *metadata.TelemetryBuilder
	own      attribute.KeyValue
	base     metric.MeasurementOption
	reported incident.Stats
	dropped  int64
}

func newTelemetry(set connector.Settings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	own := attribute.String("connector", set.ID.String())
	return &telemetry{
		builder:  builder,
		own:      own,
		base:     metric.WithAttributeSet(attribute.NewSet(own)),
		reported: incident.Stats{Events: map[string]int64{}},
	}, nil
}

// observe lets the numbers of open incidents be read.
func (t *telemetry) observe(c *core) error {
	read := func(pick func(active, muted, suppressed int64) int64) metric.Int64Callback {
		return func(_ context.Context, observer metric.Int64Observer) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			observer.Observe(pick(c.state.Open()), t.base.(metric.ObserveOption))
			return nil
		}
	}
	if err := t.builder.RegisterConnectorFailureDetectorIncidentsCallback(read(func(active, _, _ int64) int64 { return active })); err != nil {
		return err
	}
	if err := t.builder.RegisterConnectorFailureDetectorMutedIncidentsCallback(read(func(_, muted, _ int64) int64 { return muted })); err != nil {
		return err
	}
	return t.builder.RegisterConnectorFailureDetectorSuppressedIncidentsCallback(read(func(_, _, suppressed int64) int64 { return suppressed }))
}

func (t *telemetry) shutdown() { t.builder.Shutdown() }

// report tells what rose since the last time. The caller holds the state's lock.
func (t *telemetry) report(now *incident.Stats, out *outbox) {
	ctx, was := context.Background(), &t.reported
	for _, sum := range []struct {
		counter  metric.Int64Counter
		now, was int64
	}{
		{t.builder.ConnectorFailureDetectorFailures, now.Records, was.Records},
		{t.builder.ConnectorFailureDetectorDuplicates, now.Duplicates, was.Duplicates},
		{t.builder.ConnectorFailureDetectorLate, now.Late, was.Late},
		{t.builder.ConnectorFailureDetectorMutedEvents, now.Muted, was.Muted},
		{t.builder.ConnectorFailureDetectorSuppressedEvents, now.Suppressed, was.Suppressed},
		{t.builder.ConnectorFailureDetectorTraces, now.Traces.Traces, was.Traces.Traces},
		{t.builder.ConnectorFailureDetectorFailedTraces, now.Traces.Failed, was.Traces.Failed},
	} {
		if n := sum.now - sum.was; n > 0 {
			sum.counter.Add(ctx, n, t.base)
		}
	}
	for _, limit := range []struct {
		name     string
		now, was int64
	}{
		{"groups", now.Overflow.Groups, was.Overflow.Groups},
		{"incidents", now.Overflow.Incidents, was.Overflow.Incidents},
		{"series", now.Overflow.Series, was.Overflow.Series},
		{"remembered", now.Overflow.Remembered, was.Overflow.Remembered},
		{"window", now.Overflow.Window, was.Overflow.Window},
		{"tasks", now.Overflow.Tasks, was.Overflow.Tasks},
		{"sources", now.Overflow.Sources, was.Overflow.Sources},
		{"templates", now.Overflow.Templates, was.Overflow.Templates},
		{"news", now.Overflow.News, was.Overflow.News},
		{"edges", now.Overflow.Edges, was.Overflow.Edges},
		{"events", out.dropped, t.dropped},
		{"traces", now.Traces.Early, was.Traces.Early},
		{"spans", now.Traces.Spans, was.Traces.Spans},
		{"services", now.Traces.Services, was.Traces.Services},
	} {
		if n := limit.now - limit.was; n > 0 {
			t.builder.ConnectorFailureDetectorOverflow.Add(ctx, n, metric.WithAttributes(t.own, attribute.String("limit", limit.name)))
		}
	}
	for name, n := range now.Events {
		if n -= was.Events[name]; n > 0 {
			t.builder.ConnectorFailureDetectorEvents.Add(ctx, n, metric.WithAttributes(t.own, attribute.String("failure_event", name)))
			was.Events[name] += n
		}
	}
	events := was.Events
	t.reported, t.dropped = *now, out.dropped
	t.reported.Events = events
}

func (t *telemetry) reload(file string, done bool) {
	t.builder.ConnectorFailureDetectorReloads.Add(context.Background(), 1,
		metric.WithAttributes(t.own, attribute.String("file", file), outcome(done)))
}

func (t *telemetry) save(done bool) {
	t.builder.ConnectorFailureDetectorSaves.Add(context.Background(), 1, metric.WithAttributes(t.own, outcome(done)))
}

func outcome(done bool) attribute.KeyValue {
	if done {
		return attribute.String("outcome", "success")
	}
	return attribute.String("outcome", "failure")
}
