package automaton

import "sync"

// Pool bounds the memory that the states of many expressions take together. All
// of them are forgotten when they would take more: a state is built anew in a
// few microseconds.
type Pool struct {
	limit int

	mu       sync.Mutex
	used     int
	machines []*machine
}

// NewPool makes a pool of a limit in bytes.
func NewPool(limit int) *Pool { return &Pool{limit: limit} }

// take notes that a machine's cache, whose size is given, is that much larger
// than it was. Where that is too much, every machine but this one forgets its
// cache.
func (p *Pool) take(m *machine, more, size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used+more > p.limit {
		for _, other := range p.machines {
			if other != m {
				other.current.Store(nil)
			}
		}
		p.machines, p.used, more = p.machines[:0], 0, size
	}
	if more == size {
		p.machines = append(p.machines, m)
	}
	p.used += more
}
