package failuredetectorconnector

import (
	"errors"
	"fmt"
	"os"

	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/internal/incident"
	"github.com/failuredetector/failuredetector/rules"
)

// files are the watches on what may change while the connector runs.
type files struct {
	rules, mutes watch
}

// watch is a watch on some files, or on none.
type watch struct {
	watcher *rules.Watcher
}

func newWatch(paths ...string) (watch, error) {
	if len(paths) == 0 {
		return watch{}, nil
	}
	watcher, err := rules.NewWatcher(paths)
	return watch{watcher: watcher}, err
}

func (w watch) changes() <-chan struct{} {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Changes
}

func (w watch) errors() <-chan error {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Errors
}

func (w watch) close() error {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Close()
}

func (f *files) close() error { return errors.Join(f.rules.close(), f.mutes.close()) }

// openFiles reads the mutes and begins to watch.
func (c *core) openFiles() error {
	c.files = &files{}
	if c.config.MuteFile != "" {
		mutes, err := readMutes(c.config.MuteFile)
		if err != nil {
			return err
		}
		c.state.SetMutes(mutes)
	}
	if c.host != nil {
		return nil
	}
	var err error
	if c.files.rules, err = newWatch(c.config.Rules.Files...); err != nil || c.config.MuteFile == "" {
		return err
	}
	c.files.mutes, err = newWatch(c.config.MuteFile)
	return err
}

func readMutes(name string) (*incident.Mutes, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("mute file: %w", err)
	}
	return incident.ParseMutes(name, content)
}

// reloadRules takes changed rule files into use. Those that cannot be used change nothing.
func (c *core) reloadRules() {
	fresh, err := loadCatalogue(c.config.Rules)
	if err != nil {
		c.logger.Error("changed rule files cannot be used; the rules loaded before stay in use", zap.Error(err))
		c.telemetry.reload("rules", false)
		return
	}
	if fresh.set.Hash == c.catalogue.Load().set.Hash {
		return
	}
	c.catalogue.Store(fresh)
	c.mu.Lock()
	c.state.SetPolicies(c.policy)
	c.mu.Unlock()
	c.logger.Info("rules reloaded", zap.String("hash", fresh.set.Hash))
	c.telemetry.reload("rules", true)
}

// reloadMutes takes a changed mute file into use. One that cannot be used changes nothing.
func (c *core) reloadMutes() {
	mutes, err := readMutes(c.config.MuteFile)
	if err != nil {
		c.logger.Error("the changed mute file cannot be used; the mutes read before stay in use", zap.Error(err))
		c.telemetry.reload("mutes", false)
		return
	}
	c.mu.Lock()
	c.state.SetMutes(mutes)
	c.mu.Unlock()
	c.logger.Info("mutes reloaded", zap.Int("silences", len(mutes.Silences)), zap.Int("maintenance", len(mutes.Maintenance)))
	c.telemetry.reload("mutes", true)
}
