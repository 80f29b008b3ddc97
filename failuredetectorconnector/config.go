package failuredetectorconnector

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/rules"
)

// Config is the configuration of the connector.
type Config struct {
	// Rules says which rules explain failures and say when they end. Nothing is classified by them.
	Rules rules.Config `mapstructure:"rules"`
	// GroupBy are the resource attributes that make the grouping key.
	// Default: service.namespace, service.name, deployment.environment.name.
	GroupBy []string `mapstructure:"group_by"`
	// Carry are further resource attributes that go onto failure events. Default: none.
	Carry []string `mapstructure:"carry"`
	// Duties says what the connector does beside counting.
	Duties DutiesConfig `mapstructure:"duties"`
	// Thresholds are failures per hour that are more than usual.
	Thresholds ThresholdsConfig `mapstructure:"thresholds"`
	// Transient says when a failure that its rule calls transient is announced.
	Transient TransientConfig `mapstructure:"transient"`
	// ReminderInterval is how often an open incident is announced again. Default: 1h; 0 is never.
	ReminderInterval time.Duration `mapstructure:"reminder_interval"`
	// ResolveAfter is the quiet time that ends a failure of which the rules do not say. Default: 15m.
	ResolveAfter time.Duration `mapstructure:"resolve_after"`
	// RegressAfter is how long after its end a failure that comes back is the same incident. Default: 24h.
	RegressAfter time.Duration `mapstructure:"regress_after"`
	// Unclassified says what becomes of exceptions without a rule: off, count or incident. Default: count.
	Unclassified incident.UnclassifiedMode `mapstructure:"unclassified"`
	// MuteFile names a file of mutes, which is watched. Default: none.
	MuteFile string `mapstructure:"mute_file"`
	// Storage names the storage extension in which the state survives a restart. Default: none.
	Storage *component.ID `mapstructure:"storage"`
	// SaveInterval is how often the state is saved. Default: 10s.
	SaveInterval time.Duration `mapstructure:"save_interval"`
	// InstanceID is the service.instance.id of the derived metrics. Default: one that is kept in the
	// storage, and without a storage the collector's, which is new at each start.
	InstanceID string `mapstructure:"instance_id"`
	// Cascades says how failures are held against one another.
	Cascades CascadesConfig `mapstructure:"cascades"`
	// Breakers says when the calls from one service to another count as broken.
	Breakers BreakersConfig `mapstructure:"breakers"`
	// Hangs says when a task counts as hanging.
	Hangs HangsConfig `mapstructure:"hangs"`
	// Novelty says when an error is new.
	Novelty NoveltyConfig `mapstructure:"novelty"`
	// SilentAfter is how long nothing has to come from a source that sent steadily. Default: 10m.
	SilentAfter time.Duration `mapstructure:"silent_after"`
	// Metrics says how the derived metrics are sent.
	Metrics MetricsConfig `mapstructure:"metrics"`
	// Limits bound what is kept.
	Limits LimitsConfig `mapstructure:"limits"`
}

// DutiesConfig says what a connector does, so that of two tiers only one alerts.
type DutiesConfig struct {
	// Incidents follows failures from their opening to their end. Without it they are counted. Default: true.
	Incidents bool `mapstructure:"incidents"`
	// Cascades finds out from spans which failure caused others, and announces that one. It takes
	// incidents, and pipelines of traces that end in the connector. Default: true.
	Cascades bool `mapstructure:"cascades"`
	// Silence misses sources that sent steadily and stopped. It takes incidents. Default: false.
	Silence bool `mapstructure:"silence"`
	// Novelty tells of errors without a rule that a service did not report before, or that a newer version
	// of it reports more often. It takes incidents. Default: false, since no rule vouches for them.
	Novelty bool `mapstructure:"novelty"`
}

// NoveltyConfig says when an error is new.
type NoveltyConfig struct {
	// WarmUp is how long a service is heard before anything of it is new. Default: 1h.
	WarmUp time.Duration `mapstructure:"warm_up"`
}

// CascadesConfig says how failures are held against one another.
type CascadesConfig struct {
	// Settle is how long after its last span a trace is looked at. A failure of a trace is announced five
	// seconds later, unless its trace explains it. Default: 10s.
	Settle time.Duration `mapstructure:"settle"`
	// Grace is how long a failure may outlive the one that it comes from before it is announced.
	// Default: 2m.
	Grace time.Duration `mapstructure:"grace"`
}

// BreakersConfig says when calls count as broken, as a circuit breaker would. It takes what cascades take.
type BreakersConfig struct {
	// MinCalls is how many calls within a minute say anything; 0 is no breakers. Default: 20.
	MinCalls int `mapstructure:"min_calls"`
	// FailureShare is the share of them that must fail, above 0 and up to 1. Default: 0.5.
	FailureShare float64 `mapstructure:"failure_share"`
	// OpenFor is how long calls are broken before good ones are a sign that they are not. Default: 30s.
	OpenFor time.Duration `mapstructure:"open_for"`
}

