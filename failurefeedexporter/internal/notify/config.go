package notify

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/keys"
)

// Config says who is told.
type Config struct {
	// ExternalURL is where people reach the page, for links to it. Default: none.
	ExternalURL string `mapstructure:"external_url"`
	// Alertmanager are Alertmanagers. Each of a cluster is told by itself. Default: none.
	Alertmanager []AlertmanagerConfig `mapstructure:"alertmanager"`
	// Webhooks are other receivers. Default: none.
	Webhooks []WebhookConfig `mapstructure:"webhooks"`
}

// Delivery is how a destination is reached.
type Delivery struct {
	// HTTP is the client, whose keys stand beside those of the destination. Default: timeout 10s.
	HTTP confighttp.ClientConfig `mapstructure:",squash"`
	// Queue holds what is to be sent. Default: 1000 requests, sent one after another.
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	// Retry says how often and for how long sending is tried again.
	Retry configretry.BackOffConfig `mapstructure:"retry_on_failure"`
}

// AlertmanagerConfig is one Alertmanager.
type AlertmanagerConfig struct {
	Delivery `mapstructure:",squash"`
	Filter   `mapstructure:",squash"`
	// ResendInterval is how often it is told that a failure goes on. Three intervals after it was told
	// last, an alert ends by itself. Default: 1m.
	ResendInterval time.Duration `mapstructure:"resend_interval"`
	// Resolve says how an alert ends: at_once, or by expiry. Default: at_once.
	Resolve Resolve `mapstructure:"resolve"`
	// Labels are the resource attributes that become labels. Default: service.namespace, service.name,
	// deployment.environment.name.
	Labels []string `mapstructure:"labels"`
}

// Resolve is how an alert ends.
type Resolve string

// The ways in which an alert ends.
const (
	// ResolveAtOnce says to Alertmanager that it has ended.
	ResolveAtOnce Resolve = "at_once"
	// ResolveByExpiry says nothing more of it, so that it lasts as long as any sender tells of it.
	ResolveByExpiry Resolve = "by_expiry"
)

// WebhookConfig is one receiver of events.
type WebhookConfig struct {
	Delivery `mapstructure:",squash"`
	Filter   `mapstructure:",squash"`
	// Events are the types of messages that are sent. Default: all but failure_ongoing.
	Events []string `mapstructure:"events"`
	// Secret signs requests. Default: none, and nothing is signed.
	Secret *configopaque.String `mapstructure:"secret"`
	// Template makes the body. Default: the message of the stream.
	Template string `mapstructure:"template"`
}

// EventTypes are the types of messages that there are.
var EventTypes = []string{
	"failure_detected", "failure_escalated", "failure_resolved", "failure_regressed", "failure_predicted", eventOngoing,
}

// eventOngoing repeats what is known, so it is sent only to who asks for it.
const eventOngoing = "failure_ongoing"

func defaultDelivery() Delivery {
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = 10 * time.Second
	queue := exporterhelper.NewDefaultQueueConfig()
	// With several at once, an end could overtake its beginning.
	queue.NumConsumers = 1
	queue.Batch = configoptional.None[exporterhelper.BatchConfig]()
	return Delivery{HTTP: client, Queue: configoptional.Some(queue), Retry: configretry.NewDefaultBackOffConfig()}
}

// Unmarshal refuses keys that there are not.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := keys.Check(conf, *c); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Unmarshal lets the client read its keys, which it does only where it is squashed itself.
func (d *Delivery) Unmarshal(conf *confmap.Conf) error {
	return conf.Unmarshal(d, confmap.WithIgnoreUnused())
}

// Unmarshal fills in what is not said.
func (c *AlertmanagerConfig) Unmarshal(conf *confmap.Conf) error {
	*c = AlertmanagerConfig{
		Delivery: defaultDelivery(), ResendInterval: time.Minute, Resolve: ResolveAtOnce,
		Labels: []string{"service.namespace", "service.name", "deployment.environment.name"},
	}
	// All that goes on is told again by then.
	c.Retry.MaxElapsedTime = time.Minute
	if conf.IsSet("labels") {
		c.Labels = nil
	}
	if err := keys.Check(conf, *c); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Unmarshal fills in what is not said.
func (c *WebhookConfig) Unmarshal(conf *confmap.Conf) error {
	*c = WebhookConfig{Delivery: defaultDelivery()}
	if !conf.IsSet("events") {
		c.Events = slices.DeleteFunc(slices.Clone(EventTypes), func(name string) bool { return name == eventOngoing })
	}
	if err := keys.Check(conf, *c); err != nil {
		return err
	}
	return conf.Unmarshal(c)
}

// Validate checks what the type system does not.
func (c *Config) Validate() error {
	if c.ExternalURL != "" && !isHTTP(c.ExternalURL) {
		return fmt.Errorf("external_url: %q has to be an http or https URL", c.ExternalURL)
	}
	return nil
}

// check refuses what cannot work. What an endpoint is stays unsaid: it may be a secret.
func (d *Delivery) check() error {
	if !isHTTP(d.HTTP.Endpoint) {
		return errors.New("endpoint: has to be an http or https URL")
	}
	if queue := d.Queue.Get(); queue != nil && queue.Batch.HasValue() {
		return errors.New("sending_queue::batch: what is sent is put together already: leave it out")
	}
	return nil
}

// Validate checks what the type system does not.
func (c *AlertmanagerConfig) Validate() error {
	if err := c.check(); err != nil {
		return err
	}
	if c.ResendInterval <= 0 {
		return errors.New("resend_interval: has to be more than 0")
	}
	if c.Resolve != ResolveAtOnce && c.Resolve != ResolveByExpiry {
		return fmt.Errorf("resolve: %q is none: use %s or %s", c.Resolve, ResolveAtOnce, ResolveByExpiry)
	}
	return nil
}

// Validate checks what the type system does not.
func (c *WebhookConfig) Validate() error {
	if err := c.check(); err != nil {
		return err
	}
	for _, name := range c.Events {
		if !slices.Contains(EventTypes, name) {
			return fmt.Errorf("events: %q is none: use %s", name, strings.Join(EventTypes, ", "))
		}
	}
	if c.Secret != nil {
		if _, err := newSigner(string(*c.Secret)); err != nil {
			return fmt.Errorf("secret: %w", err)
		}
	}
	_, err := newBody(c)
	return err
}

func isHTTP(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != ""
}
