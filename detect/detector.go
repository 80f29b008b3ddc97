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
	// conjunctions of a literal are those of which it is the rarest part: only
	// where that occurs, the other parts are asked for.
	conjunctions [][]conjunction
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

// conjunction makes a trigger a candidate where its other literals occur too.
type conjunction struct {
	trigger int32
	others  []int32
}

// Options say what is read of a record.
type Options struct {
	// BodyKeys are the keys of a map or JSON body whose values are text. Default: DefaultBodyKeys.
	BodyKeys []string
	// Attributes are further attributes whose values are text. Default: DefaultAttributes.
	Attributes []string
}

// New compiles a rule set. The error joins every condition that is not OTTL, or
// every example of a user's stable rule that does not do what it says, each with
// file, line and rule id. Where only examples are at fault, the detector is given
// as well, for tools that help to mend them.
func New(set *rules.Set, options Options) (*Detector, error) {
	d := &Detector{
		set:        set,
		order:      newOrdering(set),
		reader:     newReader(options),
		exceptions: map[string][]int32{},
	}
	d.scratch.New = func() any { return new(scratch) }
	var errs []error
	parsers, patterns := newConditionParsers(), compiler{}
	d.rules = make([]compiledRule, len(set.Rules))
	for i, r := range set.Rules {
		compiled, err := patterns.rule(set, r, parsers)
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
	count := 0
	for _, r := range d.set.Rules {
		count += len(r.Match.Patterns) + len(r.ClearPatterns)
	}
	d.triggers = make([]trigger, 0, count)
	required := make([][]literal.Conjunction, 0, count)
	add := func(rule, index int, clears bool, pattern rules.Pattern) error {
		d.triggers = append(d.triggers, trigger{rule: int32(rule), clears: clears, index: int32(index)})
		own, err := literal.Required(pattern.Expr)
		if err != nil {
			return fmt.Errorf("%s:%d: rule %q: %w", d.set.Rules[rule].Source.File, pattern.Line, d.set.Rules[rule].ID, err)
		}
		if own == nil {
			d.always = append(d.always, int32(len(required)))
		}
		required = append(required, own)
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
	p := newPlan(required)
	d.conjunctions = p.conjunctions()
	d.finder = scan.New(p.literals)
	return nil
}

// Rules is the set that the detector was compiled from.
func (d *Detector) Rules() *rules.Set { return d.set }

// scratch is the working memory of one call.
type scratch struct {
	input input
	seen  scan.Seen

	candidates []int32
	evidence   []int32
	// spent is the text that patterns were tried on so far, in bytes.
	spent int

	exclusions exclusions
}

func (s *scratch) begin() {
	s.spent = 0
	s.exclusions.begin()
	s.candidates = s.candidates[:0]
	s.evidence = s.evidence[:0]
}

// classify runs the rules on what was read into the scratch's input.
func (d *Detector) classify(s *scratch) Verdict {
	d.gather(s)
	var v Verdict
	if len(s.candidates)+len(s.evidence) > 0 {
		v = d.decide(s)
	}
	s.input.identify(&v)
	return v
}

// gather finds what may match. Triggers are numbered in the order of rules and
// patterns, so sorting puts the candidates into the order in which a loop over
// all rules comes to them.
func (d *Detector) gather(s *scratch) {
	s.begin()
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
		for i := range d.conjunctions[found] {
			c := &d.conjunctions[found][i]
			if !slices.ContainsFunc(c.others, func(other int32) bool { return !s.seen.Has(other) }) {
				s.candidates = append(s.candidates, c.trigger)
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
