package cascade

import "time"

// edges remember which failed calls a service lives with: one that offers no recommendations because
// nobody answers it does not fail itself, and when it does, that has another reason.
type edges struct {
	seen recent[edge, passed]
}

// edge is what an operation of one service asks of another.
type edge struct {
	caller    Node
	operation uint32
	callee    Node
}

// passed counts failed calls, and those of them after which the caller failed too.
type passed struct {
	calls, on count
}

const (
	// edgeMemory is the half-life of what is known of an edge.
	edgeMemory = int64(30 * time.Minute)
	// enoughCalls is how many failed calls say something about an edge.
	enoughCalls = 5
	// toleratedShare is the share of failed calls after which the caller fails, below which it is said
	// to live with them.
	toleratedShare = 0.5
)

func newEdges(services int) edges { return edges{seen: newRecent[edge, passed](8 * services)} }

// learn notes a failed call, and whether the caller failed.
func (e *edges) learn(now int64, key edge, on bool) {
	p, _ := e.seen.get(key)
	p.calls.add(now, 1, edgeMemory)
	if on {
		p.on.add(now, 1, edgeMemory)
	}
	e.seen.put(key, p)
}

// tolerated says whether the caller is known to live with failures of the callee.
func (e *edges) tolerated(now int64, key edge) bool {
	p, known := e.seen.get(key)
	calls := p.calls.get(now, edgeMemory)
	return known && calls >= enoughCalls && p.on.get(now, edgeMemory) < toleratedShare*calls
}
