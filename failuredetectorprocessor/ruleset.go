package failuredetectorprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/ruleset"
	"github.com/failuredetector/failuredetector/internal/virtualtime"
)

// ruleSet is the compiled rules of one configuration. All processors of that
// configuration share it, with its watcher, since one component id stands in
// several pipelines.
type ruleSet struct {
	*ruleset.Live

	config    *Config
	telemetry *metadata.TelemetryBuilder
	processor attribute.KeyValue

	// users counts the processors that share it; ruleSets guards it.
	users int
}

// ruleSets has the rule sets in use. Entries live from the first start of a
// processor of a configuration to the last shutdown.
var ruleSets = &registry{inUse: map[*Config]*ruleSet{}}

type registry struct {
	mu    sync.Mutex
	inUse map[*Config]*ruleSet
}

func (r *registry) acquire(config *Config, set processor.Settings, host component.Host) (*ruleSet, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if shared := r.inUse[config]; shared != nil {
		shared.users++
		return shared, nil
	}
	shared, err := newRuleSet(config, set, host)
	if err != nil {
		return nil, err
	}
	shared.users = 1
	r.inUse[config] = shared
	return shared, nil
}

func (r *registry) release(shared *ruleSet) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if shared.users--; shared.users > 0 {
		return nil
	}
	delete(r.inUse, shared.config)
	return shared.close()
}

func newRuleSet(config *Config, set processor.Settings, host component.Host) (*ruleSet, error) {
	// A file may have changed since the configuration was validated.
	detector, err := config.compile(config.validated)
	config.validated = nil
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	s := &ruleSet{config: config, telemetry: telemetry, processor: attribute.String("processor", set.ID.String())}
	s.Live = ruleset.New(config.Rules, config.options(), detector, set.Logger, s.countReload)
	if err := telemetry.RegisterProcessorFailureDetectorRulesCallback(s.observeRules); err != nil {
		return nil, err
	}
	if virtualtime.Of(host) == nil {
		if err := s.Follow(); err != nil {
			telemetry.Shutdown()
			return nil, err
		}
	}
	set.Logger.Info("rules loaded", zap.Int("rules", len(detector.Rules().Rules)), zap.String("hash", detector.Rules().Hash))
	return s, nil
}

func (s *ruleSet) close() error {
	s.telemetry.Shutdown()
	return s.Close()
}

func (s *ruleSet) countReload(worked bool) {
	outcome := "failure"
	if worked {
		outcome = "success"
	}
	s.telemetry.ProcessorFailureDetectorReloads.Add(context.Background(), 1,
		metric.WithAttributes(s.processor, attribute.String("outcome", outcome)))
}

func (s *ruleSet) observeRules(_ context.Context, observer metric.Int64Observer) error {
	set := s.Detector().Rules()
	observer.Observe(int64(len(set.Rules)), metric.WithAttributes(s.processor, attribute.String("hash", set.Hash)))
	return nil
}
