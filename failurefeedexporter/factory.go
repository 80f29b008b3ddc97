package failurefeedexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadata"
)

// NewFactory gives the factory of the exporter.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		metadata.Type,
		createDefaultConfig,
		exporter.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	f, err := newFeed(cfg.(*Config), set)
	if err != nil {
		return nil, err
	}
	// Events are kept in memory at once, so there is nothing to queue, to try again or to wait for.
	return exporterhelper.NewLogs(ctx, set, cfg, f.consume,
		exporterhelper.WithStart(f.start),
		exporterhelper.WithShutdown(f.shutdown),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{}),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}))
}