// HangsConfig says when a task counts as hanging. It takes what cascades take.
type HangsConfig struct {
	// After is how long a span may wait for its parent, or a task stay in one stage; 0 is no look for
	// hangs. Default: 0.
	After time.Duration `mapstructure:"after"`
	// Bounds are how long spans may take, by name. For others it is learnt. Default: none.
	Bounds map[string]time.Duration `mapstructure:"bounds"`
	// StageAttribute is the attribute of spans that says where a task is. Default: none.
	StageAttribute string `mapstructure:"stage_attribute"`
}

// ThresholdsConfig has failures per hour, for all services and for some. 0 is no threshold.
type ThresholdsConfig struct {
	// Categories are thresholds by category. Default: pydantic 5, sdk 10, database 15.
	Categories map[string]int `mapstructure:"categories"`
	// Types are thresholds by failure type. Default: none.
	Types map[string]int `mapstructure:"types"`
	// Rules are thresholds by rule id. Default: none.
	Rules map[string]int `mapstructure:"rules"`
	// Services has what is different for services, by service.name. Default: none.
	Services map[string]ServiceThresholdsConfig `mapstructure:"services"`
}

// ServiceThresholdsConfig has what is different for a service.
type ServiceThresholdsConfig struct {
	// Categories, Types and Rules go before those for all services.
	Categories map[string]int `mapstructure:"categories"`
	Types      map[string]int `mapstructure:"types"`
	Rules      map[string]int `mapstructure:"rules"`
}

// TransientConfig says when a failure of low or medium severity that its rule calls transient is
// announced.
type TransientConfig struct {
	// Count is how many of it within Within are announced. Default: 3 within 5m.
	Count  int           `mapstructure:"count"`
	Within time.Duration `mapstructure:"within"`
}

// MetricsConfig says how the derived metrics are sent.
type MetricsConfig struct {
	// Interval is how often they are sent. Default: 30s.
	Interval time.Duration `mapstructure:"interval"`
	// Temporality is cumulative or delta. Default: cumulative.
	Temporality Temporality `mapstructure:"temporality"`
	// Carry puts the attributes of Config.Carry onto metrics too. Default: false.
	Carry bool `mapstructure:"carry"`
}

// Temporality says whether a sum counts from its beginning or from what was sent last.
type Temporality string

// The temporalities.
const (
	Cumulative Temporality = "cumulative"
	Delta      Temporality = "delta"
)

// LimitsConfig bounds what is kept. What is beyond a limit is folded into one and counted.
type LimitsConfig struct {
	// Groups is how many grouping keys are told apart. Default: 10000.
	Groups int `mapstructure:"groups"`
	// Incidents is how many open incidents are followed one by one. Default: 20000.
	Incidents int `mapstructure:"incidents"`
	// Series is how many series each metric has. Default: 50000.
	Series int `mapstructure:"series"`
	// Traces and Spans are how many are put together at once. Default: 50000, 500000.
	Traces int `mapstructure:"traces"`
	Spans  int `mapstructure:"spans"`
	// Templates is how many messages of errors without a rule are known, with duties.novelty. Default: 20000.
	Templates int `mapstructure:"templates"`
	// GroupShare is the share of the incidents, of the series and of the templates that one group may have,
	// above 0 and up to 1. Default: 0.05.
	GroupShare float64 `mapstructure:"group_share"`
}

func createDefaultConfig() component.Config {
	d := incident.NewDefaultSettings()
	return &Config{
		Rules:            rules.NewDefaultConfig(),
		GroupBy:          d.GroupBy,
		Duties:           DutiesConfig{Incidents: true, Cascades: true},
		Thresholds:       ThresholdsConfig{Categories: d.Thresholds.Categories},
		Transient:        TransientConfig(d.Transient),
		ReminderInterval: d.ReminderInterval,
		ResolveAfter:     d.ResolveAfter,
		RegressAfter:     d.RegressAfter,
		Unclassified:     d.Unclassified,
		SaveInterval:     10 * time.Second,
		Metrics:          MetricsConfig{Interval: 30 * time.Second, Temporality: Cumulative},
		Cascades:         CascadesConfig{Settle: d.Cascades.Limits.Settle, Grace: d.Cascades.Grace},
		Breakers:         BreakersConfig{MinCalls: d.Breakers.MinCalls, FailureShare: d.Breakers.Share, OpenFor: d.Breakers.OpenFor},
		Novelty:          NoveltyConfig{WarmUp: d.Novelty.WarmUp},
		SilentAfter:      d.Silence.After,
		Limits: LimitsConfig{
			Groups: d.Limits.Groups, Incidents: d.Limits.Incidents, Series: d.Limits.Series,
			Traces: d.Cascades.Limits.Traces, Spans: d.Cascades.Limits.Spans, Templates: d.Novelty.Templates, GroupShare: 0.05,
		},
	}
}

