package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

// messagesError is about labelled messages that cannot be read.
type messagesError struct{ error }

func (e messagesError) Error() string {
	return "the labelled messages cannot be read:\n" + e.error.Error()
}

func (e messagesError) Unwrap() error { return e.error }

func (o *testOptions) measure(cmd *cobra.Command, args []string) error {
	messages, err := labelled.ReadFiles(o.labelled...)
	if err != nil {
		return messagesError{err}
	}
	set, err := rules.LoadTogether(args...)
	if err != nil {
		return rulesError{err}
	}
	detector, err := detectorOf(set)
	if err != nil {
		return err
	}
	result, err := labelled.Measure(detector, messages)
	if err != nil {
		return messagesError{err}
	}
	if err := o.printMeasured(cmd, len(messages), result); err != nil {
		return err
	}
	if result.Total.Recall() < o.recall || result.Total.FalsePositives > o.falsePositives {
		return exitError(exitNothing)
	}
	return nil
}

func (o *testOptions) printMeasured(cmd *cobra.Command, messages int, result *labelled.Result) error {
	if o.output.value == outputJSON {
		text, err := toJSON(measuredObject(messages, result))
		return errors.Join(err, emit(cmd, text))
	}
	p := newPage(cmd.OutOrStdout())
	names, counts := []string{}, []labelled.Count{}
	for _, t := range result.Types {
		names, counts = append(names, t.Type), append(counts, t.Count)
	}
	p.figures("TYPE", names, counts)
	names, counts = nil, nil
	for _, r := range result.Rules {
		names, counts = append(names, r.Rule), append(counts, r.Count)
	}
	p.line("")
	p.figures("RULE", names, counts)
	if len(result.Faults) > 0 {
		p.line("")
	}
	for i := range result.Faults {
		p.line("%s", visible(faultText(&result.Faults[i])))
	}
	all := result.Total
	p.line("\n%s: recall %s (%d of %d), precision %s, %s.", counted(messages, "message"),
		recall(all), all.Recognised, all.Messages, precision(all), counted(all.FalsePositives, "false positive"))
	return emit(cmd, p.String())
}

// figures writes a table of counts.
func (p *page) figures(heading string, names []string, counts []labelled.Count) {
	width := len(heading)
	for _, name := range names {
		width = max(width, len(name))
	}
	p.line("%-*s  MESSAGES  RECOGNISED  RECALL  FOUND  WRONG  FALSE POSITIVES  PRECISION", width, heading)
	for i, c := range counts {
		p.line("%-*s  %8d  %10d  %6s  %5d  %5d  %15d  %9s", width, visible(names[i]),
			c.Messages, c.Recognised, recall(c), c.Found, c.Wrong, c.FalsePositives, precision(c))
	}
}

// recall and precision write a share, rounded down: 1.000 means all.
func recall(c labelled.Count) string { return rounded(c.Recall()) }

func precision(c labelled.Count) string { return rounded(c.Precision()) }

func rounded(share float64) string {
	const tiny = 1e-9 // More than a quotient of two counts can be off.
	return fmt.Sprintf("%.3f", math.Floor(share*1000+tiny)/1000)
}

// faultText says on one line which message got what instead of which type.
func faultText(f *labelled.Fault) string {
	return fmt.Sprintf("%s, got %s: %s", expectation(f.Message), f.Got, quoted(f.Message))
}

// expectation names a message and what it is labelled with.
func expectation(m *labelled.Message) string {
	wanted := "nothing"
	if len(m.Labels) > 0 {
		wanted = strings.Join(m.Labels, " or ")
	}
	return fmt.Sprintf("%s:%d: %s: expected %s", m.File, m.Line, m.ID, wanted)
}

func quoted(m *labelled.Message) string { return fmt.Sprintf("%.120q", m.Text) }

// measuredObject gives the figures for programs.
func measuredObject(messages int, result *labelled.Result) object {
	types, byRule, faults := []object{}, []object{}, []object{}
	for _, t := range result.Types {
		types = append(types, append(object{{"type", t.Type}}, countMembers(t.Count)...))
	}
	for _, r := range result.Rules {
		byRule = append(byRule, append(object{{"rule", r.Rule}, {"type", r.Type}}, countMembers(r.Count)...))
	}
	for i := range result.Faults {
		f := &result.Faults[i]
		fault := append(messageMembers(f.Message), answerMembers("got", f.Got)...)
		faults = append(faults, fault)
	}
	return append(object{{"tested", messages}}, append(countMembers(result.Total),
		member{"types", types}, member{"rules", byRule}, member{"faults", faults})...)
}

func countMembers(c labelled.Count) object {
	return object{
		{"messages", c.Messages},
		{"recognised", c.Recognised},
		{"recall", c.Recall()},
		{"found", c.Found},
		{"wrong", c.Wrong},
		{"false_positives", c.FalsePositives},
		{"precision", c.Precision()},
	}
}

// messageMembers gives what programs need to know of a message.
func messageMembers(m *labelled.Message) object {
	return object{{"file", m.File}, {"line", m.Line}, {"id", m.ID}, {"text", m.Text}, {"expected", m.Labels}}
}

// answerMembers gives an answer; nothing is null.
func answerMembers(key string, a labelled.Answer) object {
	if a.Type == "" {
		return object{{key, nil}}
	}
	return object{{key, object{{"type", a.Type}, {"rule", a.Rule}}}}
}
