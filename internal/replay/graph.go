package replay

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/processor"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

// graph is the components of a configuration, connected as its pipelines are.
type graph struct {
	*wiring

	host      *host
	announcer *announcer

	// components are in the order in which they start: what is downstream first.
	components []component.Component
	configs    map[string]component.Config
	edges      map[component.ID]*edges
	ways       map[pipeline.ID]*way
	classes    map[pipeline.ID]*classifying
}

// way is where the telemetry of a pipeline goes: on its own, in order and at its time.
type way struct {
	logs   consumer.Logs
	traces consumer.Traces
}

// edges are a connector's ways in.
type edges struct {
	making       bool
	logs, traces []way
}

// build makes all components that telemetry reaches.
func build(ctx context.Context, w *wiring, told *announcer) (*graph, error) {
	g := &graph{
		wiring: w, host: &host{}, announcer: told, configs: map[string]component.Config{},
		edges: map[component.ID]*edges{}, ways: map[pipeline.ID]*way{}, classes: map[pipeline.ID]*classifying{},
	}
	for _, signal := range signals {
		for _, id := range w.entries[signal] {
			out, err := g.outOf(ctx, id)
			if err == nil {
				g.ways[id] = out
				g.classes[id], err = g.classify(ctx, id)
			}
			if err != nil {
				return nil, w.fault(err)
			}
		}
	}
	return g, nil
}

func (g *graph) start(ctx context.Context) error {
	for _, c := range g.components {
		if err := c.Start(ctx, g.host); err != nil {
			return g.fault(err)
		}
	}
	return nil
}

// shutdown stops what is upstream first, so that what it still sends arrives.
func (g *graph) shutdown(ctx context.Context) error {
	var errs []error
	for _, c := range slices.Backward(g.components) {
		errs = append(errs, c.Shutdown(ctx))
	}
	return g.fault(errors.Join(errs...))
}

// outOf gives where a pipeline leads to: connectors, and through them further pipelines.
func (g *graph) outOf(ctx context.Context, id pipeline.ID) (*way, error) {
	var all []way
	for _, exporter := range g.parts.Service.Pipelines[id].Exporters {
		if !g.leadsOn(id, exporter) {
			continue
		}
		ways, err := g.into(ctx, id.Signal(), exporter)
		if err != nil {
			return nil, err
		}
		all = append(all, ways...)
	}
	return fanOut(all), nil
}

// into gives the ways into a connector.
func (g *graph) into(ctx context.Context, signal pipeline.Signal, id component.ID) ([]way, error) {
	e := g.edges[id]
	if e == nil {
		e = &edges{making: true}
		g.edges[id] = e
		var err error
		if id.Type() == forward && g.factories.connector(id) == nil {
			err = g.makeForward(ctx, e, id)
		} else {
			err = g.makeConnector(ctx, e, id)
		}
		if err != nil {
			return nil, err
		}
		e.making = false
	}
	if e.making {
		return nil, fmt.Errorf("service::pipelines: connector %q leads back to itself", id)
	}
	if signal == pipeline.SignalTraces {
		return e.traces, nil
	}
	return e.logs, nil
}

// makeForward passes on what a pipeline sends, in place of the connector that does.
func (g *graph) makeForward(ctx context.Context, e *edges, id component.ID) error {
	for _, to := range g.fedBy(id) {
		if !g.matters[to] {
			continue
		}
		next, err := g.whole(ctx, to)
		if err != nil {
			return err
		}
		if to.Signal() == pipeline.SignalTraces {
			e.traces = append(e.traces, *next)
		} else {
			e.logs = append(e.logs, *next)
		}
	}
	return nil
}

// makeConnector makes the edges of a connector, one for each pair of signals, as the Collector does. What
// the pipelines say of signals counts, even where none was recorded.
func (g *graph) makeConnector(ctx context.Context, e *edges, id component.ID) error {
	factory := g.factories.connector(id)
	config, err := g.config("connectors", id, factory)
	if err != nil {
		return err
	}
	next := []way{{logs: g.announcer}}
	out := map[pipeline.Signal]bool{}
	for _, to := range g.fedBy(id) {
		out[to.Signal()] = true
		if g.matters[to] && to.Signal() == pipeline.SignalLogs {
			more, err := g.whole(ctx, to)
			if err != nil {
				return err
			}
			next = append(next, *more)
		}
	}
	if !out[pipeline.SignalLogs] {
		return fmt.Errorf("service::pipelines: connector %q feeds no pipeline of logs, so it announces nothing", id)
	}
	set := connector.Settings{ID: id, TelemetrySettings: g.telemetry(), BuildInfo: component.NewDefaultBuildInfo()}
	maker := edgeMaker{graph: g, factory: factory, config: config, set: set, logs: fanOut(next).logs, metrics: out[pipeline.SignalMetrics]}
	return maker.make(ctx, e, g.inputs(id))
}

// inputs says of which signals pipelines feed a connector.
func (g *graph) inputs(id component.ID) map[pipeline.Signal]bool {
	in := map[pipeline.Signal]bool{}
	for from, pl := range g.parts.Service.Pipelines {
		if slices.Contains(pl.Exporters, id) {
			in[from.Signal()] = true
		}
	}
	return in
}

// config gives the configuration of a component. The instances of one share it.
func (g *graph) config(kind string, id component.ID, factory component.Factory) (component.Config, error) {
	key := kind + id.String()
	if g.configs[key] == nil {
		config, err := g.component(kind, id, factory)
		if err != nil {
			return nil, err
		}
		g.configs[key] = config
	}
	return g.configs[key], nil
}

func (*graph) telemetry() component.TelemetrySettings {
	return component.TelemetrySettings{
		Logger: zap.NewNop(), TracerProvider: nooptrace.NewTracerProvider(), MeterProvider: noopmetric.NewMeterProvider(), Resource: pcommon.NewResource(),
	}
}

// whole gives a pipeline as what feeds it sees it: its processors, and where it leads to.
func (g *graph) whole(ctx context.Context, id pipeline.ID) (*way, error) {
	out, err := g.outOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return g.process(ctx, id, out)
}

// process puts the processors of a pipeline in front of a way.
func (g *graph) process(ctx context.Context, id pipeline.ID, next *way) (*way, error) {
	for _, name := range slices.Backward(g.parts.Service.Pipelines[id].Processors) {
		factory := g.factories.processor(name)
		if factory == nil {
			continue
		}
		config, err := g.config("processors", name, factory)
		if err != nil {
			return nil, err
		}
		set := processor.Settings{ID: name, TelemetrySettings: g.telemetry(), BuildInfo: component.NewDefaultBuildInfo()}
		var made component.Component
		if id.Signal() == pipeline.SignalTraces {
			var p processor.Traces
			if p, err = factory.CreateTraces(ctx, set, config, next.traces); err == nil {
				next, made = &way{traces: p}, p
			}
		} else {
			var p processor.Logs
			if p, err = factory.CreateLogs(ctx, set, config, next.logs); err == nil {
				next, made = &way{logs: p}, p
			}
		}
		if err != nil {
			return nil, fmt.Errorf("processors::%s: %w", name, err)
		}
		g.components = append(g.components, made)
	}
	return next, nil
}
