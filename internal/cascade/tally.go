package cascade

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// tally adds up over traces what a service has to do with failures.
type tally struct {
	// requests and origin are weighted by sampling: how often it was asked, and how often it was the
	// origin of a failure, lately and over a longer time.
	requests, requestsLong count
	origin, originLong     count
	// blamed and involved count traces: those of which it was the origin, and those in which it failed
	// or was the origin. unweighted counts those of them that tell no sampling.
	blamed, involved, unweighted count
	evidence                     [len(trust)]count
	victims                      map[Node]count
	path                         []Node
	lastBlamed                   int64
	// trace is the last trace in which it was counted.
	trace int64
}

const (
	// lately is the half-life of what counts for a verdict.
	lately = int64(2 * time.Minute)
	// usually is that of what is usual.
	usually = int64(30 * time.Minute)
	// maxVictims bounds the victims of one origin.
	maxVictims = 64
	// enoughRequests is how many requests say how often a service usually fails.
	enoughRequests = 20
	// negligible is less than is worth keeping.
	negligible = 0.05
)

// countRequests counts a trace for each service in it.
func (t *Tracker) countRequests(tr *trace, weight float64) {
	for at := tr.head; at != none; {
		entry := t.spans.at(at)
		at = entry.next
		n := &t.directory.nodes[entry.service]
		if n.trace == t.Stats.Traces {
			continue
		}
		n.trace = t.Stats.Traces
		n.requests.add(t.now, weight, lately)
		n.requestsLong.add(t.now, weight, usually)
	}
}

// tallyTrace counts a trace in which something failed.
func (a *analysis) tallyTrace(v *Verdict, weight float64, weighted bool) {
	involved := a.involved[:0]
	for i := range v.Causes {
		cause := &v.Causes[i]
		n := &a.directory.nodes[cause.Origin]
		involved = append(involved, cause.Origin)
		n.origin.add(a.now, weight, lately)
		n.originLong.add(a.now, weight, usually)
		n.blamed.add(a.now, 1, lately)
		if !weighted {
			n.unweighted.add(a.now, 1, lately)
		}
		n.evidence[cause.Evidence].add(a.now, 1, lately)
		if len(cause.Path) >= len(n.path) || a.now-n.lastBlamed > lately {
			n.path = cause.Path
		}
		n.lastBlamed = a.now
	}
	pairs := a.pairs[:0]
	for i := range a.spans {
		if !a.spans[i].failed {
			continue
		}
		service := a.spans[i].service
		involved = append(involved, service)
		for _, blame := range a.found[i] {
			if blame.Origin != service {
				pairs = append(pairs, [2]Node{blame.Origin, service})
			}
		}
	}
	slices.Sort(involved)
	for _, n := range slices.Compact(involved) {
		a.directory.nodes[n].involved.add(a.now, 1, lately)
	}
	slices.SortFunc(pairs, func(x, y [2]Node) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	for _, pair := range slices.Compact(pairs) {
		a.directory.nodes[pair[0]].addVictim(a.now, pair[1])
	}
	a.involved, a.pairs = involved, pairs
}

func (t *tally) addVictim(now int64, victim Node) {
	c, known := t.victims[victim]
	if !known && len(t.victims) >= maxVictims {
		maps.DeleteFunc(t.victims, func(_ Node, c count) bool { return c.get(now, lately) < negligible })
		if len(t.victims) >= maxVictims {
			return
		}
	}
	if t.victims == nil {
		t.victims = map[Node]count{}
	}
	c.add(now, 1, lately)
	t.victims[victim] = c
}

// Suspect is a service that failures come from.
type Suspect struct {
	Node Node
	Name string
	// External says that it tells nothing itself.
	External bool
	// Score is how many more failures come from it lately than usually do.
	Score float64
	// Confidence is how sure that is, from 0 to 1.
	Confidence float64
	// Traces is in how many traces it was found lately, and Requests how many there were in all of it,
	// as sampling weights say. Biased says that not all traces told theirs.
	Traces, Failures, Requests float64
	Biased                     bool
	Evidence                   Evidence
	// Path has the names from the origin to the last service that it makes fail, Victims those of all
	// services, the most affected first.
	Path    []string
	Victims []string
}

// Suspect gives what is known of a node.
func (t *Tracker) Suspect(n Node) Suspect {
	d := &t.directory.nodes[n]
	s := Suspect{
		Node: n, Name: d.name, External: d.external,
		Traces: d.blamed.get(t.now, lately), Failures: d.origin.get(t.now, lately), Requests: d.requests.get(t.now, lately),
		Biased: d.unweighted.get(t.now, lately) > negligible,
	}
	if s.Traces < negligible {
		return s
	}
	involved := d.involved.get(t.now, lately)
	sum := 0.0
	for e := range d.evidence {
		n := d.evidence[e].get(t.now, lately)
		sum += n * trust[e]
		if n > d.evidence[s.Evidence].get(t.now, lately) {
			s.Evidence = Evidence(e)
		}
	}
	s.Confidence = lower(s.Traces, involved) * min(sum/s.Traces, 1)
	s.Score = max(s.Failures-s.Requests*d.usual(t.now), 0) * min(s.Traces/involved, 1)
	for _, n := range d.path {
		s.Path = append(s.Path, t.Name(n))
	}
	for _, n := range d.mostAffected(t.now) {
		s.Victims = append(s.Victims, t.Name(n))
	}
	return s
}

// usual is the share of requests in which a service usually is the origin of a failure.
func (t *tally) usual(now int64) float64 {
	requests := t.requestsLong.get(now, usually) - t.requests.get(now, lately)
	if requests < enoughRequests {
		return 0
	}
	return max(t.originLong.get(now, usually)-t.origin.get(now, lately), 0) / requests
}

func (t *tally) mostAffected(now int64) []Node {
	victims := slices.Collect(maps.Keys(t.victims))
	victims = slices.DeleteFunc(victims, func(n Node) bool { c := t.victims[n]; return c.get(now, lately) < negligible })
	slices.SortFunc(victims, func(a, b Node) int {
		ca, cb := t.victims[a], t.victims[b]
		return cmp.Or(cmp.Compare(cb.get(now, lately), ca.get(now, lately)), cmp.Compare(a, b))
	})
	return victims
}

// Suspects gives the services that failures come from, the one that explains most first.
func (t *Tracker) Suspects() []Suspect {
	var list []Suspect
	for n := 2; n < len(t.directory.nodes); n++ {
		if t.directory.nodes[n].blamed.get(t.now, lately) < negligible {
			continue
		}
		if s := t.Suspect(Node(n)); s.Score > 0 {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Suspect) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Node, b.Node)) })
	return list
}
