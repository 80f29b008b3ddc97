package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor"
	"github.com/failuredetector/failuredetector/rules"
)

// latency is how long records take inside the processor, in nanoseconds.
type latency struct{ median, high, worst float64 }

// inside times single records through our processor, one in fifty of which is a failure.
func (b *bench) inside(ctx context.Context) (l latency, err error) {
	batches, err := b.singles()
	if err != nil {
		return l, err
	}
	factory := failuredetectorprocessor.NewFactory()
	p, err := factory.CreateLogs(ctx, processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), consumertest.NewNop())
	if err != nil {
		return l, fmt.Errorf("processor: %w", err)
	}
	if err := p.Start(ctx, componenttest.NewNopHost()); err != nil {
		return l, fmt.Errorf("processor: %w", err)
	}
	took := make([]float64, 0, len(batches))
	for _, batch := range batches {
		started := time.Now()
		err = errors.Join(err, p.ConsumeLogs(ctx, batch))
		took = append(took, float64(time.Since(started)))
	}
	l = latency{median: measure.Median(took), high: measure.Percentile(took, 0.999), worst: measure.Percentile(took, 1)}
	return l, errors.Join(err, p.Shutdown(ctx))
}

// singles makes a batch of each line. The first records of a process, which
// warm what is made when first needed, are among those measured.
func (b *bench) singles() ([]plog.Logs, error) {
	set, err := rules.Load(rules.NewDefaultConfig())
	if err != nil {
		return nil, err
	}
	detector, err := detect.New(set, detect.Options{})
	if err != nil {
		return nil, err
	}
	texts, err := sample.Labelled(b.testdata)
	if err != nil {
		return nil, err
	}
	const every = 50
	var batches []plog.Logs
	for _, line := range sample.Mixed(b.lines, sample.Failing(texts, detector), every) {
		batches = append(batches, sample.Logs([]string{line}))
	}
	return batches, nil
}
