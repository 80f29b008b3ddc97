package failurefeedexporter

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/confmap"

	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/keys"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/notify"
	"github.com/failuredetector/failuredetector/rules"
)

// traceIDField is what a trace URL has in the place of the trace id.
const traceIDField = "{trace_id}"

// Config is the configuration of the exporter.
type Config struct {
	// HTTP is the listener, whose keys stand beside those below. Default: endpoint localhost:8686.
	HTTP confighttp.ServerConfig `mapstructure:",squash"`
	// Insecure allows anybody to read who can reach a listener beyond this machine. Default: false.
	Insecure bool `mapstructure:"insecure"`
	// AllowedHosts are names by which clients may address the server beside localhost and that of the
	// endpoint. An IP address always may. Default: none.
	AllowedHosts []string `mapstructure:"allowed_hosts"`
	// TraceURL is where a trace can be looked at, with {trace_id} for its id. Default: none.
	TraceURL string `mapstructure:"trace_url"`
	// KeepEnded is for how long a failure is shown after its end. Default: 24h.
	KeepEnded time.Duration `mapstructure:"keep_ended"`
	// Rules say what POST /api/v1/detect recognises.
	Rules rules.Config `mapstructure:"rules"`
	// Storage names the storage extension in which failures survive a restart. Default: none.
	Storage *component.ID `mapstructure:"storage"`
	// Tenant limits answers to the tenant that asks.
	Tenant TenantConfig `mapstructure:"tenant"`
	// Stream says how clients are told of events live.
	Stream StreamConfig `mapstructure:"stream"`
	// Notify says who else is told of failures.
	Notify notify.Config `mapstructure:"notify"`
	// Limits bound what is kept.
	Limits LimitsConfig `mapstructure:"limits"`
}

// StreamConfig says how clients are told of events live.
type StreamConfig struct {
	// Enabled serves the stream. Default: true.
	Enabled bool `mapstructure:"enabled"`
	// Clients is how many may listen at once. Default: 2000.
	Clients int `mapstructure:"clients"`
	// Replay is how many messages are kept for clients that are slow or come back. Default: 4096.
	Replay int `mapstructure:"replay"`
	// WriteTimeout is for how long a client may take no bytes before it is dropped. Default: 10s.
	WriteTimeout time.Duration `mapstructure:"write_timeout"`
}

// LimitsConfig bounds what is kept.
type LimitsConfig struct {
	// Failures is the number of failures, ended ones included. Default: 2000.
	Failures int `mapstructure:"failures"`
}

func createDefaultConfig() component.Config { return defaultConfig() }

func defaultConfig() *Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:8686"
	// What clients send is a question in JSON, never telemetry.
	server.MaxRequestBodySize = 256 << 10
	// Of what a body may be compressed with, other kinds take memory before it is known how long the body is.
	server.CompressionAlgorithms = []string{"", "gzip"}
	server.ReadHeaderTimeout = 10 * time.Second
	server.ReadTimeout = 30 * time.Second
	return &Config{
		HTTP:      server,
		KeepEnded: 24 * time.Hour,
		Rules:     rules.NewDefaultConfig(),
		Stream:    StreamConfig{Enabled: true, Clients: 2000, Replay: 4096, WriteTimeout: 10 * time.Second},
		Limits:    LimitsConfig{Failures: 2000},
	}
}

// Unmarshal refuses keys that there are not.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := keys.Check(conf, *c); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Validate checks what the type system does not.
func (c *Config) Validate() error {
	return errors.Join(c.validateExposure(), c.validateHosts(), c.validateTraceURL(), c.validateTenant(), c.validateBounds())
}

// validateExposure refuses a listener that strangers can read from, unless that is asked for.
func (c *Config) validateExposure() error {
	if c.Insecure || c.HTTP.Auth.HasValue() || c.HTTP.NetAddr.Transport == confignet.TransportTypeUnix {
		return nil
	}
	if c.HTTP.TLS.HasValue() && c.HTTP.TLS.Get().ClientCAFile != "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.HTTP.NetAddr.Endpoint)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	if isLoopback(host) {
		return nil
	}
	return fmt.Errorf("endpoint: %q can be reached from other machines and has no auth: configure auth, or set insecure to true if everybody may read what fails", c.HTTP.NetAddr.Endpoint)
}

func (c *Config) validateHosts() error {
	var faults []error
	for _, host := range c.AllowedHosts {
		if host == "" || strings.ContainsAny(host, "/:*@ ") {
			faults = append(faults, fmt.Errorf("allowed_hosts: %q is no host name: leave scheme, port and wildcards out", host))
		}
	}
	return errors.Join(faults...)
}

func (c *Config) validateTraceURL() error {
	if c.TraceURL == "" {
		return nil
	}
	parsed, err := url.Parse(strings.ReplaceAll(c.TraceURL, traceIDField, "0"))
	if err != nil {
		return fmt.Errorf("trace_url: %w", err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || !strings.Contains(c.TraceURL, traceIDField) {
		return fmt.Errorf("trace_url: %q has to be an http or https URL that contains %s", c.TraceURL, traceIDField)
	}
	return nil
}

// validateTenant refuses a limit that would not hold.
func (c *Config) validateTenant() error {
	switch {
	case (c.Tenant.AuthAttribute == "") != (c.Tenant.ResourceAttribute == ""):
		return errors.New("tenant: auth_attribute and resource_attribute take one another")
	case c.Tenant.AuthAttribute != "" && !c.HTTP.Auth.HasValue():
		return errors.New("tenant: without auth no client has a tenant")
	default:
		return nil
	}
}

func (c *Config) validateBounds() error {
	var faults []error
	for _, bound := range []struct {
		name  string
		value int64
	}{
		{"keep_ended", int64(c.KeepEnded)},
		{"stream::clients", int64(c.Stream.Clients)},
		{"stream::replay", int64(c.Stream.Replay)},
		{"stream::write_timeout", int64(c.Stream.WriteTimeout)},
		{"limits::failures", int64(c.Limits.Failures)},
	} {
		if bound.value <= 0 {
			faults = append(faults, fmt.Errorf("%s: has to be more than 0", bound.name))
		}
	}
	return errors.Join(faults...)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
