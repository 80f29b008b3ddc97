package replay

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pipeline"
)

// edgeMaker makes the edges of one connector.
type edgeMaker struct {
	graph   *graph
	factory connector.Factory
	config  component.Config
	set     connector.Settings
	logs    consumer.Logs
	// metrics says that pipelines of metrics are fed; those get nothing.
	metrics bool
}

func (m *edgeMaker) make(ctx context.Context, e *edges, in map[pipeline.Signal]bool) error {
	nowhere, err := consumer.NewMetrics(func(context.Context, pmetric.Metrics) error { return nil })
	if err != nil {
		return err
	}
	makers := []struct {
		in   pipeline.Signal
		made bool
		make func() (way, component.Component, error)
	}{
		{pipeline.SignalLogs, m.factory.LogsToLogsStability() != component.StabilityLevelUndefined, func() (way, component.Component, error) {
			c, err := m.factory.CreateLogsToLogs(ctx, m.set, m.config, m.logs)
			return way{logs: c}, c, err
		}},
		{pipeline.SignalTraces, m.factory.TracesToLogsStability() != component.StabilityLevelUndefined, func() (way, component.Component, error) {
			c, err := m.factory.CreateTracesToLogs(ctx, m.set, m.config, m.logs)
			return way{traces: c}, c, err
		}},
		{pipeline.SignalLogs, m.metrics && m.factory.LogsToMetricsStability() != component.StabilityLevelUndefined, func() (way, component.Component, error) {
			c, err := m.factory.CreateLogsToMetrics(ctx, m.set, m.config, nowhere)
			return way{logs: c}, c, err
		}},
		{pipeline.SignalTraces, m.metrics && m.factory.TracesToMetricsStability() != component.StabilityLevelUndefined, func() (way, component.Component, error) {
			c, err := m.factory.CreateTracesToMetrics(ctx, m.set, m.config, nowhere)
			return way{traces: c}, c, err
		}},
	}
	for _, maker := range makers {
		if !maker.made || !in[maker.in] {
			continue
		}
		w, c, err := maker.make()
		if err != nil {
			return fmt.Errorf("connectors::%s: %w", m.set.ID, err)
		}
		m.graph.components = append(m.graph.components, c)
		if maker.in == pipeline.SignalTraces {
			e.traces = append(e.traces, w)
		} else {
			e.logs = append(e.logs, w)
		}
	}
	return nil
}
