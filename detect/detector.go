package detect

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/rules"
)

// Detector is a compiled rule set together with what it reads of a record.
type Detector struct {
	set        *rules.Set
	rules      []compiledRule
	order      ordering
	reader     reader
	codes      codeTable
	exceptions map[string][]int32

	// triggers are the patterns that can make a rule a candidate.
	triggers []trigger
	finder   *scan.Finder
	// conjunctions of a literal are those it is part of.
	conjunctions [][]int32
	needs        []conjunction
	// always are the triggers without a literal, tried on every record.
	always []int32

	scratch sync.Pool
}

// trigger ties a pattern to its rule.
type trigger struct {
	rule   int32
	clears bool
	index  int32
}

// conjunction is a set of literals, given by its size, that makes a trigger a candidate.
type conjunction struct {
	size    int32
	trigger int32
}

// Options say what is read of a record.
type Options struct {
	// BodyKeys are the keys of a map or JSON body whose values are text. Default: DefaultBodyKeys.
	BodyKeys []string
	// Attributes are further attributes whose values are text. Default: DefaultAttributes.
	Attributes []string
}

// New compiles a rule set. The error joins every condition that is not OTTL
// and every example of a stable rule that does not do what it says, each with
// file, line and rule id.
func New(set *rules.Set, options Options) (*Detector, error) {
	d := &Detector{
		set:        set,
		order:      newOrdering(set),
		reader:     newReader(options),
		exceptions: map[string][]int32{},
	}
	d.scratch.New = func() any { return new(scratch) }
	var errs []error
	parsers, err := newConditionParsers()
	if err != nil {
		return nil, err
	}
	d.rules = make([]compiledRule, len(set.Rules))
	for i, r := range set.Rules {
		compiled, err := compileRule(r, parsers)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		d.rules[i] = compiled
		for _, name := range r.Match.ExceptionTypes {
			d.exceptions[name] = append(d.exceptions[name], int32(i))
		}
		d.codes.add(r.Match.Codes, int32(i))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	d.reader.codeKeys = d.codes.keys
	if err := d.index(); err != nil {
		return nil, err
	}
	return d, d.verify()
}

// index prepares the search for the literals of all trigger patterns.
func (d *Detector) index() error {
	position := map[string]int32{}
	var literals []string
	add := func(rule, index int, clears bool, pattern rules.Pattern) error {
		t := int32(len(d.triggers))
		d.triggers = append(d.triggers, trigger{rule: int32(rule), clears: clears, index: int32(index)})
		required, err := literal.Required(pattern.Expr)
		if err != nil {
			return fmt.Errorf("%s:%d: rule %q: %w", d.set.Rules[rule].Source.File, pattern.Line, d.set.Rules[rule].ID, err)
		}
		if required == nil {
			d.always = append(d.always, t)
		}
		for _, c := range required {
			for _, s := range c {
				at, known := position[s]
				if !known {
					at = int32(len(literals))
					position[s] = at
					literals = append(literals, s)
					d.conjunctions = append(d.conjunctions, nil)
				}
				d.conjunctions[at] = append(d.conjunctions[at], int32(len(d.needs)))
			}
			d.needs = append(d.needs, conjunction{size: int32(len(c)), trigger: t})
		}
		return nil
	}
	for i, r := range d.set.Rules {
		for j, p := range r.Match.Patterns {
			if err := add(i, j, false, p); err != nil {
				return err
			}
		}
		for j, p := range r.ClearPatterns {
			if err := add(i, j, true, p); err != nil {
				return err
			}
		}
	}
	d.finder = scan.New(literals)
	return nil
}

// Rules is the set that the detector was compiled from.
func (d *Detector) Rules() *rules.Set { return d.set }

// scratch is the working memory of one call.
type scratch struct {
	input input
	seen  scan.Seen

	// counts and rounds are kept for each conjunction: how many of its literals
	// were seen in the round that is noted beside it.
	counts []int32
	rounds []uint32
	round  uint32

	candidates []int32
	evidence   []int32
}

func (s *scratch) begin(conjunctions int) {
	if len(s.counts) < conjunctions {
		s.counts = make([]int32, conjunctions)
		s.rounds = make([]uint32, conjunctions)
		s.round = 0
	}
	s.round++
	if s.round == 0 {
		clear(s.rounds)
		s.round = 1
	}
	s.candidates = s.candidates[:0]
	s.evidence = s.evidence[:0]
}

// classify runs the rules on what was read into the scratch's input.
func (d *Detector) classify(s *scratch) Verdict {
	d.gather(s)
	if len(s.candidates)+len(s.evidence) == 0 {
		return Verdict{}
	}
	return d.decide(s)
}

// gather finds what may match. Triggers are numbered in the order of rules and
// patterns, so sorting puts the candidates into the order in which a loop over
// all rules comes to them.
func (d *Detector) gather(s *scratch) {
	s.begin(len(d.needs))
	d.findCandidates(s)
	d.findEvidence(s)
	slices.Sort(s.candidates)
	s.candidates = slices.Compact(s.candidates)
	slices.Sort(s.evidence)
	s.evidence = slices.Compact(s.evidence)
}

// findCandidates collects the triggers whose literals all occur in the text.
func (d *Detector) findCandidates(s *scratch) {
	s.candidates = append(s.candidates, d.always...)
	d.finder.Scan(s.input.text, &s.seen)
	for _, found := range s.seen.List {
		for _, c := range d.conjunctions[found] {
			if s.rounds[c] != s.round {
				s.rounds[c] = s.round
				s.counts[c] = 0
			}
			s.counts[c]++
			if s.counts[c] == d.needs[c].size {
				s.candidates = append(s.candidates, d.needs[c].trigger)
			}
		}
	}
}

// findEvidence collects the rules that the exception's type or a code points at.
func (d *Detector) findEvidence(s *scratch) {
	for name := s.input.typeName; name != ""; {
		s.evidence = append(s.evidence, d.exceptions[name]...)
		name = afterDot(name)
	}
	if s.input.codesCount {
		for i := range s.input.codes {
			s.evidence = d.codes.lookUp(s.evidence, &s.input.codes[i])
		}
	}
}
