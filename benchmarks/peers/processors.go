package main

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor"
)

// batchRecords is how many records a batch has: as many as an SDK sends at once by default.
const batchRecords = 512

// slowBatchRecords is the same where the transform processor takes part: it
// takes milliseconds for a record.
const slowBatchRecords = 16

// stages are a processor for each signal, made by its factory, into sinks that drop.
type stages struct {
	logs   processor.Logs
	traces processor.Traces
}

func newStages(ctx context.Context, factory processor.Factory, config component.Config) (s stages, err error) {
	settings := processortest.NewNopSettings(factory.Type())
	if s.logs, err = factory.CreateLogs(ctx, settings, config, consumertest.NewNop()); err != nil {
		return s, fmt.Errorf("processor %s: %w", factory.Type(), err)
	}
	if s.traces, err = factory.CreateTraces(ctx, settings, config, consumertest.NewNop()); err != nil {
		return s, fmt.Errorf("processor %s: %w", factory.Type(), err)
	}
	for _, c := range []component.Component{s.logs, s.traces} {
		if err := c.Start(ctx, componenttest.NewNopHost()); err != nil {
			return s, fmt.Errorf("processor %s: %w", factory.Type(), err)
		}
	}
	return s, nil
}

// passLogs sends a batch with these bodies; no processor changes a record in which it finds nothing.
func (s stages) passLogs(bodies []string) func() {
	ctx, batch := context.Background(), sample.Logs(bodies)
	return func() { _ = s.logs.ConsumeLogs(ctx, batch) }
}

func (s stages) passSpans(count int) func() {
	ctx, batch := context.Background(), sample.Spans(count)
	return func() { _ = s.traces.ConsumeTraces(ctx, batch) }
}

func (s stages) shutdown(ctx context.Context) error {
	if err := s.logs.Shutdown(ctx); err != nil {
		return err
	}
	return s.traces.Shutdown(ctx)
}

// transformConfig is the catalogue as statements of the transform processor.
func (b *bench) transformConfig(factory processor.Factory) (component.Config, error) {
	config := factory.CreateDefaultConfig()
	return config, confmap.NewFromStringMap(map[string]any{
		"error_mode":       "ignore",
		"log_statements":   []any{map[string]any{"context": "log", "statements": anyOf(translate.Statements(b.set, "log.body"))}},
		"trace_statements": []any{map[string]any{"context": "span", "statements": anyOf(translate.Statements(b.set, "span.status.message"))}},
	}).Unmarshal(config)
}

func anyOf(texts []string) []any {
	list := make([]any, 0, len(texts))
	for _, text := range texts {
		list = append(list, text)
	}
	return list
}

func (b *bench) measureProcessors() (report.Table, error) {
	table := report.Against("Whole processor, records of six attributes that match nothing")
	table.Notes = []string{fmt.Sprintf("Batches of %d records, and of %d against the transform processor, into a sink that drops.", batchRecords, slowBatchRecords)}
	ctx := context.Background()
	mine, err := newStages(ctx, failuredetectorprocessor.NewFactory(), failuredetectorprocessor.NewFactory().CreateDefaultConfig())
	if err != nil {
		return table, err
	}
	b.say("compiling the catalogue for the transform processor")
	factory := transformprocessor.NewFactory()
	config, err := b.transformConfig(factory)
	if err != nil {
		return table, err
	}
	theirs, err := newStages(ctx, factory, config)
	if err != nil {
		return table, err
	}
	healthy := sample.Repeated(sample.HealthyLine, slowBatchRecords)
	b.say("whole processors")
	pair := func(ours, peer func()) measure.Comparison {
		return measure.Pairs(measure.Side{Pass: ours, Operations: slowBatchRecords}, measure.Side{Pass: peer, Operations: slowBatchRecords}, b.pairs, b.least)
	}
	table.Add(comparison("log record: transform processor", pair(mine.passLogs(healthy), theirs.passLogs(healthy)), 1_000))
	table.Add(comparison("log record of a benign log: transform processor",
		pair(mine.passLogs(b.lines[:slowBatchRecords]), theirs.passLogs(b.lines[:slowBatchRecords])), 1_000))
	table.Add(comparison("span, no error: transform processor", pair(mine.passSpans(slowBatchRecords), theirs.passSpans(slowBatchRecords)), 0))

	logs := func(count int) func() { return mine.passLogs(sample.Repeated(sample.HealthyLine, count)) }
	table.Add(b.alone("log record of 128 bytes, alone", logs, variant(400, 700)))
	table.Add(b.alone("log record of a benign log, alone", func(count int) func() { return mine.passLogs(b.lines[:count]) }, 0))
	table.Add(b.alone("span, no error, alone", mine.passSpans, 250))
	if err := theirs.shutdown(ctx); err != nil {
		return table, err
	}
	return table, mine.shutdown(ctx)
}

// pieces is how many measurements of a figure that stands alone take the place of one.
const pieces = 50

// alone gives time and allocations of one record through our processor. There is no other side
// that would suffer from what else runs on the machine, so what counts is the time that only a
// twentieth of many short measurements undercuts.
func (b *bench) alone(what string, batch func(records int) func(), under float64) report.Row {
	times := measure.Alone(measure.Side{Pass: batch(batchRecords), Operations: batchRecords}, pieces*b.pairs, b.least/pieces)
	undisturbed := measure.Percentile(times, 0.05)
	allocations := measure.AllocationsPerRecord(batch, batchRecords)
	row := report.Row{
		What: what,
		Ours: fmt.Sprintf("%s (median %s), %.2f allocations", report.Nanoseconds(undisturbed), report.Nanoseconds(measure.Median(times)), allocations),
	}
	if under > 0 {
		row.Expected = fmt.Sprintf("under %s, none", report.Nanoseconds(under))
		row.Met = report.Verdict(undisturbed < under && allocations < 0.005)
	}
	return row
}
