package hostprobereceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// instances are the probes in use. A pipeline of metrics and one of logs share a probe.
var instances = probe.NewRegistry()

// NewFactory gives the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithMetrics(createMetrics, metadata.MetricsStability),
		receiver.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createMetrics(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Metrics) (receiver.Metrics, error) {
	config := cfg.(*Config)
	return instances.Metrics(set, config, config.schedule(), next, config.source)
}

func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	config := cfg.(*Config)
	return instances.Logs(set, config, config.schedule(), next, config.source)
}

func (c *Config) schedule() probe.Schedule {
	return probe.Schedule{InitialDelay: c.InitialDelay, Interval: c.CollectionInterval}
}

func (c *Config) source(set receiver.Settings) (probe.Source, error) {
	p, err := newHostProbe(c, set)
	if err != nil {
		return nil, err
	}
	return p, nil
}
