package detect

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/rules"
)

// ExampleError tells of an example that does not do what its rule says.
type ExampleError struct {
	Rule    *rules.Rule
	Example rules.Example
	// Wanted says whether the example is one that the rule must match.
	Wanted bool
}

// Error names file, line and rule.
func (f *ExampleError) Error() string {
	problem := "an example of examples.match does not match"
	if !f.Wanted {
		problem = "an example of examples.ignore matches"
	}
	return fmt.Sprintf("%s:%d: rule %q: %s: %.120q", f.Rule.Source.File, f.Example.Line, f.Rule.ID, problem, f.Example.Text)
}

// verify runs the examples of the user's stable rules. Those of the shipped
// rules are run by the project's tests, and would only delay every start.
func (d *Detector) verify() error {
	var errs []error
	for _, fault := range d.checkExamples(func(r *rules.Rule) bool { return r.Maturity == rules.Stable && !r.Source.BuiltIn() }) {
		errs = append(errs, fault)
	}
	return errors.Join(errs...)
}

// CheckExamples runs every rule's own examples on that rule, through the same
// steps as telemetry, and gives those that do not do what they say.
func (d *Detector) CheckExamples() []*ExampleError {
	return d.checkExamples(func(*rules.Rule) bool { return true })
}

func (d *Detector) checkExamples(wanted func(*rules.Rule) bool) []*ExampleError {
	var faults []*ExampleError
	s := d.borrow()
	defer d.giveBack(s)
	for i, r := range d.set.Rules {
		if !wanted(r) {
			continue
		}
		for _, e := range r.Examples.Match {
			if !d.exampleMatches(s, d.number[i], e) {
				faults = append(faults, &ExampleError{Rule: r, Example: e, Wanted: true})
			}
		}
		for _, e := range r.Examples.Ignore {
			if d.exampleMatches(s, d.number[i], e) {
				faults = append(faults, &ExampleError{Rule: r, Example: e})
			}
		}
	}
	return faults
}

// exampleMatches runs one rule on an example. Other rules are left out, so that
// the cost grows with the number of examples and not with its square.
func (d *Detector) exampleMatches(s *scratch, rule int32, e rules.Example) bool {
	d.readExample(s, e)
	d.look(s)
	d.gather(s)
	s.candidates = slices.DeleteFunc(s.candidates, func(c candidate) bool {
		return d.triggers[c.expression].rule != rule || d.triggers[c.expression].clears
	})
	var verdict Verdict
	_, ok := d.confirm(&d.rules[rule], s.candidates, slices.Contains(s.evidence, rule), s, &verdict)
	return ok
}

// readExample reads the log record that an example stands for.
func (d *Detector) readExample(s *scratch, e rules.Example) {
	rl := plog.NewResourceLogs()
	sl := rl.ScopeLogs().AppendEmpty()
	lr := sl.LogRecords().AppendEmpty()
	fillExample(lr, e)
	d.reader.readLog(&s.input, rl, sl, lr)
}

// fillExample makes the log record that an example stands for.
func fillExample(lr plog.LogRecord, e rules.Example) {
	lr.SetSeverityNumber(plog.SeverityNumber(e.Severity))
	if e.ExceptionType != "" {
		lr.Attributes().PutStr(attrExceptionType, e.ExceptionType)
		lr.Attributes().PutStr(attrExceptionMessage, e.Text)
		lr.SetEventName(exceptionEvent)
	} else {
		lr.Body().SetStr(e.Text)
	}
	for _, key := range slices.Sorted(maps.Keys(e.Attributes)) {
		lr.Attributes().PutStr(key, e.Attributes[key])
	}
}
