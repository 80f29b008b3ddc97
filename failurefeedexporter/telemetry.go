package failurefeedexporter

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadata"
)

// outcomeNames are the values of the attribute result.
var outcomeNames = [outcomes]string{taken: "taken", known: "known", foreign: "foreign", overflowed: "overflow"}

// telemetry reports what the feed counts about itself.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	base    metric.MeasurementOption
	results [outcomes]metric.MeasurementOption
}

func newTelemetry(set exporter.Settings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	own := attribute.String("exporter", set.ID.String())
	t := &telemetry{builder: builder, base: metric.WithAttributeSet(attribute.NewSet(own))}
	for i, name := range outcomeNames {
		t.results[i] = metric.WithAttributeSet(attribute.NewSet(own, attribute.String("result", name)))
	}
	return t, nil
}

// observe lets the sizes be read.
func (t *telemetry) observe(f *feed) error {
	read := func(size func() int) metric.Int64Callback {
		return func(_ context.Context, observer metric.Int64Observer) error {
			observer.Observe(int64(size()), t.base.(metric.ObserveOption))
			return nil
		}
	}
	return errors.Join(
		t.builder.RegisterExporterFailureFeedClientsCallback(read(f.hub.size)),
		t.builder.RegisterExporterFailureFeedFailuresCallback(read(f.store.size)))
}

func (t *telemetry) shutdown() { t.builder.Shutdown() }

func (t *telemetry) countRecords(ctx context.Context, results *[outcomes]int64) {
	for i, n := range results {
		if n > 0 {
			t.builder.ExporterFailureFeedRecords.Add(ctx, n, t.results[i])
		}
	}
}

func (t *telemetry) countMissed(n int64) {
	t.builder.ExporterFailureFeedMissedMessages.Add(context.Background(), n, t.base)
}

func (t *telemetry) countUnnotified(destination component.ID, reason string) {
	t.builder.ExporterFailureFeedDroppedNotifications.Add(context.Background(), 1,
		metric.WithAttributes(attribute.String("exporter", destination.String()), attribute.String("reason", reason)))
}

func (t *telemetry) countDropped() {
	t.builder.ExporterFailureFeedDroppedClients.Add(context.Background(), 1, t.base)
}
