package detect

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/rules"
)

// Profile classifies records as its Detector does, and adds up what each rule
// costs. It is safe for concurrent use, but takes one record at a time, since
// records that are classified side by side slow each other down.
type Profile struct {
	detector *Detector
	// clock is what it takes to read the clock, which no rule is to blame for.
	clock time.Duration

	mu sync.Mutex
	// best and current are what the rules took in the fastest round and in this one.
	best, current ledger
	costs         Costs
	// ofRules has the cost of each rule, and seen how often each trigger was a candidate.
	ofRules []RuleCost
	seen    []int
}

// Costs is what a Profile has added up.
type Costs struct {
	// Records is how many were classified, and CutShort how many of them would have
	// taken more than one record may.
	Records, CutShort int
	// Time is what all of them took.
	Time time.Duration
	// Rules has the rules that were tried on a record, the dearest first.
	Rules []RuleCost
}

// RuleCost is what one rule took.
type RuleCost struct {
	Rule *rules.Rule
	// Seen is on how many records the rule was tried, since they have literals of
	// its patterns, or a code or exception type that it names.
	Seen int
	// Matched is how many of them it recognised, or ended a failure by.
	Matched int
	// Walked is how much text that was, in bytes, as the bound for a record counts it.
	Walked int
	// Time is what it took.
	Time time.Duration
	// Pattern is the one whose literals were seen most often, if any were.
	Pattern string
}

// Share is the part of the time of all records that some of it is.
func (c *Costs) Share(of time.Duration) float64 {
	if c.Time <= 0 {
		return 0
	}
	return float64(of) / float64(c.Time)
}

// Reading is the time that no rule took: for reading the records, the search for
// the literals of all rules, and fingerprints.
func (c *Costs) Reading() time.Duration {
	rest := c.Time
	for i := range c.Rules {
		rest -= c.Rules[i].Time
	}
	return max(rest, 0)
}

// NewProfile makes a profile of which nothing has been added up.
func NewProfile(d *Detector) *Profile {
	p := &Profile{detector: d, clock: clockCost(), ofRules: make([]RuleCost, len(d.rules)), seen: make([]int, len(d.triggers))}
	for i := range d.rules {
		p.ofRules[i].Rule = d.rules[i].rule
	}
	return p
}

// clockCost is the shortest time between two readings of the clock.
func clockCost() time.Duration {
	least := time.Hour
	for range 1000 {
		start := time.Now()
		least = min(least, time.Since(start))
	}
	return least
}

// Log classifies a log record as Detector.Log does.
func (p *Profile) Log(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) Verdict {
	return p.classify(func(in *input) { p.detector.reader.readLog(in, rl, sl, lr) })
}

// Span classifies a span as Detector.Span does.
func (p *Profile) Span(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) Verdict {
	if !speaks(span) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.costs.Records++
		return Verdict{}
	}
	return p.classify(func(in *input) { p.detector.reader.readSpan(in, rs, ss, span) })
}

// SpanEvent classifies an event of a span as Detector.SpanEvent does.
func (p *Profile) SpanEvent(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, event ptrace.SpanEvent) Verdict {
	return p.classify(func(in *input) { p.detector.reader.readSpanEvent(in, rs, ss, span, event) })
}

// rounds is how often a record is classified, of which the fastest round counts:
// the first one builds what later ones find ready, and what else runs on the
// machine seldom disturbs all of them.
const rounds = 3

func (p *Profile) classify(read func(*input)) Verdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.detector.borrow()
	defer p.detector.giveBack(s)
	defer func() { s.ledger = nil }()
	s.ledger = &p.current
	var verdict Verdict
	var least time.Duration
	for round := range rounds {
		p.current.begin()
		start := time.Now()
		read(&s.input)
		verdict = p.detector.classify(s)
		took := time.Since(start) - p.clock*time.Duration(1+2*len(p.current.entries))
		if round == 0 || took < least {
			least = took
			p.best, p.current = p.current, p.best
		}
	}
	p.add(&verdict, least)
	return verdict
}

// add adds up the best round of a record.
func (p *Profile) add(verdict *Verdict, took time.Duration) {
	p.costs.Records++
	p.costs.Time += max(took, 0)
	if verdict.CutShort {
		p.costs.CutShort++
	}
	for _, entry := range p.best.entries {
		rule := &p.ofRules[entry.rule]
		rule.Seen++
		if entry.matched {
			rule.Matched++
		}
		rule.Walked += entry.walked
		rule.Time += max(entry.took-p.clock, 0)
	}
	for _, trigger := range p.best.triggers {
		p.seen[trigger]++
	}
}

// Costs gives what the records so far took.
func (p *Profile) Costs() Costs {
	p.mu.Lock()
	defer p.mu.Unlock()
	most := make([]int, len(p.ofRules))
	for i, n := range p.seen {
		if t := p.detector.triggers[i]; n > most[t.rule] {
			rule := &p.ofRules[t.rule]
			most[t.rule], rule.Pattern = n, t.pattern(rule.Rule).Expr
		}
	}
	costs := p.costs
	for i := range p.ofRules {
		if p.ofRules[i].Seen > 0 {
			costs.Rules = append(costs.Rules, p.ofRules[i])
		}
	}
	slices.SortStableFunc(costs.Rules, func(a, b RuleCost) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return costs
}
