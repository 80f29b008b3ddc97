package ruleset

import (
	"fmt"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// Compile gives the detector that a configuration describes: the one from before, where its rules are the
// same. before may be nil.
func Compile(config rules.Config, options detect.Options, before *detect.Detector) (*detect.Detector, error) {
	set, err := rules.Load(config)
	if err != nil {
		return nil, fmt.Errorf("loading rules:\n%w", err)
	}
	if before != nil && before.Rules().Hash == set.Hash {
		return before, nil
	}
	detector, err := detect.New(set, options)
	if err != nil {
		return nil, fmt.Errorf("compiling rules:\n%w", err)
	}
	return detector, nil
}

// Live is the detector of a configuration, as its files are now.
type Live struct {
	config   rules.Config
	options  detect.Options
	logger   *zap.Logger
	reloaded func(worked bool)
	current  atomic.Pointer[detect.Detector]
	watcher  *rules.Watcher
	done     chan struct{}
}

// New begins with a detector. reloaded is told whether changed files could be used.
func New(config rules.Config, options detect.Options, detector *detect.Detector, logger *zap.Logger, reloaded func(worked bool)) *Live {
	l := &Live{config: config, options: options, logger: logger, reloaded: reloaded}
	l.current.Store(detector)
	return l
}

// Detector gives the rules to use now.
func (l *Live) Detector() *detect.Detector { return l.current.Load() }

// Follow begins to watch the files of the configuration, if it has any, until Close.
func (l *Live) Follow() error {
	if len(l.config.Files) == 0 {
		return nil
	}
	var err error
	if l.watcher, err = rules.NewWatcher(l.config.Files); err != nil {
		return err
	}
	l.done = make(chan struct{})
	go l.follow()
	return nil
}

// Close ends the watch and waits until it has ended.
func (l *Live) Close() error {
	if l.watcher == nil {
		return nil
	}
	err := l.watcher.Close()
	<-l.done
	return err
}

func (l *Live) follow() {
	defer close(l.done)
	for {
		select {
		case _, open := <-l.watcher.Changes:
			if !open {
				return
			}
			l.reload()
		case err := <-l.watcher.Errors:
			l.logger.Warn("watching rule files failed; they are read again in case a change was missed", zap.Error(err))
		}
	}
}

// reload compiles the files anew. Rules that cannot be used leave those in use as they are.
func (l *Live) reload() {
	current := l.current.Load()
	fresh, err := Compile(l.config, l.options, current)
	if err != nil {
		l.logger.Error("changed rule files cannot be used; the rules loaded before stay in use",
			zap.String("hash", current.Rules().Hash), zap.Error(err))
		l.reloaded(false)
		return
	}
	if fresh == current {
		return
	}
	l.current.Store(fresh)
	l.logger.Info("rules reloaded", zap.Int("rules", len(fresh.Rules().Rules)), zap.String("hash", fresh.Rules().Hash))
	l.reloaded(true)
}
