package main

import (
	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
)

func newLint() *cobra.Command {
	return &cobra.Command{
		Use:   "lint [FILE|DIR...]",
		Short: "Say what to write better in rules",
		Long: `Lint loads rules and says, for each that works and could be better, where and
how: patterns that are tried on too many records, join texts from far apart or
are too large, examples that are missing or fail, ids out of order, types without
actions.

Files are read on top of the shipped rules, so they may use and override them; a
file with the name of a shipped pack stands in for that pack. Without files it
is the shipped rules that are checked.

Exit codes:
  0  nothing to say
  1  something can be better
  2  the command line is wrong, or the rules cannot be loaded`,
		Example: `  failurectl rules lint my-rules.yaml
  failurectl rules lint rules/packs
  failurectl rules lint`,
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := review(args)
			if err != nil {
				return err
			}
			findings, err := detect.Lint(set)
			if err != nil {
				return rulesError{err}
			}
			var p page
			for _, finding := range findings {
				p.line("%s", visible(finding.String()))
			}
			if len(findings) == 0 {
				p.line("%s: nothing to write better.", counted(len(set.Rules), "rule"))
				return emit(cmd, p.String())
			}
			p.line("%s: %s.", counted(len(set.Rules), "rule"), counted(len(findings), "finding"))
			if err := emit(cmd, p.String()); err != nil {
				return err
			}
			return exitError(exitNothing)
		},
	}
}
