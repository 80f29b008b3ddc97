package failuredetectorconnector

import (
	"sync"

	"go.opentelemetry.io/collector/connector"
)

// registry has the cores in use. The Collector makes the edges of a component one by one, from one
// configuration; an entry lives from the first that is made to the last that is shut down.
type registry struct {
	mu    sync.Mutex
	inUse map[*Config]*core
}

var cores = &registry{inUse: map[*Config]*core{}}

// join gives an edge the core that it shares with others.
func (r *registry) join(config *Config, set connector.Settings, e *edge) (*edge, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.inUse[config]
	if c == nil {
		var err error
		if c, err = newCore(config, set); err != nil {
			return nil, err
		}
		r.inUse[config] = c
	}
	e.core = c
	c.add(e)
	return e, nil
}

// drop forgets a core that has no edge left.
func (r *registry) drop(c *core) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inUse[c.config] == c {
		delete(r.inUse, c.config)
	}
}
