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
	// wanted is how many collections are asked for.
	wanted  chan int
	arrived chan pmetric.Metrics
	// left is how many of them the receiver goes through without a stop.
	left int
}

// due is the interval at which a receiver collects if nobody stops it: so short that the next is always due.
const due = time.Microsecond

func start(ctx context.Context, factory receiver.Factory, settings map[string]any) (*onDemand, error) {
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(settings).Unmarshal(config); err != nil {
		return nil, fmt.Errorf("receiver %s: %w", factory.Type(), err)
	}
	r := &onDemand{ended: make(chan struct{}), wanted: make(chan int), arrived: make(chan pmetric.Metrics)}
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
	if r.left > 0 {
		r.left--
		return nil
	}
	select {
	case r.arrived <- metrics:
	case <-r.ended:
		return nil
	}
	select {
	case n := <-r.wanted:
		r.left = n - 1
	case <-r.ended:
	}
	return nil
}

// collect lets the receiver collect so often, and returns the last collection.
func (r *onDemand) collect(times int) pmetric.Metrics {
	r.wanted <- times
	return <-r.arrived
}

func (r *onDemand) shutdown(ctx context.Context) error {
	close(r.ended)
	return r.receiver.Shutdown(ctx)
}
