package failuredetectorprocessor

import (
	"go.opentelemetry.io/collector/component"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/ruleset"
	"github.com/failuredetector/failuredetector/rules"
)

// Config is the configuration of the processor.
type Config struct {
	// Enabled lets the processor inspect telemetry; false passes all of it
	// through untouched. Default: true.
	Enabled bool `mapstructure:"enabled"`
	// TrustIncoming keeps failure_* attributes that telemetry arrives with, and
	// leaves a record alone that already has a failure_type. Set it on a gateway
	// behind agents that classify. Default: false, which removes them.
	TrustIncoming bool `mapstructure:"trust_incoming"`
	// Rules says which rules are used.
	Rules rules.Config `mapstructure:"rules"`
	// Text says which parts of a record are read.
	Text TextConfig `mapstructure:"text"`
	// Annotate says what is written beside type, severity, category, confidence and rule.
	Annotate AnnotateConfig `mapstructure:"annotate"`
	// SetSeverity gives a log record without a severity number that of its failure. Default: true.
	SetSeverity bool `mapstructure:"set_severity"`

	// validated is what Validate has compiled, until the start takes it.
	validated *detect.Detector
}

// TextConfig says which parts of a record are read besides its exception,
// status message and text body.
type TextConfig struct {
	// BodyKeys are the keys of a map or JSON body whose values are text.
	BodyKeys []string `mapstructure:"body_keys"`
	// Attributes are further attributes whose values are text. Default: error.message.
	Attributes []string `mapstructure:"attributes"`
}

// AnnotateConfig says what is written beside what identifies a failure.
type AnnotateConfig struct {
	// Captures writes what a rule captured, as failure_capture.<name>. Default: true.
	Captures bool `mapstructure:"captures"`
	// Explanation writes cause and actions, as failure_cause and failure_actions. Default: false.
	Explanation bool `mapstructure:"explanation"`
}

func createDefaultConfig() component.Config {
	return &Config{
		Enabled: true,
		Rules:   rules.NewDefaultConfig(),
		Text: TextConfig{
			BodyKeys:   detect.DefaultBodyKeys(),
			Attributes: detect.DefaultAttributes(),
		},
		Annotate:    AnnotateConfig{Captures: true},
		SetSeverity: true,
	}
}

// Validate loads and compiles the rules, so that a fault in a rule file is told
// before the collector starts.
func (c *Config) Validate() error {
	// The block `rules` reports its own faults.
	if valid := c.Rules.Validate() == nil; !valid || !c.Enabled {
		return nil
	}
	detector, err := c.compile(nil)
	c.validated = detector
	return err
}

// compile gives the detector that the configuration describes: the one from before, where its rules are
// the same.
func (c *Config) compile(before *detect.Detector) (*detect.Detector, error) {
	return ruleset.Compile(c.Rules, c.options(), before)
}

func (c *Config) options() detect.Options {
	return detect.Options{BodyKeys: c.Text.BodyKeys, Attributes: c.Text.Attributes}
}
