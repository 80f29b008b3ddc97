package cascade

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// healthy and broken are how long each goes well, and badly.
	healthy, broken = 90 * time.Second, time.Minute
	// pace is how many requests a second a shop has.
	pace = 4
)

// plain is how many requests that tell of a fault make it plain to see.
const plain = 5

// scenarios is how many shops break down, each in its own way. `make bench-cascade` takes 500.
var scenarios = flag.Uint64("scenarios", 60, "how many shops break down")

// scenario is a shop with its faults and how much is seen of it.
type scenario struct {
	*shop
	kind    string
	dropped float64
	faults  []*shopService
	// seen counts the requests in which a service told of a fault, and that was not sampled away.
	seen map[string]int
}

func newScenario(seed uint64) *scenario {
	random := rand.New(rand.NewPCG(seed, 6))
	s := &scenario{shop: newShop(random), seen: map[string]int{}}
	s.dropped = []float64{0, 0.5, 0.9}[seed%3]
	s.kind = []string{faultError, faultLatency, faultCrash, faultPartial, "two at once", faultShared}[seed/3%6]
	kinds := []string{s.kind}
	if s.kind == "two at once" {
		all := []string{faultError, faultLatency, faultCrash, faultPartial}
		kinds = []string{all[random.IntN(4)], all[random.IntN(4)]}
	}
	for _, kind := range kinds {
		if kind == faultShared {
			s.breakShared()
		} else {
			s.breakOne(kind)
		}
	}
	return s
}

// breakShared breaks a database that at least two services use.
func (s *scenario) breakShared() {
	s.shared, s.sharedDown = "orders.db.example", true
	users := map[*shopService]bool{}
	for len(users) < 2 {
		w := s.requests[s.random.IntN(len(s.requests))].any(s.random)
		if !w.service.absent {
			users[w.service] = true
			w.service.silent, w.service.mute, w.database = false, false, s.shared
		}
	}
	s.faults = append(s.faults, &shopService{name: s.shared, fault: faultShared, share: 1})
}

// any gives some work below, without messages in between.
func (w *work) any(random *rand.Rand) *work {
	for _, c := range w.calls {
		if !c.async && !c.soft && random.IntN(2) == 0 {
			return c.to.any(random)
		}
	}
	return w
}

// breakOne gives a fault to a service that at least one kind of request waits for. What reports no
// failure in the middle does not break itself.
func (s *scenario) breakOne(kind string) {
	for {
		service := s.services[1+s.random.IntN(len(s.services)-1)]
		if service.fault != "" {
			continue
		}
		if s.reach(service) == 0 {
			s.requests = append(s.requests, s.plan(0, fmt.Sprintf("request-%d", len(s.requests)), 0))
			continue
		}
		service.silent, service.absent, service.fault, service.share = false, false, kind, 0.3+0.7*s.random.Float64()
		if kind == faultPartial {
			service.share = 0.1 + 0.3*s.random.Float64()
		}
		s.faults = append(s.faults, service)
		return
	}
}

// play gives the spans of the shop by the second in which they arrive.
func (s *scenario) play() [][]sent {
	end := healthy + broken
	seconds := make([][]sent, int(end/time.Second)+30)
	lossy := s.random.IntN(4) == 0
	weighted := s.random.IntN(2) == 0
	for at := time.Duration(0); at < end; at += time.Second / pace {
		v := &visit{shop: s.shop, trace: s.newTrace(), faulty: at >= healthy}
		v.serve(s.requests[s.random.IntN(len(s.requests))], SpanID{}, Link{}, Server, at)
		kept := map[TraceID]bool{}
		for _, span := range v.spans {
			if _, decided := kept[span.Trace]; !decided {
				kept[span.Trace] = s.random.Float64() >= s.dropped
			}
			second := int(span.arrives / time.Second)
			if !kept[span.Trace] || second >= len(seconds) || lossy && s.random.IntN(50) == 0 {
				continue
			}
			if weighted {
				span.Weight = float32(1 / (1 - s.dropped))
			}
			seconds[second] = append(seconds[second], span)
		}
		for _, f := range s.faults {
			if slices.ContainsFunc(v.spans, func(span sent) bool { return kept[span.Trace] && span.tellsOf(f) }) {
				s.seen[f.name]++
			}
		}
	}
	return seconds
}

// result is what came out of a scenario.
type result struct {
	suspects []Suspect
	// first is the service whose failure arrived first.
	first  string
	hidden []string
	spans  int
}

