package rules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long files must be quiet before they are read again: an
	// editor or a volume update touches several files in a row.
	settle = 250 * time.Millisecond
	// revisit is how often a directory that vanished is looked for.
	revisit = time.Second
)

// Watcher tells when rule files may have changed. It watches directories, not
// files, because Kubernetes updates a mounted ConfigMap by swapping a symbolic
// link beside the file.
type Watcher struct {
	// Changes gets a value after a burst of changes has settled. Readers must
	// expect that nothing relevant changed. It is closed when the watch ends.
	Changes <-chan struct{}
	// Errors gets what the watch itself could not do.
	Errors <-chan error

	notify *fsnotify.Watcher
	dirs   []string
	done   chan struct{}
}

// NewWatcher begins to watch the files and directories of a configuration. The
// caller must Close it.
func NewWatcher(paths []string) (*Watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching rule files: %w", err)
	}
	changes, faults := make(chan struct{}, 1), make(chan error, 1)
	w := &Watcher{Changes: changes, Errors: faults, notify: notify, done: make(chan struct{})}
	for _, path := range paths {
		dir := path
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			dir = filepath.Dir(path)
		}
		if !slices.Contains(w.dirs, dir) {
			w.dirs = append(w.dirs, dir)
		}
	}
	for _, dir := range w.dirs {
		if err := notify.Add(dir); err != nil {
			return nil, errors.Join(fmt.Errorf("watching rule files in %s: %w", dir, err), notify.Close())
		}
	}
	go w.run(changes, faults)
	return w, nil
}

// Close ends the watch and waits until nothing more is sent.
func (w *Watcher) Close() error {
	err := w.notify.Close()
	<-w.done
	return err
}

func (w *Watcher) run(changes chan<- struct{}, faults chan<- error) {
	defer close(w.done)
	defer close(changes)
	quiet := time.NewTimer(settle)
	quiet.Stop()
	defer quiet.Stop()
	lost := time.NewTicker(revisit)
	lost.Stop()
	defer lost.Stop()
	for {
		select {
		case event, open := <-w.notify.Events:
			if !open {
				return
			}
			if slices.Contains(w.dirs, event.Name) && event.Op.Has(fsnotify.Remove|fsnotify.Rename) {
				lost.Reset(revisit)
			}
			if event.Op != fsnotify.Chmod {
				quiet.Reset(settle)
			}
		case err, open := <-w.notify.Errors:
			if !open {
				return
			}
			select {
			case faults <- err:
			default: // One fault at a time is enough to say.
			}
			quiet.Reset(settle) // Events may have been lost, so look.
		case <-lost.C:
			if w.rejoin() {
				lost.Stop()
				quiet.Reset(settle)
			}
		case <-quiet.C:
			select {
			case changes <- struct{}{}:
			default: // The reader has not yet taken the last one, which covers this one.
			}
		}
	}
}

// rejoin watches again what was removed and made anew. It reports whether
// every directory is watched.
func (w *Watcher) rejoin() bool {
	all := true
	for _, dir := range w.dirs {
		all = w.notify.Add(dir) == nil && all
	}
	return all
}
