package detect

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/detect/internal/automaton"
	"github.com/failuredetector/failuredetector/rules"
)

// Finding is something about a rule or a type that loads and could be better.
type Finding struct {
	Source rules.Source
	// Subject is the rule or the type, as errors name it.
	Subject string
	// Problem says what is not good, Advice how to write it better.
	Problem, Advice string
}

// String puts a finding on one line, in the form of an error of the loader.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s: %s", f.Source.File, f.Source.Line, f.Subject, f.Problem, f.Advice)
}

// RunExamples runs the examples of all rules of a set and gives those that do not
// do what they say. The error is about a set that cannot be compiled.
func RunExamples(set *rules.Set) ([]*ExampleError, error) {
	d, err := New(set, Options{BodyKeys: DefaultBodyKeys(), Attributes: DefaultAttributes()})
	if d == nil {
		return nil, err
	}
	return d.CheckExamples(), nil
}

// Lint judges a set that loads, and gives what to write better, by file and line.
func Lint(set *rules.Set) ([]Finding, error) {
	faults, err := RunExamples(set)
	if err != nil {
		return nil, err
	}
	l := linter{pool: automaton.NewPool(statePoolSize)}
	for _, fault := range faults {
		l.example(fault)
	}
	for _, t := range set.Types {
		l.checkType(t)
	}
	for _, r := range set.Rules {
		if err := l.checkRule(r); err != nil {
			return nil, err
		}
	}
	l.checkOrder(set)
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Source.File, b.Source.File), cmp.Compare(a.Source.Line, b.Source.Line))
	})
	return l.findings, nil
}

type linter struct {
	findings []Finding
	pool     *automaton.Pool
}

func (l *linter) rule(r *rules.Rule, line int, problem, advice string) {
	l.findings = append(l.findings, Finding{
		Source:  rules.Source{File: r.Source.File, Line: line},
		Subject: fmt.Sprintf("rule %q", r.ID),
		Problem: problem,
		Advice:  advice,
	})
}

func (l *linter) example(fault *ExampleError) {
	problem, advice := "examples.match: the rule does not match", "widen a pattern or narrow a veto until it does"
	if !fault.Wanted {
		problem, advice = "examples.ignore: the rule matches", "narrow the pattern, or add an all_of or none_of"
	}
	if fault.Rule.Maturity == rules.Stable {
		advice += "; the rule is stable, so the collector refuses it until then"
	}
	l.rule(fault.Rule, fault.Example.Line, fmt.Sprintf("%s %.60q", problem, fault.Example.Text), advice)
}

func (l *linter) checkType(t *rules.Type) {
	if len(t.Explain.Actions) > 0 {
		return
	}
	l.findings = append(l.findings, Finding{
		Source:  t.Source,
		Subject: "type " + t.Name,
		Problem: "explain.actions: empty",
		Advice:  "say what to look at first, as a safe action",
	})
}

func (l *linter) checkRule(r *rules.Rule) error {
	if !strings.HasPrefix(r.ID, r.Pack+"-") {
		l.rule(r, r.Source.Line, "id: does not begin with the name of its pack",
			fmt.Sprintf("call it %s-%s, so that ids of different packs never collide", r.Pack, r.ID))
	}
	// The loader refuses a stable rule with too few.
	if match, ignore := len(r.Examples.Match), len(r.Examples.Ignore); match < rules.MinimumExamples || ignore < rules.MinimumExamples {
		l.rule(r, r.Source.Line, fmt.Sprintf("examples: has %d matching and %d near-miss texts", match, ignore),
			fmt.Sprintf("give at least %d of each, such as real systems print", rules.MinimumExamples))
	}
	var errs []error
	each := func(key string, triggers bool, patterns []rules.Pattern) {
		for i, p := range patterns {
			if err := l.checkPattern(r, p, fmt.Sprintf("%s[%d]: ", key, i), triggers); err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: rule %q: %w", r.Source.File, p.Line, r.ID, err))
			}
		}
	}
	// A veto may be wide, since it looks only at the lines that a match touches.
	each("match.patterns", true, r.Match.Patterns)
	each("all_of", false, r.AllOf)
	each("clear_patterns", true, r.ClearPatterns)
	return errors.Join(errs...)
}

// checkOrder reports rules that do not follow their neighbour in the file by id.
func (l *linter) checkOrder(set *rules.Set) {
	byPlace := slices.Clone(set.Rules)
	slices.SortStableFunc(byPlace, func(a, b *rules.Rule) int {
		return cmp.Or(strings.Compare(a.Source.File, b.Source.File), cmp.Compare(a.Source.Line, b.Source.Line))
	})
	for i := 1; i < len(byPlace); i++ {
		before, r := byPlace[i-1], byPlace[i]
		if before.Source.File == r.Source.File && r.ID < before.ID {
			l.rule(r, r.Source.Line, fmt.Sprintf("id: comes after %q", before.ID), "sort the rules of a file by id, so that they are found")
		}
	}
}
