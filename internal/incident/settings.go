package incident

import (
	"time"

	"github.com/failuredetector/failuredetector/internal/cascade"
	"github.com/failuredetector/failuredetector/internal/circuit"
	"github.com/failuredetector/failuredetector/internal/novelty"
)

// Settings are what the state is built with.
type Settings struct {
	// GroupBy are the keys of the resource attributes that make the grouping key.
	GroupBy []string
	// Incidents is off where another tier keeps incidents: then failures are counted and no more.
	Incidents  bool
	Thresholds Thresholds
	Transient  Transient
	// ReminderInterval is how often an open incident is announced again; 0 is never.
	ReminderInterval time.Duration
	// ResolveAfter is the quiet time that ends a failure of which the rules do not say.
	ResolveAfter time.Duration
	// RegressAfter is how long after its end a failure that comes back is the same incident.
	RegressAfter time.Duration
	// Unclassified says what becomes of exceptions without a rule.
	Unclassified UnclassifiedMode
	Limits       Limits
	Cascades     Cascades
	Breakers     Breakers
	Silence      SilenceSettings
	Hangs        Hangs
	Novelty      NoveltySettings
}

// UnclassifiedMode says what becomes of exceptions that no rule recognised.
type UnclassifiedMode string

// The modes.
const (
	UnclassifiedOff      UnclassifiedMode = "off"
	UnclassifiedCount    UnclassifiedMode = "count"
	UnclassifiedIncident UnclassifiedMode = "incident"
)

// Transient says when a failure that commonly goes away by itself is announced.
type Transient struct {
	// Count is how many of it within Within are announced.
	Count  int
	Within time.Duration
}

// Limits bound what the state keeps.
type Limits struct {
	// Groups is how many grouping keys are told apart.
	Groups int
	// Incidents is how many open incidents are followed, GroupIncidents how many of one group.
	Incidents, GroupIncidents int
	// Remembered is how many ended incidents are known, so that their return is recognised.
	Remembered int
	// Series is how many series a metric has, GroupSeries how many of one group.
	Series, GroupSeries int
	// Window is how many failures of traces are remembered to count each once.
	Window int
}

// NewDefaultSettings gives the settings that the documentation names.
func NewDefaultSettings() Settings {
	return Settings{
		GroupBy:          []string{"service.namespace", "service.name", "deployment.environment.name"},
		Incidents:        true,
		Thresholds:       NewDefaultThresholds(),
		Transient:        Transient{Count: 3, Within: 5 * time.Minute},
		ReminderInterval: time.Hour,
		ResolveAfter:     15 * time.Minute,
		RegressAfter:     24 * time.Hour,
		Unclassified:     UnclassifiedCount,
		Limits: Limits{
			Groups:         10_000,
			Incidents:      20_000,
			GroupIncidents: 1_000,
			Remembered:     20_000,
			Series:         50_000,
			GroupSeries:    2_500,
			Window:         100_000,
		},
		Breakers: Breakers{
			Settings: circuit.Settings{MinCalls: 20, Share: 0.5, OpenFor: 30 * time.Second, Trial: 5}, Limit: 10_000,
		},
		Novelty:  NoveltySettings{Settings: novelty.NewDefaultSettings()},
		Silence:  SilenceSettings{After: 10 * time.Minute},
		Cascades: Cascades{Grace: 2 * time.Minute, Limits: cascade.NewDefaultLimits()},
	}
}

// Policy is what the rules say about how a failure goes.
type Policy struct {
	// ResolveAfter is the quiet time that ends it, or 0 where the rules do not say.
	ResolveAfter time.Duration
	// Transient says that it commonly goes away by itself.
	Transient bool
}

// Policies gives the policy of a rule, or of a type where the rule is not known.
type Policies func(rule, failureType string) Policy
