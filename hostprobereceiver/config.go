package hostprobereceiver

import (
	"errors"
	"fmt"
	"path"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadata"
)

// Config is the configuration of the receiver.
type Config struct {
	metadata.MetricsBuilderConfig `mapstructure:",squash"`

	// CollectionInterval is how often the host is read. Default: 30s.
	CollectionInterval time.Duration `mapstructure:"collection_interval"`
	// InitialDelay is how long after the start it is read for the first time. Default: 1s.
	InitialDelay time.Duration `mapstructure:"initial_delay"`
	// RootPath is where the filesystem of the host is mounted in the container of the Collector.
	// Default: none, which is the root that the Collector sees.
	RootPath string `mapstructure:"root_path"`
	// Scope says what is watched: the host, the container or, with auto, the container where the
	// Collector runs in one and root_path is not set, else the host. Default: auto.
	Scope Scope `mapstructure:"scope"`
	// Signals says when each resource counts as exhausted.
	Signals SignalsConfig `mapstructure:"signals"`
	// Filesystems says which filesystems are watched.
	Filesystems FilesystemsConfig `mapstructure:"filesystems"`
	// TopConsumers names processes that use most as evidence.
	TopConsumers TopConsumersConfig `mapstructure:"top_consumers"`
	// Forecast predicts exhaustion.
	Forecast ForecastConfig `mapstructure:"forecast"`
	// Heartbeat is how often the event of a condition that lasts is repeated. Default: 5m.
	Heartbeat time.Duration `mapstructure:"heartbeat"`
}

// Scope says what is watched.
type Scope string

// The scopes.
const (
	ScopeAuto      Scope = "auto"
	ScopeHost      Scope = "host"
	ScopeContainer Scope = "container"
)

// SignalsConfig says when each resource counts as exhausted.
type SignalsConfig struct {
	// CPU is the time in which the CPUs were busy, without waiting for disks. In a container it is
	// the time used of what the limit allows. Default: 90%, critical 97%, clear 85%, for 5m.
	CPU LevelConfig `mapstructure:"cpu"`
	// CPUThrottling is the share of the periods in which a container was not allowed to run on.
	// Default: 25%, critical 50%, clear 15%, for 5m.
	CPUThrottling LevelConfig `mapstructure:"cpu_throttling"`
	// Memory is what is not available, and in a container the working set as a share of the limit.
	// Default: 85%, critical 95%, clear 80%, for 2m.
	Memory LevelConfig `mapstructure:"memory"`
	// MemoryPressure is the time in which some tasks, and for critical_percent all tasks, waited for
	// memory. Default: 10%, critical 10%, clear 5%, for 1m.
	MemoryPressure LevelConfig `mapstructure:"memory_pressure"`
	// OOMKills are processes that the kernel killed because memory was short. Default: enabled.
	OOMKills SwitchConfig `mapstructure:"oom_kills"`
	// Disk is the space used on each filesystem, as df shows it.
	// Default: 90%, critical 97%, clear 87%, for 1m.
	Disk LevelConfig `mapstructure:"disk"`
	// Inodes are those used on each filesystem. Default: 90%, critical 97%, clear 87%, for 1m.
	Inodes LevelConfig `mapstructure:"inodes"`
	// ReadOnly is a filesystem that could be written to and no longer can. Default: enabled.
	ReadOnly SwitchConfig `mapstructure:"read_only"`
	// FileDescriptors are the file handles of the kernel. Default: 80%, critical 95%, clear 75%, for 1m.
	FileDescriptors LevelConfig `mapstructure:"file_descriptors"`
	// PIDs are the threads of what there can be. Default: 85%, critical 95%, clear 80%, for 1m.
	PIDs LevelConfig `mapstructure:"pids"`
}

// LevelConfig says when a share counts as too high.
type LevelConfig struct {
	SwitchConfig `mapstructure:",squash"`
	// ThresholdPercent is the share from which it is announced, with severity high.
	ThresholdPercent float64 `mapstructure:"threshold_percent"`
	// CriticalPercent is the share from which it is critical. Default: that of the signal, and with a
	// threshold that is not below it halfway from the threshold to 100.
	CriticalPercent *float64 `mapstructure:"critical_percent"`
	// ClearPercent is the share below which it is over. Default: as far below the threshold as the
	// signal's own are apart.
	ClearPercent *float64 `mapstructure:"clear_percent"`
	// Sustain is how long it has to last before it is announced.
	Sustain time.Duration `mapstructure:"sustain"`
}

