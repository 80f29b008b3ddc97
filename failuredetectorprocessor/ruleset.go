package failuredetectorprocessor

import (
	"context"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/virtualtime"
	"github.com/failuredetector/failuredetector/rules"
)

// ruleSet is the compiled rules of one configuration. All processors of that
// configuration share it, with its watcher, since one component id stands in
// several pipelines.
type ruleSet struct {
	config    *Config
	current   atomic.Pointer[detect.Detector]
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	processor attribute.KeyValue

	// users counts the processors that share it; ruleSets guards it.
	users   int
	watcher *rules.Watcher
	done    chan struct{}
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
	s := &ruleSet{
		config:    config,
		logger:    set.Logger,
		telemetry: telemetry,
		processor: attribute.String("processor", set.ID.String()),
	}
	s.current.Store(detector)
	if err := telemetry.RegisterProcessorFailureDetectorRulesCallback(s.observeRules); err != nil {
		return nil, err
	}
	if len(config.Rules.Files) > 0 && virtualtime.Of(host) == nil {
		if s.watcher, err = rules.NewWatcher(config.Rules.Files); err != nil {
			telemetry.Shutdown()
			return nil, err
		}
		s.done = make(chan struct{})
		go s.follow()
	}
	s.logger.Info("rules loaded", zap.Int("rules", len(detector.Rules().Rules)), zap.String("hash", detector.Rules().Hash))
	return s, nil
}

func (s *ruleSet) close() error {
	s.telemetry.Shutdown()
	if s.watcher == nil {
		return nil
	}
	err := s.watcher.Close()
	<-s.done
	return err
}

// follow takes changed rule files into use.
func (s *ruleSet) follow() {
	defer close(s.done)
	for {
		select {
		case _, open := <-s.watcher.Changes:
			if !open {
				return
			}
			s.reload()
		case err := <-s.watcher.Errors:
			s.logger.Warn("watching rule files failed; they are read again in case a change was missed", zap.Error(err))
		}
	}
}

// reload compiles the files anew. Rules that cannot be used leave those in use
// as they are.
func (s *ruleSet) reload() {
	current := s.current.Load()
	fresh, err := s.config.compile(current)
	if err != nil {
		s.logger.Error("changed rule files cannot be used; the rules loaded before stay in use",
			zap.String("hash", current.Rules().Hash), zap.Error(err))
		s.countReload("failure")
		return
	}
	if fresh == current {
		return
	}
	s.current.Store(fresh)
	s.logger.Info("rules reloaded", zap.Int("rules", len(fresh.Rules().Rules)), zap.String("hash", fresh.Rules().Hash))
	s.countReload("success")
}

func (s *ruleSet) countReload(outcome string) {
	s.telemetry.ProcessorFailureDetectorReloads.Add(context.Background(), 1,
		metric.WithAttributes(s.processor, attribute.String("outcome", outcome)))
}

func (s *ruleSet) observeRules(_ context.Context, observer metric.Int64Observer) error {
	set := s.current.Load().Rules()
	observer.Observe(int64(len(set.Rules)), metric.WithAttributes(s.processor, attribute.String("hash", set.Hash)))
	return nil
}
