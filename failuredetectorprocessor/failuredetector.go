package failuredetectorprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/processor"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
)

// failureDetector is one processor in one pipeline. It holds nothing of the
// telemetry that passes through.
type failureDetector struct {
	config    *Config
	settings  processor.Settings
	telemetry *metadata.TelemetryBuilder
	counters  counters

	// shared is the rule set of this configuration, from start to shutdown.
	shared *ruleSet
}

func newFailureDetector(set processor.Settings, config *Config, signal pipeline.Signal) (*failureDetector, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &failureDetector{
		config:    config,
		settings:  set,
		telemetry: telemetry,
		counters:  newCounters(telemetry, set.ID, signal),
	}, nil
}

func (p *failureDetector) start(_ context.Context, host component.Host) error {
	if !p.config.Enabled {
		return nil
	}
	shared, err := ruleSets.acquire(p.config, p.settings, host)
	if err != nil {
		return err
	}
	p.shared = shared
	return nil
}

func (p *failureDetector) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	if p.shared == nil {
		return nil
	}
	shared := p.shared
	p.shared = nil
	return ruleSets.release(shared)
}

// detector gives the rules to use for one batch, or nil where telemetry is to
// pass untouched.
func (p *failureDetector) detector() *detect.Detector {
	if p.shared == nil {
		return nil
	}
	return p.shared.Detector()
}
