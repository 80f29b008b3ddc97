package automaton

import "sync"

// Pool bounds the memory that the states of many expressions take together. All
// of them are forgotten when they would take more: a state is built anew in a
// few microseconds.
type Pool struct {
	limit int

	mu   sync.Mutex
	used int
	// sizes has the machines that have a cache, each with what that takes, in bytes.
	sizes map[*machine]int
}

// NewPool makes a pool of a limit in bytes.
func NewPool(limit int) *Pool { return &Pool{limit: limit, sizes: map[*machine]int{}} }

// publish gives a machine its cache, in place of the one that it has. Where that is
// too much, every other machine forgets its own. Both happen under one lock, so that
// no cache is in use that the pool does not know.
func (p *Pool) publish(m *machine, c *cache) {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := c.size()
	if p.used-p.sizes[m]+size > p.limit {
		for other := range p.sizes {
			other.current.Store(nil)
		}
		clear(p.sizes)
		p.used = 0
	}
	p.used += size - p.sizes[m]
	p.sizes[m] = size
	m.current.Store(c)
}
