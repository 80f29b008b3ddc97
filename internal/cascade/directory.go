package cascade

import (
	"strconv"
	"strings"
)

// directory knows the services, and which of them answers under which name.
type directory struct {
	limit int
	nodes []node
	byKey map[string]Node
	// byName has services by what people call them, for peers that are named like one.
	byName map[string]Node
	// external has what is only called, by its name.
	external map[string]Node

	peers recent[uint64, *peer]
	votes recent[route, vote]
	// refused counts services that found no room.
	refused int64
}

// node is a service, or what is only called.
type node struct {
	// key tells services apart; what is only called has none.
	key, name string
	external  bool
	// fails says that it reports failures at all, and clientFails that it does so on its calls.
	fails, clientFails bool
	tally
}

// peer is a name that calls go to.
type peer struct {
	name, address string
	// callers are the first services that called it; two are enough to know that it is shared.
	callers [2]Node
}

// route is a name as one service uses it: "localhost" is another service for each.
type route struct {
	caller Node
	peer   uint64
}

// vote is who answers on a route. It takes as many other answers to change its mind as it had.
type vote struct {
	callee   Node
	strength int8
	// answered says that somebody ever did.
	answered bool
}

const maxStrength = 8

// overflowNode stands for the services that are not told apart.
const overflowNode Node = 1

func newDirectory(limit int) directory {
	return directory{
		limit: limit,
		// Node 0 is none.
		nodes: []node{{}, {name: "others"}},
		byKey: map[string]Node{}, byName: map[string]Node{}, external: map[string]Node{},
		peers: newRecent[uint64, *peer](limit), votes: newRecent[route, vote](4 * limit),
	}
}

func (d *directory) service(key, name string) Node {
	if n, known := d.byKey[key]; known {
		return n
	}
	if len(d.nodes) >= d.limit {
		d.refused++
		return overflowNode
	}
	n := d.add(node{key: strings.Clone(key), name: name})
	d.byKey[d.nodes[n].key] = n
	if _, taken := d.byName[name]; !taken && name != "" {
		d.byName[name] = n
	}
	return n
}

func (d *directory) add(n node) Node {
	n.name = strings.Clone(n.name)
	d.nodes = append(d.nodes, n)
	return Node(len(d.nodes) - 1)
}

// peer notes a name that a service calls, and gives its hash; 0 is no name.
func (d *directory) peer(caller Node, name string, port uint16) uint64 {
	if name == "" {
		return 0
	}
	hash := hashOf(name) + uint64(port)
	p, known := d.peers.get(hash)
	if !known {
		p = &peer{name: strings.Clone(name), address: strings.Clone(name)}
		if port > 0 {
			p.name += ":" + strconv.Itoa(int(port))
		}
		d.peers.put(hash, p)
	}
	switch {
	case p.callers[0] == 0:
		p.callers[0] = caller
	case p.callers[0] != caller && p.callers[1] == 0:
		p.callers[1] = caller
	}
	return hash
}

// learn notes who answered a call.
func (d *directory) learn(caller Node, name uint64, callee Node) {
	r := route{caller, name}
	v, _ := d.votes.get(r)
	switch {
	case v.strength == 0:
		v.callee, v.strength = callee, 1
	case v.callee == callee:
		v.strength = min(v.strength+1, maxStrength)
	default:
		v.strength--
	}
	v.answered = v.answered || callee != 0
	d.votes.put(r, v)
}

// callee gives who answers a name that a service calls. Where nobody ever did, it is something that
// is only called; as long as a single service calls that, the two are one: 0.
func (d *directory) callee(caller Node, name uint64) Node {
	if v, known := d.votes.get(route{caller, name}); known && v.strength > 0 && v.callee != 0 {
		return v.callee
	}
	p, known := d.peers.get(name)
	if !known {
		return 0
	}
	if n, named := d.byName[p.address]; named {
		return n
	}
	// Names within a cluster begin with that of the service.
	if host, _, within := strings.Cut(p.address, "."); within {
		if n, named := d.byName[host]; named {
			return n
		}
	}
	if p.callers[1] == 0 {
		return 0
	}
	return d.only(p.name)
}

// mute says whether nobody ever answered the calls of a service to a name, as where the trace is not passed
// on: then one more without an answer says nothing.
func (d *directory) mute(caller Node, name uint64) bool {
	v, known := d.votes.get(route{caller, name})
	return known && !v.answered
}

// only gives the node of what is only called, or 0 where there is no room: it never takes that of services.
func (d *directory) only(name string) Node {
	if n, made := d.external[name]; made {
		return n
	}
	if len(d.external) >= d.limit/4 || len(d.nodes) >= d.limit {
		d.refused++
		return 0
	}
	n := d.add(node{name: name, external: true})
	d.external[d.nodes[n].name] = n
	return n
}

func hashOf(text string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := uint64(offset)
	for i := range len(text) {
		hash = (hash ^ uint64(text[i])) * prime
	}
	return hash
}

// recent is a map of two generations: when one is full, the one before it is forgotten.
type recent[K comparable, V any] struct {
	limit             int
	current, previous map[K]V
}

func newRecent[K comparable, V any](limit int) recent[K, V] {
	return recent[K, V]{limit: max(limit/2, 1), current: map[K]V{}}
}

func (r *recent[K, V]) get(key K) (V, bool) {
	if v, found := r.current[key]; found {
		return v, true
	}
	v, found := r.previous[key]
	if found {
		r.put(key, v)
	}
	return v, found
}

func (r *recent[K, V]) put(key K, value V) {
	if _, there := r.current[key]; !there && len(r.current) >= r.limit {
		r.current, r.previous = map[K]V{}, r.current
	}
	r.current[key] = value
}
