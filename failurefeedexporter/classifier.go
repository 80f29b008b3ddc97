package failurefeedexporter

import (
	"reflect"
	"sync"

	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/ruleset"
	"github.com/failuredetector/failuredetector/rules"
)

// classifier tells what a message is. The shipped rules are compiled for the first question, so whoever asks none
// pays nothing; others at the start, so that a fault in them is told then, and their files are followed.
type classifier struct {
	config rules.Config
	first  func() (*detect.Detector, error)
	// live is there where rules come from files.
	live *ruleset.Live
}

func newClassifier(config rules.Config) *classifier {
	return &classifier{config: config, first: sync.OnceValues(func() (*detect.Detector, error) {
		return ruleset.Compile(config, detect.Options{}, nil)
	})}
}

func (c *classifier) start(logger *zap.Logger) error {
	if reflect.DeepEqual(c.config, rules.NewDefaultConfig()) {
		return nil
	}
	first, err := c.first()
	if err != nil || len(c.config.Files) == 0 {
		return err
	}
	c.live = ruleset.New(c.config, detect.Options{}, first, logger, func(bool) {})
	return c.live.Follow()
}

func (c *classifier) close() error {
	if c.live == nil {
		return nil
	}
	return c.live.Close()
}

func (c *classifier) detector() (*detect.Detector, error) {
	if c.live != nil {
		return c.live.Detector(), nil
	}
	return c.first()
}
