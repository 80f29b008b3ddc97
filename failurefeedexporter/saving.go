package failurefeedexporter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

const (
	// stateKey is where in the storage the state is, and stateVersion the form that it has.
	stateKey     = "state"
	stateVersion = 1
)

// savedState is the state as it is saved.
type savedState struct {
	Version  int                   `json:"version"`
	Failures []savedFailure        `json:"failures"`
	Said     map[string]*precision `json:"said"`
	// Totals are there since this form has them.
	Totals *savedTotals `json:"totals,omitempty"`
}

// savedFailure is a failure with what clients do not see.
type savedFailure struct {
	shownFailure
	Sequence int64         `json:"sequence"`
	Reminder time.Duration `json:"reminder"`
	Received time.Time     `json:"received"`
	Held     bool          `json:"held,omitempty"`
	Moments  []moment      `json:"timeline"`
	Left     int           `json:"left"`
}

// saver keeps the state in a storage extension, so that it survives a restart. Without one it does nothing.
type saver struct {
	client storage.Client
	store  *store
	logger *zap.Logger
	// saved is the revision that was saved last, and failing whether that did not work the last time.
	saved   int64
	failing bool
}

// openSaver opens the storage and reads what is in it. A state that cannot be read is left out: it is a view
// of what others know.
func openSaver(ctx context.Context, f *feed, host component.Host) (*saver, error) {
	s := &saver{store: f.store, logger: f.settings.Logger}
	id := f.config.Storage
	if id == nil {
		return s, nil
	}
	found, there := host.GetExtensions()[*id]
	if !there {
		return nil, fmt.Errorf("storage: there is no extension %q: add it to service::extensions", id)
	}
	extension, is := found.(storage.Extension)
	if !is {
		return nil, fmt.Errorf("storage: extension %q is no storage", id)
	}
	var err error
	if s.client, err = extension.GetClient(ctx, component.KindExporter, f.settings.ID, ""); err != nil {
		return nil, fmt.Errorf("storage: opening %q: %w", id, err)
	}
	content, err := s.client.Get(ctx, stateKey)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("storage: reading: %w", err), s.client.Close(ctx))
	}
	if content == nil {
		return s, nil
	}
	if err := f.store.restore(content); err != nil {
		s.logger.Warn("the saved failures cannot be used: the feed begins without them", zap.Error(err))
	}
	return s, nil
}

// save writes the state where there is something new in it. It is encoded from a copy, so events do not wait.
func (s *saver) save(ctx context.Context) {
	if s.client == nil {
		return
	}
	state, revision := s.store.snapshot(s.saved)
	if state == nil {
		return
	}
	content, err := json.Marshal(state)
	if err == nil {
		err = s.client.Set(ctx, stateKey, content)
	}
	if err != nil {
		if !s.failing {
			s.logger.Error("the failures are not saved", zap.Error(err))
		}
		s.failing = true
		return
	}
	s.failing, s.saved = false, revision
}

func (s *saver) close(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	s.save(ctx)
	return s.client.Close(ctx)
}

// snapshot copies the state, or gives nil where it is that of a revision.
func (s *store) snapshot(saved int64) (*savedState, int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.revision == saved {
		return nil, saved
	}
	state := &savedState{Version: stateVersion, Failures: make([]savedFailure, 0, len(s.failures)), Said: make(map[string]*precision, len(s.tally.said))}
	for element := s.over.Front(); element != nil; element = element.Next() {
		state.Failures = append(state.Failures, newSavedFailure(element.Value.(*shownFailure)))
	}
	for element := s.open.Front(); element != nil; element = element.Next() {
		state.Failures = append(state.Failures, newSavedFailure(element.Value.(*shownFailure)))
	}
	for rule, said := range s.tally.said {
		copied := *said
		state.Said[rule] = &copied
	}
	state.Totals = s.tally.saved(s.overflow)
	return state, s.revision
}

func newSavedFailure(f *shownFailure) savedFailure {
	return savedFailure{shownFailure: *f, Sequence: f.sequence, Reminder: f.reminder, Received: f.received, Held: f.held, Moments: f.timeline.moments, Left: f.timeline.left}
}

// restore fills an empty store. Of more failures than there is room for, those that went on are kept.
func (s *store) restore(content []byte) error {
	var state savedState
	if err := json.Unmarshal(content, &state); err != nil {
		return err
	}
	if state.Version != stateVersion {
		return fmt.Errorf("version %d is not known", state.Version)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, saved := range slices.Backward(state.Failures) {
		if len(s.failures) == s.limit {
			break
		}
		fresh := saved.shownFailure
		fresh.sequence, fresh.reminder, fresh.received, fresh.held = saved.Sequence, saved.Reminder, saved.Received, saved.Held
		fresh.timeline = timeline{moments: saved.Moments, left: saved.Left}
		if fresh.ID == "" || !fresh.timeline.whole() || s.failures[fresh.ID] != nil {
			continue
		}
		s.putFirst(&fresh)
	}
	for rule, said := range state.Said {
		if said != nil && len(s.tally.said) <= maxNames {
			s.tally.said[rule] = said
		}
	}
	if state.Totals != nil {
		s.tally.restore(state.Totals)
		s.overflow = state.Totals.Overflow
	}
	return nil
}
