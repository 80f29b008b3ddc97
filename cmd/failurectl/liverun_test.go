package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
)

// liveConfig is what runs live and is replayed.
const liveConfig = `
receivers: {otlp: }
processors: {failure_detector: , batch: }
connectors:
  failure_detector:
    duties: {silence: true, novelty: true}
    silent_after: 2m
    hangs: {after: 1m, stage_attribute: stage}
    breakers: {min_calls: 5}
    thresholds: {categories: {database: 4}}
    resolve_after: 5m
    reminder_interval: 10m
    storage: memory
extensions: {memory: }
exporters: {debug: }
service:
  extensions: [memory]
  pipelines:
    logs: {receivers: [otlp], processors: [failure_detector, batch], exporters: [failure_detector]}
    traces: {receivers: [otlp], processors: [failure_detector], exporters: [failure_detector]}
    logs/events: {receivers: [failure_detector], exporters: [debug]}
    metrics: {receivers: [failure_detector], exporters: [debug]}
`

// live is the components of liveConfig, as the Collector makes them.
type live struct {
	logs       []consumer.Logs
	traces     []consumer.Traces
	components []component.Component
	events     consumertest.LogsSink
	random     *rand.Rand
	// sends counts what was sent to what follows, and over says that it takes all from now on.
	sends atomic.Int64
	over  atomic.Bool
}

// memory is a storage.
type memory map[string][]byte

func (memory) Start(context.Context, component.Host) error { return nil }

func (memory) Shutdown(context.Context) error { return nil }

func (m memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}

func (m memory) Get(_ context.Context, key string) ([]byte, error) { return m[key], nil }

func (m memory) Set(_ context.Context, key string, value []byte) error {
	m[key] = value
	return nil
}

func (m memory) Delete(context.Context, string) error { return nil }

func (m memory) Batch(context.Context, ...*storage.Operation) error { return errors.ErrUnsupported }

func (m memory) Close(context.Context) error { return nil }

// hostOf gives a component its storage.
type hostOf map[component.ID]component.Component

func (h hostOf) GetExtensions() map[component.ID]component.Component { return h }

func configOf(t *testing.T, conf *confmap.Conf, kind string, factory component.Factory) component.Config {
	t.Helper()
	config := factory.CreateDefaultConfig()
	sub, err := conf.Sub(kind + "::" + factory.Type().String())
	require.NoError(t, err)
	require.NoError(t, sub.Unmarshal(&config))
	require.NoError(t, confmap.Validate(config))
	return config
}

// newLive makes the components. What follows them refuses events now and then.
func newLive(t *testing.T, seed uint64) *live {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(liveConfig))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	f := components()
	p, c := f.Processors[0], f.Connectors[0]
	pConfig, cConfig := configOf(t, conf, "processors", p), configOf(t, conf, "connectors", c)
	cSet, pSet := connectortest.NewNopSettings(c.Type()), processortest.NewNopSettings(p.Type())
	cSet.ID, pSet.ID = component.NewID(c.Type()), component.NewID(p.Type())
	cSet.BuildInfo = component.NewDefaultBuildInfo()
	l := &live{random: rand.New(rand.NewPCG(seed, 1))}
	events, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		if l.sends.Add(1)%3 == 0 && !l.over.Load() {
			return errors.New("not now")
		}
		return l.events.ConsumeLogs(ctx, logs)
	})
	require.NoError(t, err)
	l.connect(t, c, cSet, cConfig, events)
	l.process(t, p, pSet, pConfig)
	return l
}

func (l *live) connect(t *testing.T, c connector.Factory, set connector.Settings, config component.Config, events consumer.Logs) {
	t.Helper()
	ctx := context.Background()
	for _, edge := range []func() (component.Component, error){
		func() (component.Component, error) {
			return c.CreateLogsToMetrics(ctx, set, config, consumertest.NewNop())
		},
		func() (component.Component, error) { return c.CreateLogsToLogs(ctx, set, config, events) },
		func() (component.Component, error) { return c.CreateTracesToLogs(ctx, set, config, events) },
		func() (component.Component, error) {
			return c.CreateTracesToMetrics(ctx, set, config, consumertest.NewNop())
		},
	} {
		made, err := edge()
		require.NoError(t, err)
		l.components = append(l.components, made)
	}
	for _, made := range l.components[:2] {
		l.logs = append(l.logs, made.(consumer.Logs))
	}
	for _, made := range l.components[2:] {
		l.traces = append(l.traces, made.(consumer.Traces))
	}
}

// process puts the processors in front of the edges.
func (l *live) process(t *testing.T, p processor.Factory, set processor.Settings, config component.Config) {
	t.Helper()
	ctx, logEdges, traceEdges := context.Background(), l.logs, l.traces
	logs, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		logs.MarkReadOnly()
		return errors.Join(logEdges[0].ConsumeLogs(ctx, logs), logEdges[1].ConsumeLogs(ctx, logs))
	})
	require.NoError(t, err)
	traces, err := consumer.NewTraces(func(ctx context.Context, traces ptrace.Traces) error {
		traces.MarkReadOnly()
		return errors.Join(traceEdges[0].ConsumeTraces(ctx, traces), traceEdges[1].ConsumeTraces(ctx, traces))
	})
	require.NoError(t, err)
	pl, err := p.CreateLogs(ctx, set, config, logs)
	require.NoError(t, err)
	pt, err := p.CreateTraces(ctx, set, config, traces)
	require.NoError(t, err)
	l.logs, l.traces = []consumer.Logs{pl}, []consumer.Traces{pt}
	l.components = append(l.components, pl, pt)
}
