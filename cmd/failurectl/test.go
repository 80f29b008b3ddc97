package main

import (
	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

func newTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test [FILE|DIR...]",
		Short: "Run the examples of rules",
		Long: `Test runs every example of every rule on that rule, as if it were telemetry: one
under examples.match has to match, one under examples.ignore must not.

Files are read on top of the shipped rules, so they may use and override them; a
file with the name of a shipped pack stands in for that pack. Without files it
is the shipped rules that are tested.

Exit codes:
  0  all examples do what they say
  1  at least one does not
  2  the command line is wrong, or the rules cannot be loaded`,
		Example: `  failurectl rules test my-rules.yaml
  failurectl rules test rules/packs
  failurectl rules test`,
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := review(args)
			if err != nil {
				return err
			}
			faults, err := detect.RunExamples(set)
			if err != nil {
				return rulesError{err}
			}
			var p page
			for _, fault := range faults {
				p.line("%s", visible(fault.Error()))
			}
			all := counted(countExamples(set), "example") + " of " + counted(len(set.Rules), "rule")
			if len(faults) == 0 {
				p.line("%s: all do what they say.", all)
				return emit(cmd, p.String())
			}
			p.line("%s: %d failed.", all, len(faults))
			if err := emit(cmd, p.String()); err != nil {
				return err
			}
			return exitError(exitNothing)
		},
	}
}

func countExamples(set *rules.Set) int {
	count := 0
	for _, r := range set.Rules {
		count += len(r.Examples.Match) + len(r.Examples.Ignore)
	}
	return count
}
