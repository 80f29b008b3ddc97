package detect

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/detect/internal/literal"
	"github.com/failuredetector/failuredetector/detect/internal/scan"
	"github.com/failuredetector/failuredetector/rules"
)

// Detector is a compiled rule set together with what it reads of a record.
type Detector struct {
	set *rules.Set
	// rules are in the order of ordering.compare, and number has for each rule of the set its place there.
	rules  []compiledRule
	number []int32

	order      ordering
	reader     reader
	codes      codeTable
	exceptions map[string][]int32

	// triggers are the patterns that can make a rule a candidate.
	triggers []trigger
	sieve    *sieve
	vetoes   *vetoes
	repeats  *repeats

	scratch sync.Pool
}

// trigger ties a pattern to its rule.
type trigger struct {
	rule   int32
	clears bool
	index  int32
}

// pattern gives the pattern that a trigger is, of its rule.
func (t trigger) pattern(of *rules.Rule) rules.Pattern {
	if t.clears {
		return of.ClearPatterns[t.index]
	}
	return of.Match.Patterns[t.index]
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
	d.repeats = newRepeats()
	d.scratch.New = func() any { return new(scratch) }
	var errs []error
	parsers, patterns := newConditionParsers(), newCompiler()
	d.vetoes = newVetoes()
	d.rules, d.number = make([]compiledRule, len(set.Rules)), d.order.numbers(set.Rules)
	for i, r := range set.Rules {
		compiled, err := patterns.rule(set, r, parsers, d.vetoes)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		number := d.number[i]
		d.rules[number] = compiled
		for _, name := range r.Match.ExceptionTypes {
			d.exceptions[name] = append(d.exceptions[name], number)
		}
		d.codes.add(r.Match.Codes, number)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for key := range d.codes.keys {
		d.reader.attributes.use(key).code = true
	}
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
	required := make([][]literal.Conjunction, 0, count)
	expressions := make([]*automaton.Expression, 0, count)
	d.triggers = make([]trigger, 0, count)
	for i := range d.rules {
		r := d.rules[i].rule
		add := func(patterns []rules.Pattern, compiled []*automaton.Expression, clears bool) error {
			expressions = append(expressions, compiled...)
			for j, p := range patterns {
				needed, err := literal.Required(p.Expr)
				if err != nil {
					return fmt.Errorf("%s:%d: rule %q: %w", r.Source.File, p.Line, r.ID, err)
				}
				required = append(required, needed)
				d.triggers = append(d.triggers, trigger{rule: int32(i), clears: clears, index: int32(j)})
			}
			return nil
		}
		if err := errors.Join(add(r.Match.Patterns, d.rules[i].patterns, false), add(r.ClearPatterns, d.rules[i].clears, true)); err != nil {
			return err
		}
	}
	d.sieve = newSieve(expressions, required)
	return nil
}

// Rules is the set that the detector was compiled from.
func (d *Detector) Rules() *rules.Set { return d.set }

// scratch is the working memory of one call.
type scratch struct {
	input input
	found scan.Found

	candidates []candidate
	evidence   []int32
	// spent is the text that patterns were tried on so far, in bytes.
	spent int
	// cutShort says that something was left undone because of that.
	cutShort bool
	// conditional says that a condition was asked, which sees all of the record.
	conditional bool
	// key is what the record is known by, and trail how the verdict on it comes about.
	key   recordKey
	trail trail
	// recalled says that it was asked whether the record is known.
	recalled bool

	hearing  hearing
	literals literals
	ledger   *ledger
}

func (s *scratch) begin() {
	s.spent, s.cutShort, s.conditional, s.recalled = 0, false, false, false
	s.key.begin()
	s.literals.known = false
	s.hearing.begin()
	s.trail.begin()
	s.candidates = s.candidates[:0]
	s.evidence = s.evidence[:0]
}

// classify runs the rules on what was read into the scratch's input.
func (d *Detector) classify(s *scratch) Verdict {
	if d.look(s) {
		if v, ok := d.recall(s); ok {
			return v
		}
	}
	d.gather(s)
	if len(s.candidates)+len(s.evidence) > 0 {
		return d.judge(s)
	}
	var v Verdict
	s.input.identify(&v)
	return v
}

// judge gives the verdict on a record that has candidates or evidence.
func (d *Detector) judge(s *scratch) Verdict {
	if v, ok := d.recall(s); ok {
		return v
	}
	s.trail.open = s.key.hasShape()
	v := d.decide(s)
	s.input.identify(&v)
	if found := len(v.Detections) + len(v.Shadow) + len(v.Clears); found > 0 && !s.conditional && s.key.known() {
		if d.repeats.met(s.key.all) {
			d.repeats.keep(&repeat{key: string(s.key.all), verdict: v.clone()})
		}
		if s.trail.open && !v.CutShort && d.repeats.met(s.key.shape()) {
			d.repeats.keep(&repeat{key: string(s.key.shape()), verdict: v.clone(), trail: d.keep(&s.trail, s)})
		}
	}
	return v
}

// recall gives the verdict that is known: on the same record, or on one with other digits
// where these do not matter. It is asked once for each record. A profile, which is about what
// it takes to judge, does not ask.
func (d *Detector) recall(s *scratch) (Verdict, bool) {
	if s.recalled || s.ledger != nil {
		return Verdict{}, false
	}
	s.recalled = true
	if s.key.read(&s.input); !s.key.known() {
		return Verdict{}, false
	}
	if known := d.repeats.recall(s.key.all, func(*repeat) bool { return true }); known != nil {
		return known.verdict.clone(), true
	}
	if !s.key.hasShape() {
		return Verdict{}, false
	}
	known := d.repeats.recall(s.key.shape(), func(known *repeat) bool { return d.sameAnswers(&known.trail, s) })
	if known == nil {
		// The record is judged as if nothing had been asked: what was heard gets into the next
		// trail, and none of the text that may be walked is used up.
		s.hearing.begin()
		s.spent = 0
		return Verdict{}, false
	}
	v := known.verdictOn(&s.input)
	if d.repeats.met(s.key.all) {
		d.repeats.keep(&repeat{key: string(s.key.all), verdict: v.clone()})
	}
	return v, true
}

// look begins with a record, and says whether it is so probably a failure that it pays to see
// at once whether it is known.
func (d *Detector) look(s *scratch) (isBusy bool) {
	s.begin()
	d.findEvidence(s)
	if s.input.text == "" {
		return false
	}
	return d.sieve.finder.Look(s.input.text, &s.found) && len(s.input.text) < longText
}

// gather finds what may match in the text that was looked at. Triggers are numbered in the
// order of rules and patterns, so sorting puts the candidates into that order.
func (d *Detector) gather(s *scratch) {
	if s.input.text != "" {
		var whole bool
		s.candidates, whole = d.sieve.candidates(s.candidates, s.input.text, &s.found)
		s.cutShort = !whole
	}
}

// findEvidence collects the rules that the exception's type or a code points at,
// each once and in order.
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
	slices.Sort(s.evidence)
	s.evidence = slices.Compact(s.evidence)
}