// SwitchConfig turns a signal on and off.
type SwitchConfig struct {
	// Enabled is whether the signal makes events. Metrics are turned off under metrics. Default: true.
	Enabled bool `mapstructure:"enabled"`
}

// FilesystemsConfig says which filesystems are watched: those of disks, unless told otherwise.
type FilesystemsConfig struct {
	// IncludeMountPoints and IncludeTypes are patterns: where there are some, what matches is watched and
	// nothing else, and what is left out otherwise for its type is watched too. In a pattern * is anything
	// but a slash, ** anything and ? one character. Default: none.
	IncludeMountPoints []string `mapstructure:"include_mount_points"`
	IncludeTypes       []string `mapstructure:"include_types"`
	// ExcludeMountPoints and ExcludeTypes are patterns of what is left out in any case. Default: none.
	ExcludeMountPoints []string `mapstructure:"exclude_mount_points"`
	ExcludeTypes       []string `mapstructure:"exclude_types"`
	// Network includes network filesystems, which may hang. Default: false.
	Network bool `mapstructure:"network"`
}

// TopConsumersConfig names processes that use most as evidence.
type TopConsumersConfig struct {
	// Count is how many processes by CPU or memory are named, without their command lines; 0 is none.
	// Default: 5.
	Count int `mapstructure:"count"`
}

// ForecastConfig predicts exhaustion.
type ForecastConfig struct {
	// Enabled is whether memory, filesystems, file descriptors and process ids are predicted. Default: true.
	Enabled bool `mapstructure:"enabled"`
}

func createDefaultConfig() component.Config {
	on := SwitchConfig{Enabled: true}
	signals := SignalsConfig{OOMKills: on, ReadOnly: on}
	for _, s := range signals.levels() {
		*s.config = LevelConfig{SwitchConfig: on, ThresholdPercent: s.standard.threshold, Sustain: s.standard.sustain}
	}
	return &Config{
		MetricsBuilderConfig: metadata.NewDefaultMetricsBuilderConfig(),
		CollectionInterval:   30 * time.Second,
		InitialDelay:         time.Second,
		Scope:                ScopeAuto,
		Signals:              signals,
		TopConsumers:         TopConsumersConfig{Count: maxTopConsumers},
		Forecast:             ForecastConfig{Enabled: true},
		Heartbeat:            maxHeartbeat,
	}
}

const (
	// minInterval keeps the cost of a collection small beside the time between two.
	minInterval = time.Second
	// maxInterval is how long a signal may be out of sight.
	maxInterval = 5 * time.Minute
	// maxHeartbeat is how often the connector expects to hear of a condition; it takes one for stale after three
	// times as long.
	maxHeartbeat = 5 * time.Minute
	// maxTopConsumers bounds what an event has as evidence.
	maxTopConsumers = 5
)

// Validate checks the configuration.
func (c *Config) Validate() error {
	errs := []error{
		between("collection_interval", c.CollectionInterval, minInterval, maxInterval),
		between("initial_delay", c.InitialDelay, 0, maxInterval),
		between("heartbeat", c.Heartbeat, time.Second, maxHeartbeat),
		between("top_consumers::count", c.TopConsumers.Count, 0, maxTopConsumers),
		c.checkScope(),
	}
	if c.RootPath != "" && !path.IsAbs(c.RootPath) {
		errs = append(errs, fmt.Errorf("root_path: %q is not absolute: give the path at which the host's / is mounted", c.RootPath))
	}
	for _, s := range c.Signals.levels() {
		if s.config.Enabled {
			errs = append(errs, s.check(c.CollectionInterval))
		}
	}
	_, err := c.Filesystems.filter()
	return errors.Join(append(errs, err)...)
}

func (c *Config) checkScope() error {
	switch c.Scope {
	case ScopeAuto, ScopeHost, ScopeContainer:
		return nil
	default:
		return fmt.Errorf("scope: %q is none of auto, host and container", c.Scope)
	}
}

func between[T int | time.Duration](name string, value, least, most T) error {
	if value < least || value > most {
		return fmt.Errorf("%s: %v is not between %v and %v", name, value, least, most)
	}
	return nil
}
