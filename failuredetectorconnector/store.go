package failuredetectorconnector

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/internal/incident"
)

// Keys in the storage.
const (
	stateKey = "state"
	// asideKey has the last state that could not be read, for people.
	asideKey      = "state.set-aside"
	instanceIDKey = "instance_id"
)

const serviceInstanceID = "service.instance.id"

// store keeps the state in a storage extension. Without one it does nothing.
type store struct {
	core   *core
	host   component.Host
	client storage.Client
	// saved is the revision of the state that was saved last.
	saved int64
	// failing says that the last save failed, so that health is told once each way.
	failing bool
}

// openStore opens the storage. An extension that is not there is a fault of the configuration; one
// that cannot be opened is reported, and the connector runs without it.
func openStore(ctx context.Context, c *core, host component.Host) (*store, error) {
	s := &store{core: c, host: host}
	if c.config.Storage == nil || c.host != nil {
		return s, nil
	}
	found, ok := host.GetExtensions()[*c.config.Storage]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q: add it to service::extensions", c.config.Storage)
	}
	extension, ok := found.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is no storage", c.config.Storage)
	}
	client, err := extension.GetClient(ctx, component.KindConnector, c.settings.ID, "")
	if err != nil {
		s.complain(fmt.Errorf("storage: opening %q: %w", c.config.Storage, err))
		return s, nil
	}
	s.client = client
	return s, nil
}

// complain tells that the state is not saved.
func (s *store) complain(err error) {
	s.core.logger.Error("the state is not saved: after a restart open incidents are announced as new", zap.Error(err))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
}

// load fills the state with what was saved. What cannot be used is set aside, and the state begins empty.
func (s *store) load(ctx context.Context) []incident.Event {
	if s.client == nil {
		return nil
	}
	value, err := s.client.Get(ctx, stateKey)
	if err != nil {
		// To go on would overwrite what may be read next time.
		s.complain(fmt.Errorf("storage: reading: %w", err))
		if err := s.client.Close(ctx); err != nil {
			s.core.logger.Warn("closing the storage failed", zap.Error(err))
		}
		s.client = nil
		return nil
	}
	if value == nil {
		return nil
	}
	events, err := s.restore(value)
	if err != nil {
		s.core.logger.Warn("the saved state cannot be used and is set aside: open incidents are announced as new",
			zap.String("key", asideKey), zap.Error(err))
		if err := s.client.Set(ctx, asideKey, value); err != nil {
			s.core.logger.Warn("setting the saved state aside failed", zap.Error(err))
		}
	}
	return events
}

func (s *store) restore(value []byte) ([]incident.Event, error) {
	snap, err := incident.Decode(value)
	if err != nil {
		return nil, err
	}
	return s.core.state.Restore(s.core.now(), snap)
}

// instanceID gives the service.instance.id of the derived metrics: the configured one, or the first
// that the collector had since the storage is there, or the collector's.
func (s *store) instanceID(ctx context.Context) string {
	if s.core.config.InstanceID != "" {
		return s.core.config.InstanceID
	}
	own := ""
	if value, found := s.core.settings.Resource.Attributes().Get(serviceInstanceID); found {
		own = value.AsString()
	}
	if s.client == nil {
		return own
	}
	saved, err := s.client.Get(ctx, instanceIDKey)
	if err == nil && len(saved) > 0 {
		return string(saved)
	}
	if err == nil && own != "" {
		err = s.client.Set(ctx, instanceIDKey, []byte(own))
	}
	if err != nil {
		s.core.logger.Warn("service.instance.id is not kept", zap.Error(err))
	}
	return own
}

// save writes the state, where there is something new in it. It is encoded from a copy, so records do
// not wait for it.
func (s *store) save(ctx context.Context) {
	if s.client == nil {
		return
	}
	snap, revision := s.snapshot()
	if snap == nil {
		return
	}
	value, err := incident.Encode(snap)
	if err == nil {
		err = s.client.Set(ctx, stateKey, value)
	}
	s.core.telemetry.save(err == nil)
	switch {
	case err != nil && !s.failing:
		s.complain(fmt.Errorf("storage: writing: %w", err))
	case err == nil && s.failing:
		componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
	s.failing = err != nil
	if err == nil {
		s.saved = revision
	}
}

// snapshot copies the state, or gives nil where it is saved already.
func (s *store) snapshot() (*incident.Snapshot, int64) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	revision, settled := s.core.state.Settled()
	if settled && revision == s.saved {
		return nil, revision
	}
	return s.core.state.Snapshot(), revision
}

func (s *store) close(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	return s.client.Close(ctx)
}
