package main

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// onDemand is a receiver that collects when it is told to: what it has collected is not taken from it
// until then, and its next collection is due by that time.
type onDemand struct {
	receiver receiver.Metrics
	ended    chan struct{}
	next     chan struct{}
	arrived  chan pmetric.Metrics
}

// due is the interval at which a receiver collects if nobody stops it.
const due = time.Millisecond

func start(ctx context.Context, factory receiver.Factory, settings map[string]any) (*onDemand, error) {
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(settings).Unmarshal(config); err != nil {
		return nil, fmt.Errorf("receiver %s: %w", factory.Type(), err)
	}
	r := &onDemand{ended: make(chan struct{}), next: make(chan struct{}), arrived: make(chan pmetric.Metrics)}
	sink, err := consumer.NewMetrics(r.take)
	if err != nil {
		return nil, err
	}
	if r.receiver, err = factory.CreateMetrics(ctx, receivertest.NewNopSettings(factory.Type()), config, sink); err != nil {
		return nil, fmt.Errorf("receiver %s: %w", factory.Type(), err)
	}
	if err := r.receiver.Start(ctx, nopHost()); err != nil {
		return nil, fmt.Errorf("receiver %s: %w", factory.Type(), err)
	}
	<-r.arrived
	return r, nil
}

func nopHost() component.Host { return componenttest.NewNopHost() }

// take holds the receiver until it is to collect again.
func (r *onDemand) take(_ context.Context, metrics pmetric.Metrics) error {
	select {
	case r.arrived <- metrics:
	case <-r.ended:
		return nil
	}
	select {
	case <-r.next:
	case <-r.ended:
	}
	return nil
}

// collect lets the receiver collect once.
func (r *onDemand) collect() pmetric.Metrics {
	r.next <- struct{}{}
	return <-r.arrived
}

func (r *onDemand) shutdown(ctx context.Context) error {
	close(r.ended)
	return r.receiver.Shutdown(ctx)
}
