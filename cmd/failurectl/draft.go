package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/draft"
	"github.com/failuredetector/failuredetector/internal/survey"
	"github.com/failuredetector/failuredetector/rules"
)

// draftOptions are the flags of rules draft.
type draftOptions struct {
	logFiles

	top    int
	benign []string
}

func newDraft() *cobra.Command {
	var options draftOptions
	cmd := &cobra.Command{
		Use:   "draft [FILE...]",
		Short: "Draft rules for the errors in log files that no rule recognises",
		Long: `Draft finds the errors in files that no rule recognises, puts those that are alike
together, and prints a rule for each of the most frequent: with a pattern, with
texts that it matches and near misses, and with how often it was seen.

An error is a record whose level says so, or an exception. What is taken over is
without secrets that show themselves as such; read it before you share it.

The rules do nothing as they are: they are in shadow mode, experimental, and of
the type NOVEL_ERROR. Give each a type and a name of your own. They pass rules
lint and rules test; what says too little for such a rule is left out, which is
told on standard error. With --benign it is counted how many records of healthy
systems each matches.

Files, their forms and the rules are chosen as for scan.

Exit codes:
  0  rules were drafted
  1  there is nothing to draft
  2  the command line is wrong, or a file or the rules cannot be read`,
		Example: `  failurectl rules draft /var/log/app/*.log > drafts.yaml
  failurectl rules draft --top 3 --benign yesterday.log.gz app.log`,
		RunE: options.run,
	}
	options.unknown = true
	cmd.Flags().IntVar(&options.top, "top", 10, "`NUMBER` of rules to draft at most")
	cmd.Flags().StringArrayVar(&options.benign, "benign", nil, "`FILE` of healthy systems to count matches in; may be given again")
	complete(cmd, "top", cobra.NoFileCompletions)
	options.addFlags(cmd)
	return cmd
}

func (o *draftOptions) run(cmd *cobra.Command, args []string) error {
	if o.top < 1 {
		return usageError{fmt.Errorf("--top: %d is less than 1", o.top)}
	}
	if err := o.check(); err != nil {
		return err
	}
	detector, err := o.detector()
	if err != nil {
		return err
	}
	unknown := draft.NewErrors()
	summary, trouble, err := o.read(cmd, args, detector, func(results []survey.Result) error {
		for i := range results {
			if r := &results[i]; r.Unknown() != "" {
				unknown.Add(r.File, r.Line, r.Unknown())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	drafts, skipped := unknown.Rules(o.top)
	set, kept, err := draft.Check(drafts)
	if err != nil {
		return err
	}
	skipped += len(drafts) - len(kept)
	cmd.PrintErrf("failurectl: %s, %s that no rule recognises: %s drafted, %d left out that say too little\n",
		counted(summary.Records, "record"), counted(unknown.Records(), "error"), counted(len(kept), "rule"), skipped)
	if len(kept) > 0 {
		if trouble, err = o.print(cmd, set, kept, trouble); err != nil {
			return err
		}
	}
	switch {
	case trouble:
		return exitError(exitTrouble)
	case len(kept) == 0:
		return exitError(exitNothing)
	}
	return nil
}

// print measures drafts on healthy records, where there are some, and writes them.
func (o *draftOptions) print(cmd *cobra.Command, set *rules.Set, drafts []*draft.Rule, trouble bool) (bool, error) {
	if len(o.benign) == 0 {
		return trouble, emit(cmd, draft.YAML(drafts, nil, 0))
	}
	detector, err := compile(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	if err != nil {
		return trouble, rulesError{err}
	}
	hits := map[string]int{}
	summary, lost, err := o.read(cmd, o.benign, detector, func(results []survey.Result) error {
		for i := range results {
			for _, found := range results[i].Verdict.Shadow {
				hits[found.Rule.ID]++
			}
		}
		return nil
	})
	if err != nil {
		return trouble, err
	}
	return trouble || lost, errors.Join(emit(cmd, draft.YAML(drafts, hits, summary.Records)))
}
