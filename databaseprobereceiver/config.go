package databaseprobereceiver

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/postgres"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// Config is the configuration of the receiver.
type Config struct {
	metadata.MetricsBuilderConfig `mapstructure:",squash"`

	// CollectionInterval is how often each target is checked. Default: 30s, at least 10s.
	CollectionInterval time.Duration `mapstructure:"collection_interval"`
	// InitialDelay is how long after the start they are checked for the first time. Default: 1s.
	InitialDelay time.Duration `mapstructure:"initial_delay"`
	// Connections says when the connections in use are too many.
	Connections ConnectionsConfig `mapstructure:"connections"`
	// Targets are what is checked.
	Targets []TargetConfig `mapstructure:"targets"`
}

// ConnectionsConfig says when the connections in use are too many.
type ConnectionsConfig struct {
	// ThresholdPercent is the share of the usable connections from which it is announced. It is over
	// five points below. Default: 80.
	ThresholdPercent float64 `mapstructure:"threshold_percent"`
	// CriticalPercent is the share from which it is critical. Default: 90.
	CriticalPercent float64 `mapstructure:"critical_percent"`
}

// TargetConfig is a server that is checked.
type TargetConfig struct {
	// Type is what it is: postgresql, pgbouncer, mysql, mariadb, redis or tcp.
	Type string `mapstructure:"type"`
	// Endpoint is its host and port.
	Endpoint string `mapstructure:"endpoint"`
	// Username and Password are those of a user who may read the server's statistics. Redis may have a
	// password alone, or neither.
	Username string              `mapstructure:"username"`
	Password configopaque.String `mapstructure:"password"`
	// Database is the one to connect to. Default: for postgresql the name of the user, else none.
	Database string `mapstructure:"database"`
	// TLS is how the connection is protected. Default: with TLS, and the server's certificate is verified.
	TLS configtls.ClientConfig `mapstructure:"tls"`
}

// The types of targets, named as semantic conventions name the systems.
const (
	typePostgreSQL = "postgresql"
	typePgBouncer  = "pgbouncer"
	typeMySQL      = "mysql"
	typeMariaDB    = "mariadb"
	typeRedis      = "redis"
	typeTCP        = "tcp"
)

var targetTypes = []string{typePostgreSQL, typePgBouncer, typeMySQL, typeMariaDB, typeRedis, typeTCP}

// minInterval leaves room for a check that takes as long as it may.
const minInterval = 10 * time.Second

func createDefaultConfig() component.Config {
	return &Config{
		MetricsBuilderConfig: metadata.NewDefaultMetricsBuilderConfig(),
		CollectionInterval:   30 * time.Second,
		InitialDelay:         time.Second,
		Connections:          ConnectionsConfig{ThresholdPercent: 80, CriticalPercent: 90},
	}
}

// Validate tells all that is wrong.
func (c *Config) Validate() error {
	var errs []error
	if c.CollectionInterval < minInterval {
		errs = append(errs, fmt.Errorf("collection_interval: %v is too short: use at least %v, which a check may take", c.CollectionInterval, minInterval))
	}
	if c.InitialDelay < 0 {
		errs = append(errs, fmt.Errorf("initial_delay: %v is negative", c.InitialDelay))
	}
	if t := c.Connections; !(5 < t.ThresholdPercent && t.ThresholdPercent <= t.CriticalPercent && t.CriticalPercent <= 100) {
		errs = append(errs, fmt.Errorf("connections: threshold_percent %v and critical_percent %v have to rise and lie between 5 and 100",
			t.ThresholdPercent, t.CriticalPercent))
	}
	if len(c.Targets) == 0 {
		errs = append(errs, errors.New("targets: there are none"))
	}
	seen := map[string]int{}
	for i := range c.Targets {
		t := &c.Targets[i]
		if err := t.validate(); err != nil {
			errs = append(errs, fmt.Errorf("targets[%d]: %w", i, err))
			continue
		}
		id := t.entity()
		if first, twice := seen[id]; twice {
			errs = append(errs, fmt.Errorf("targets[%d]: %q is targets[%d] already", i, id, first))
			continue
		}
		seen[id] = i
	}
	return errors.Join(errs...)
}

func (t *TargetConfig) validate() error {
	var errs []error
	if !slices.Contains(targetTypes, t.Type) {
		errs = append(errs, fmt.Errorf("type: %q is not known: use one of %s", t.Type, strings.Join(targetTypes, ", ")))
	}
	host, port, err := net.SplitHostPort(t.Endpoint)
	if strings.ContainsAny(t.Endpoint, "@/?") {
		// It may hold a password, so it is not repeated.
		errs = append(errs, errors.New("endpoint: it looks like a URL: use a host with a port, like db.example:5432, and username and password"))
	} else if err != nil {
		errs = append(errs, fmt.Errorf("endpoint: %q is no host with a port, like db.example:5432", t.Endpoint))
	} else if _, err := strconv.ParseUint(port, 10, 16); err != nil || host == "" {
		errs = append(errs, fmt.Errorf("endpoint: %q has no host or no port, like db.example:5432", t.Endpoint))
	}
	if t.Username == "" && t.Type != typeRedis && t.Type != typeTCP {
		errs = append(errs, errors.New("username: there is none"))
	}
	if t.Database != "" && (t.Type == typeRedis || t.Type == typePgBouncer) {
		errs = append(errs, fmt.Errorf("database means nothing to type %q, which is checked as a whole", t.Type))
	}
	if t.Type == typeTCP && (t.Username != "" || t.Password != "" || t.Database != "") {
		errs = append(errs, fmt.Errorf("username, password and database mean nothing to type %q", t.Type))
	}
	return errors.Join(errs...)
}

// place is the host and the port; the configuration was validated.
func (t *TargetConfig) place() (host string, port uint16) {
	host, text, err := net.SplitHostPort(t.Endpoint)
	if err != nil {
		return t.Endpoint, 0
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return host, 0
	}
	return host, uint16(number)
}

// namespace is the database that is checked.
func (t *TargetConfig) namespace() string {
	switch {
	case t.Type == typePgBouncer:
		return postgres.AdminDatabase
	case t.Database == "" && t.Type == typePostgreSQL:
		return t.Username
	default:
		return t.Database
	}
}

// entity identifies the target in events.
func (t *TargetConfig) entity() string {
	id := "db:" + t.Type + "://" + t.Endpoint
	if name := t.namespace(); name != "" {
		id += "/" + name
	}
	return id
}

func (c *Config) schedule() probe.Schedule {
	return probe.Schedule{InitialDelay: c.InitialDelay, Interval: c.CollectionInterval}
}
