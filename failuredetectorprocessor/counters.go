package failuredetectorprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
	"github.com/failuredetector/failuredetector/rules"
)

// counters reports what happened in batches. Their attributes are the
// processor's and the rules', so their number is bounded by the rule set.
type counters struct {
	telemetry *metadata.TelemetryBuilder
	own       []attribute.KeyValue
	base      metric.MeasurementOption
}

func newCounters(telemetry *metadata.TelemetryBuilder, id component.ID, signal pipeline.Signal) counters {
	own := []attribute.KeyValue{
		attribute.String("processor", id.String()),
		attribute.String("otel.signal", signal.String()),
	}
	return counters{telemetry: telemetry, own: own, base: metric.WithAttributeSet(attribute.NewSet(own...))}
}

// tally is what happened in one batch, reported once at its end.
type tally struct {
	records, unclassified, untrusted, clears, errors, cutShort int64
	// failures and shadows stay nil in a batch without any.
	failures map[failureKind]int64
	shadows  map[string]int64
}

// failureKind is what failures are counted by. A rule may override the severity
// of its type, so both are named.
type failureKind struct {
	name, category string
	severity       failure.Severity
}

func (t *tally) addFailure(r *rules.Rule) {
	if t.failures == nil {
		t.failures = map[failureKind]int64{}
	}
	t.failures[failureKind{name: r.Type, category: r.Category, severity: r.Severity}]++
}

// addVerdict counts what a verdict has besides its detections.
func (t *tally) addVerdict(v *detect.Verdict) {
	t.errors += int64(v.ConditionErrors)
	if v.CutShort {
		t.cutShort++
	}
	if len(v.Clears) > 0 {
		t.clears++
	}
	for i := range v.Shadow {
		if t.shadows == nil {
			t.shadows = map[string]int64{}
		}
		t.shadows[v.Shadow[i].Rule.ID]++
	}
}

func (c *counters) report(ctx context.Context, t *tally) {
	for _, sum := range []struct {
		counter metric.Int64Counter
		value   int64
	}{
		{c.telemetry.ProcessorFailureDetectorRecords, t.records},
		{c.telemetry.ProcessorFailureDetectorUnclassified, t.unclassified},
		{c.telemetry.ProcessorFailureDetectorUntrusted, t.untrusted},
		{c.telemetry.ProcessorFailureDetectorClears, t.clears},
		{c.telemetry.ProcessorFailureDetectorErrors, t.errors},
		{c.telemetry.ProcessorFailureDetectorCutShort, t.cutShort},
	} {
		if sum.value > 0 {
			sum.counter.Add(ctx, sum.value, c.base)
		}
	}
	for kind, n := range t.failures {
		c.telemetry.ProcessorFailureDetectorFailures.Add(ctx, n, metric.WithAttributes(c.own...), metric.WithAttributes(
			attribute.String(failure.AttrType, kind.name),
			attribute.String(failure.AttrSeverity, kind.severity.String()),
			attribute.String(failure.AttrCategory, kind.category),
		))
	}
	for rule, n := range t.shadows {
		c.telemetry.ProcessorFailureDetectorShadowMatches.Add(ctx, n, metric.WithAttributes(c.own...),
			metric.WithAttributes(attribute.String(failure.AttrRule, rule)))
	}
}
