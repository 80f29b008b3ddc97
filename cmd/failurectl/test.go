package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// testOptions are the flags of rules test.
type testOptions struct {
	output         *choice
	labelled       []string
	recall         float64
	falsePositives int
}

func newTest() *cobra.Command {
	var options testOptions
	cmd := &cobra.Command{
		Use:   "test [FILE|DIR...]",
		Short: "Run the examples of rules, or measure rules on labelled messages",
		Long: `Test runs every example of every rule on that rule, as if it were telemetry: one
under examples.match has to match, one under examples.ignore must not.

Files are read on top of the shipped rules, so they may use and override them; a
file with the name of a shipped pack stands in for that pack. Without files it
is the shipped rules that are tested.

With --labelled it is messages that are run instead of the examples, on your
rules and the shipped ones together, those that are experimental included. Each
line of such a file is a JSON object: an id, a text, perhaps an exception_type,
and labels, the failure types that the text reports; none means that it reports
no failure. A message is recognised where its primary type is among its labels
or in also_ok. What was missed or taken for a failure is listed, with recall and
precision by type and by rule.

Exit codes:
  0  all examples do what they say, or all messages were understood
  1  at least one example does not, or recall is below --minimum-recall, or there
     are more false positives than --maximum-false-positives
  2  the command line is wrong, or the rules or messages cannot be loaded`,
		Example: `  failurectl rules test my-rules.yaml
  failurectl rules test rules/packs
  failurectl rules test --labelled my-messages.jsonl my-rules.yaml
  failurectl rules test --labelled testdata/labelled/messages.jsonl --minimum-recall 0.98`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := options.check(cmd); err != nil {
				return err
			}
			if len(options.labelled) > 0 {
				return options.measure(cmd, args)
			}
			return options.runExamples(cmd, args)
		},
	}
	options.output = outputFlag(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&options.labelled, "labelled", nil, "`FILE` of labelled messages to measure the rules on; may be given again")
	flags.Float64Var(&options.recall, "minimum-recall", 1, "share of the failures in labelled messages to be recognised, a `NUMBER` from 0 to 1")
	flags.IntVar(&options.falsePositives, "maximum-false-positives", 0, "`NUMBER` of labelled messages without failure that may be taken for one")
	for _, name := range []string{"minimum-recall", "maximum-false-positives"} {
		complete(cmd, name, cobra.NoFileCompletions)
	}
	return cmd
}

func (o *testOptions) check(cmd *cobra.Command) error {
	for _, name := range []string{"minimum-recall", "maximum-false-positives"} {
		if cmd.Flags().Changed(name) && len(o.labelled) == 0 {
			return usageError{fmt.Errorf("--%s: there is nothing to measure without --labelled", name)}
		}
	}
	if !(o.recall >= 0 && o.recall <= 1) {
		return usageError{fmt.Errorf("--minimum-recall: %v is outside 0 to 1", o.recall)}
	}
	if o.falsePositives < 0 {
		return usageError{fmt.Errorf("--maximum-false-positives: %d is negative", o.falsePositives)}
	}
	return nil
}

// exampleReport is what a run of the examples gives as JSON.
type exampleReport struct {
	Rules    int             `json:"rules"`
	Examples int             `json:"examples"`
	Failed   []failedExample `json:"failed"`
}

type failedExample struct {
	Rule   string       `json:"rule"`
	Source rules.Source `json:"source"`
	// Wanted says whether it stands under examples.match.
	Wanted bool   `json:"wanted"`
	Text   string `json:"text"`
}

func (o *testOptions) runExamples(cmd *cobra.Command, args []string) error {
	set, err := review(args)
	if err != nil {
		return err
	}
	faults, err := detect.RunExamples(set)
	if err != nil {
		return rulesError{err}
	}
	report := exampleReport{Rules: len(set.Rules), Examples: countExamples(set), Failed: []failedExample{}}
	for _, fault := range faults {
		source := rules.Source{File: fault.Rule.Source.File, Line: fault.Example.Line}
		report.Failed = append(report.Failed, failedExample{fault.Rule.ID, source, fault.Wanted, fault.Example.Text})
	}
	if err := o.printExamples(cmd, report, faults); err != nil {
		return err
	}
	if len(faults) > 0 {
		return exitError(exitNothing)
	}
	return nil
}

func (o *testOptions) printExamples(cmd *cobra.Command, report exampleReport, faults []*detect.ExampleError) error {
	if o.output.value == outputJSON {
		text, err := toJSON(report)
		return errors.Join(err, emit(cmd, text))
	}
	var p page
	for _, fault := range faults {
		p.line("%s", visible(fault.Error()))
	}
	all := counted(report.Examples, "example") + " of " + counted(report.Rules, "rule")
	if len(faults) == 0 {
		p.line("%s: all do what they say.", all)
	} else {
		p.line("%s: %d failed.", all, len(faults))
	}
	return emit(cmd, p.String())
}

func countExamples(set *rules.Set) int {
	count := 0
	for _, r := range set.Rules {
		count += len(r.Examples.Match) + len(r.Examples.Ignore)
	}
	return count
}