func (s *scenario) run() result {
	const epoch = int64(1_700_000_000) * int64(time.Second)
	t := New(NewDefaultLimits())
	var r result
	ledgers := map[[16]byte]*Ledger{}
	names := map[[16]byte]string{}
	for second, arrived := range s.play() {
		now := epoch + int64(second)*int64(time.Second)
		batch := make([]Span, 0, len(arrived))
		var marks []Mark
		slices.SortStableFunc(arrived, func(a, b sent) int { return int(a.arrives - b.arrives) })
		for i := range arrived {
			span := arrived[i].Span
			span.Service = t.Service(arrived[i].service, arrived[i].service)
			span.Start, span.End = span.Start+epoch, span.End+epoch
			batch = append(batch, span)
			if r.spans++; !span.Failed {
				continue
			}
			if r.first == "" && arrived[i].arrives >= healthy {
				r.first = arrived[i].service
			}
			name := arrived[i].service + " " + arrived[i].failure
			var key [16]byte
			copy(key[:], fmt.Sprintf("%016x", hashOf(name)))
			names[key] = name
			marks = append(marks, Mark{Trace: span.Trace, Span: span.ID, Service: span.Service, Key: key})
		}
		t.Add(now, batch)
		for _, m := range marks {
			t.Mark(now, m)
		}
		for _, v := range t.Tick(now) {
			for i := range v.Marks {
				m := &v.Marks[i]
				if ledgers[m.Key] == nil {
					ledgers[m.Key] = &Ledger{}
				}
				ledgers[m.Key].Add(now, m)
			}
		}
	}
	r.suspects = t.Suspects()
	for _, f := range s.faults {
		if s.seen[f.name] >= plain && !slices.ContainsFunc(r.suspects, func(p Suspect) bool { return s.standsFor(p.Name, f) }) {
			r.hidden = append(r.hidden, f.name)
		}
		for key, l := range ledgers {
			if _, share := l.Origin(t.now); names[key] == f.name+" own" && share >= VictimShare {
				r.hidden = append(r.hidden, names[key])
			}
		}
	}
	return r
}

// standsFor says whether a name is that of a service, or the one under which others know who sends no
// spans and calls it.
func (s *scenario) standsFor(name string, f *shopService) bool {
	for _, service := range s.services {
		if service.absent && name == service.name+".internal" {
			for _, r := range s.requests {
				if r.asks(service, f) {
					return true
				}
			}
		}
	}
	return name == f.name
}

func (w *work) asks(caller, callee *shopService) bool {
	return slices.ContainsFunc(w.calls, func(c call) bool {
		return w.service == caller && c.to.service == callee || c.to.asks(caller, callee)
	})
}

// rank gives where a service is among the suspects, from 0; -1 is nowhere.
func (r *result) rank(service *shopService) int {
	return slices.IndexFunc(r.suspects, func(s Suspect) bool { return s.Name == service.name })
}

// score counts over scenarios.
type score struct{ n, first, top1, top3, faults, found, hidden int }

func (c *score) add(s *scenario, r *result) {
	c.n++
	best := len(r.suspects)
	for _, f := range s.faults {
		c.faults++
		rank := r.rank(f)
		if rank >= 0 {
			best = min(best, rank)
		}
		if rank >= 0 && rank < 3 {
			c.found++
		}
		if r.first == f.name {
			c.first++
		}
	}
	if best < 1 && len(r.suspects) > 0 {
		c.top1++
	}
	if best < 3 && best < len(r.suspects) {
		c.top3++
	}
	c.hidden += len(r.hidden)
}

func (c *score) String() string {
	share := func(k, n int) float64 { return float64(k) / float64(max(n, 1)) }
	return fmt.Sprintf("%4d  %8.3f  %8.3f  %11.3f  %13.3f  %6d", c.n, share(c.top1, c.n), share(c.top3, c.n), share(c.first, c.n), share(c.found, c.faults), c.hidden)
}

func TestOriginsOfBreakdowns(t *testing.T) {
	var all score
	by := map[string]*score{}
	spans := 0
	for seed := range *scenarios {
		s := newScenario(seed)
		r := s.run()
		spans += r.spans
		all.add(s, &r)
		for _, name := range []string{"fault: " + s.kind, fmt.Sprintf("sampled away: %.0f%%", s.dropped*100)} {
			if by[name] == nil {
				by[name] = &score{}
			}
			by[name].add(s, &r)
		}
		if len(r.hidden) > 0 || r.rank(s.faults[0]) != 0 && len(s.faults) == 1 {
			t.Logf("scenario %d, %s", seed, s.describe(&r))
		}
	}
	t.Logf("%-24s %4s  %8s  %8s  %11s  %13s  %6s", "", "n", "top 1", "top 3", "first error", "each in top 3", "hidden")
	names := []string{}
	for name := range by {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%-24s %s", name, by[name])
	}
	t.Logf("%-24s %s", "all", &all)
	t.Logf("%d spans", spans)
	require.GreaterOrEqual(t, float64(all.top1), 0.9*float64(all.n))
	require.GreaterOrEqual(t, float64(all.top3), 0.98*float64(all.n))
	require.Zero(t, all.hidden)
}

func (s *scenario) describe(r *result) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %.0f%% sampled away:", s.kind, s.dropped*100)
	for _, f := range s.faults {
		fmt.Fprintf(&text, " %s (%s, %.2f)", f.name, f.fault, f.share)
	}
	text.WriteString("; suspects:")
	for i := range min(3, len(r.suspects)) {
		p := &r.suspects[i]
		fmt.Fprintf(&text, " %s (score %.1f, confidence %.2f)", p.Name, p.Score, p.Confidence)
	}
	fmt.Fprint(&text, "; hidden: ", r.hidden)
	return text.String()
}
