package databaseprobereceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/probe"
)

const (
	// checkTimeout is how long a check of a target may take, a second try included.
	checkTimeout = 5 * time.Second
	// grace is how long after that it is waited for.
	grace = time.Second
	// maxSpread is over what time the checks of many targets begin, so that they do not all come at once.
	maxSpread = 5 * time.Second
)

// databaseProbe checks all targets, each at most once at a time.
type databaseProbe struct {
	config    *Config
	telemetry *metadata.TelemetryBuilder
	logger    *zap.Logger
	labels    metric.MeasurementOption
	recorder  *recorder
	targets   []*target
}

func newDatabaseProbe(config *Config, set receiver.Settings) (*databaseProbe, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &databaseProbe{
		config: config, telemetry: telemetry, logger: set.Logger,
		labels:   metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", set.ID.String()))),
		recorder: newRecorder(config, set),
	}, nil
}

// Start prepares the targets; nothing is connected to yet, so that one that is down keeps nobody.
func (p *databaseProbe) Start(ctx context.Context, _ component.Host) error {
	p.targets = nil
	for i := range p.config.Targets {
		t, err := newTarget(ctx, p.config, &p.config.Targets[i])
		if err != nil {
			return err
		}
		p.targets = append(p.targets, t)
	}
	return nil
}

// Shutdown closes what no check uses any more. One that was interrupted ends soon, unless it hangs.
func (p *databaseProbe) Shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	for _, t := range p.targets {
		if t.busy {
			_, ended := t.await(ctx)
			if !ended {
				continue
			}
		}
		t.checker.Close()
	}
	return nil
}

// Collect checks all targets side by side, and waits for those that answer in time.
func (p *databaseProbe) Collect(ctx context.Context, at time.Time) (probe.Output, error) {
	spread := min(p.config.CollectionInterval/5, maxSpread)
	within, cancel := context.WithTimeout(ctx, spread+checkTimeout+grace)
	defer cancel()
	began := time.Now()
	for i, t := range p.targets {
		if !t.busy {
			t.busy = true
			go t.run(within, spread*time.Duration(i)/time.Duration(len(p.targets)), at)
		}
	}
	out := probe.NewOutput()
	for _, t := range p.targets {
		result, finished := t.await(within)
		if !finished {
			p.telemetry.ReceiverDatabaseProbeUnfinished.Add(ctx, 1, p.labels)
			result = check.Result{Failure: &check.Failure{Class: check.Timeout, Code: "hung", Text: "the check did not end"}}
		}
		t.tellMissing(p.logger, result.Figures)
		t.judge(at, &result, out.Events)
		p.recorder.record(t, &result, at)
	}
	p.telemetry.ReceiverDatabaseProbeCheckDuration.Record(ctx, time.Since(began).Seconds(), p.labels)
	out.Metrics = p.recorder.emit()
	return out, nil
}
