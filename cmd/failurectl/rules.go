package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/rules"
)

func newRules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, check, measure, compare and draft rules",
		Long: `Rules lists, shows, checks, measures and compares rules: those that ship with
failurectl, and those in your own files. It drafts new ones for errors that none
of them recognises.`,
		Example: `  failurectl rules list --pack postgres
  failurectl rules show pool-postgres-slots
  failurectl rules lint my-rules.yaml
  failurectl rules test my-rules/
  failurectl rules diff builtin my-rules.yaml
  failurectl rules bench --rules my-rules.yaml app.log
  failurectl rules draft app.log > drafts.yaml`,
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	group(cmd)
	cmd.AddCommand(newList(), newShow(), newLint(), newTest(), newDiff(), newBench(), newDraft())
	return cmd
}

// catalogue loads the shipped rules of every maturity and the files beside them.
func catalogue(files []string) (*rules.Set, error) {
	set, err := rules.Load(rules.Config{Files: files, MinimumMaturity: rules.Experimental})
	if err != nil {
		return nil, rulesError{err}
	}
	return set, nil
}

// review loads the rules that the arguments of a command name, or the shipped ones.
func review(args []string) (*rules.Set, error) {
	set, err := rules.LoadForReview(args...)
	if err != nil {
		return nil, rulesError{err}
	}
	return set, nil
}

// names makes a completion of what the rules say, sorted, each with a description.
func names(files *[]string, from func(*rules.Set) map[string]string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		// The flags have been parsed twice by now, so each file is there twice.
		set, err := catalogue(slices.Compact(slices.Sorted(slices.Values(*files))))
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		var list []string
		for name, description := range from(set) {
			if strings.HasPrefix(name, begun) {
				list = append(list, cobra.CompletionWithDesc(name, description))
			}
		}
		slices.Sort(list)
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

func ruleNames(set *rules.Set) map[string]string {
	list := map[string]string{}
	for _, r := range set.Rules {
		list[r.ID] = r.Type
	}
	return list
}

func typeNames(set *rules.Set) map[string]string {
	list := map[string]string{}
	for _, t := range set.Types {
		list[t.Name] = t.Category
	}
	return list
}

func packNames(set *rules.Set) map[string]string {
	count := map[string]int{}
	for _, r := range set.Rules {
		count[r.Pack]++
	}
	list := map[string]string{}
	for name, n := range count {
		list[name] = counted(n, "rule")
	}
	return list
}

// counted gives a number and a noun that agrees with it.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
