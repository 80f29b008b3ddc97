package probe

import (
	"reflect"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
)

// Registry has the collections of a receiver type. The Collector makes a receiver of each kind of telemetry
// by itself; those of one configuration share a collection.
//
// One configuration is the same component id with an equal configuration, not the same pointer: a reload
// that keeps the receiver of one pipeline and makes that of another anew hands over a new copy.
type Registry struct {
	mu    sync.Mutex
	inUse []*shared
}

// NewRegistry has no collections.
func NewRegistry() *Registry { return new(Registry) }

// NewSource makes the source of a collection, when the first of its receivers is made.
type NewSource func(set receiver.Settings) (Source, error)

// Metrics makes the receiver that sends the metrics of a collection.
func (r *Registry) Metrics(set receiver.Settings, config component.Config, schedule Schedule, next consumer.Metrics, source NewSource) (receiver.Metrics, error) {
	o, err := newOutlet(set)
	if err != nil {
		return nil, err
	}
	o.metrics = next
	return r.add(o, set, config, schedule, source, func(s *shared) **outlet { return &s.metrics })
}

// Logs makes the receiver that sends the events of a collection.
func (r *Registry) Logs(set receiver.Settings, config component.Config, schedule Schedule, next consumer.Logs, source NewSource) (receiver.Logs, error) {
	o, err := newOutlet(set)
	if err != nil {
		return nil, err
	}
	o.events = next
	return r.add(o, set, config, schedule, source, func(s *shared) **outlet { return &s.events })
}

// add gives an outlet its place in the collection of its configuration. Where the place is taken it is that
// of another service in the process, which has its own.
func (r *Registry) add(o *outlet, set receiver.Settings, config component.Config, schedule Schedule, source NewSource, place func(*shared) **outlet) (*outlet, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.inUse {
		if s.id == set.ID && *place(s) == nil && reflect.DeepEqual(s.config, config) {
			o.shared, *place(s) = s, o
			return o, nil
		}
	}
	made, err := source(set)
	if err != nil {
		return nil, err
	}
	s := newShared(r, set, config, schedule, made)
	o.shared, *place(s) = s, o
	r.inUse = append(r.inUse, s)
	return o, nil
}

// outlets gives the ways out that a collection has now.
func (r *Registry) outlets(s *shared) (metrics, events *outlet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return s.metrics, s.events
}

// remove takes an outlet out, and forgets a collection that has none left.
func (r *Registry) remove(o *outlet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := o.shared
	if s.metrics == o {
		s.metrics = nil
	}
	if s.events == o {
		s.events = nil
	}
	if s.metrics != nil || s.events != nil {
		return
	}
	for i, other := range r.inUse {
		if other == s {
			r.inUse = append(r.inUse[:i], r.inUse[i+1:]...)
			return
		}
	}
}