// Validate checks the configuration, and reads the files that it names, so that a fault in one is
// told before the collector starts.
func (c *Config) Validate() error {
	errs := []error{
		checkKeys("group_by", c.GroupBy),
		checkKeys("carry", c.Carry),
		atLeast("transient::count", c.Transient.Count, 1),
		atMost("transient::count", c.Transient.Count, maxTransientCount),
		atLeast("transient::within", c.Transient.Within, time.Second),
		atLeast("reminder_interval", c.ReminderInterval, 0),
		atLeast("resolve_after", c.ResolveAfter, time.Second),
		atLeast("regress_after", c.RegressAfter, 0),
		atLeast("save_interval", c.SaveInterval, time.Second),
		atLeast("metrics::interval", c.Metrics.Interval, time.Second),
		atLeast("cascades::settle", c.Cascades.Settle, time.Second),
		atMost("cascades::settle", c.Cascades.Settle, maxSettle),
		atLeast("cascades::grace", c.Cascades.Grace, 0),
		atLeast("breakers::min_calls", c.Breakers.MinCalls, 0),
		atLeast("breakers::open_for", c.Breakers.OpenFor, 0),
		atLeast("silent_after", c.SilentAfter, time.Minute),
		atLeast("novelty::warm_up", c.Novelty.WarmUp, time.Minute),
		atLeast("hangs::after", c.Hangs.After, 0),
		atLeast("limits::traces", c.Limits.Traces, 1),
		atLeast("limits::spans", c.Limits.Spans, 1),
		atLeast("limits::templates", c.Limits.Templates, 1),
		atLeast("limits::groups", c.Limits.Groups, 1),
		atLeast("limits::incidents", c.Limits.Incidents, 1),
		atLeast("limits::series", c.Limits.Series, 1),
		oneOf("unclassified", c.Unclassified, incident.UnclassifiedOff, incident.UnclassifiedCount, incident.UnclassifiedIncident),
		oneOf("metrics::temporality", c.Metrics.Temporality, Cumulative, Delta),
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"limits::group_share", c.Limits.GroupShare}, {"breakers::failure_share", c.Breakers.FailureShare}} {
		if !(share.value > 0 && share.value <= 1) {
			errs = append(errs, fmt.Errorf("%s: %v is not above 0 and up to 1", share.name, share.value))
		}
	}
	for i := range c.GroupBy {
		if slices.Contains(c.Carry, c.GroupBy[i]) {
			errs = append(errs, fmt.Errorf("carry: %q is in group_by already", c.GroupBy[i]))
		}
	}
	errs = append(errs, c.Thresholds.check())
	for name, bound := range c.Hangs.Bounds {
		errs = append(errs, atLeast("hangs::bounds::"+name, bound, time.Millisecond))
	}
	if c.MuteFile != "" {
		_, err := readMutes(c.MuteFile)
		errs = append(errs, err)
	}
	// The block `rules` reports its own faults.
	if c.Rules.Validate() == nil {
		_, err := loadCatalogue(c.Rules)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// maxTransientCount bounds the times that are kept for each failure that is not announced yet.
const maxTransientCount = 100

// maxSettle is how long a trace is put together at most.
const maxSettle = time.Minute

func checkKeys(name string, keys []string) error {
	var errs []error
	for i, key := range keys {
		if key == "" {
			errs = append(errs, fmt.Errorf("%s[%d]: the key is empty", name, i))
		}
		if slices.Contains(keys[:i], key) {
			errs = append(errs, fmt.Errorf("%s[%d]: %q is there twice", name, i, key))
		}
	}
	return errors.Join(errs...)
}

func atLeast[T int | time.Duration](name string, value, least T) error {
	if value < least {
		return fmt.Errorf("%s: %v is less than %v", name, value, least)
	}
	return nil
}

func atMost[T int | time.Duration](name string, value, most T) error {
	if value > most {
		return fmt.Errorf("%s: %v is more than %v", name, value, most)
	}
	return nil
}

func oneOf[T ~string](name string, value T, known ...T) error {
	if !slices.Contains(known, value) {
		return fmt.Errorf("%s: %q is none of %q", name, value, known)
	}
	return nil
}

func (c *ThresholdsConfig) check() error {
	errs := []error{checkThresholds("thresholds", c.Categories, c.Types, c.Rules)}
	for name, s := range c.Services {
		errs = append(errs, checkThresholds("thresholds::services::"+name, s.Categories, s.Types, s.Rules))
	}
	return errors.Join(errs...)
}

func checkThresholds(name string, categories, types, ruleIDs map[string]int) error {
	var errs []error
	for kind, limits := range map[string]map[string]int{"categories": categories, "types": types, "rules": ruleIDs} {
		for key, limit := range limits {
			if limit < 0 {
				errs = append(errs, fmt.Errorf("%s::%s::%s: %d is less than 0", name, kind, key, limit))
			}
		}
	}
	return errors.Join(errs...)
}
