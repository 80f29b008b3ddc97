package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/rules"
)

// listed is a rule in the list.
type listed struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Severity   failure.Severity `json:"severity"`
	Category   string           `json:"category"`
	Confidence float64          `json:"confidence"`
	Maturity   rules.Maturity   `json:"maturity"`
	Mode       rules.Mode       `json:"mode"`
	Pack       string           `json:"pack"`
	Source     rules.Source     `json:"source"`
}

func newList() *cobra.Command {
	var types, packs []string
	var output *choice
	var files *[]string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List rules",
		Long: `List prints one line for each rule, in the order of the catalogue: the packs by
name, then your files.

Exit codes:
  0  the rules were listed
  2  the command line is wrong, or the rules cannot be loaded`,
		Example: `  failurectl rules list
  failurectl rules list --type DATABASE_TIMEOUT --type TRANSACTION_ROLLBACK
  failurectl rules list --pack postgres --output json
  failurectl rules list --rules my-rules.yaml --pack mine`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := catalogue(*files)
			if err != nil {
				return err
			}
			if err := errors.Join(known("--type", types, typeNames(set)), known("--pack", packs, packNames(set))); err != nil {
				return usageError{err}
			}
			list := []listed{}
			for _, r := range set.Rules {
				if (len(types) == 0 || slices.Contains(types, r.Type)) && (len(packs) == 0 || slices.Contains(packs, r.Pack)) {
					list = append(list, listed{r.ID, r.Type, r.Severity, r.Category, r.Confidence, r.Maturity, r.Mode, r.Pack, r.Source})
				}
			}
			return printList(cmd, list, output.value)
		},
	}
	output = outputFlag(cmd)
	files = rulesFlag(cmd)
	cmd.Flags().StringSliceVar(&types, "type", nil, "only rules of this failure `TYPE`; may be given again")
	cmd.Flags().StringSliceVar(&packs, "pack", nil, "only rules of this `PACK`; may be given again")
	complete(cmd, "type", names(files, typeNames))
	complete(cmd, "pack", names(files, packNames))
	return cmd
}

// known refuses a filter that nothing can pass.
func known(flag string, wanted []string, all map[string]string) error {
	for _, name := range wanted {
		if _, ok := all[name]; !ok {
			return fmt.Errorf("%s: there is no %q", flag, name)
		}
	}
	return nil
}

func printList(cmd *cobra.Command, list []listed, output string) error {
	if output == outputJSON {
		text, err := toJSON(list)
		return errors.Join(err, emit(cmd, text))
	}
	id, typ := len("RULE"), len("TYPE")
	for _, r := range list {
		id, typ = max(id, len(r.ID)), max(typ, len(r.Type))
	}
	var p page
	p.line("%-*s  %-*s  %-8s  %-10s  %s", id, "RULE", typ, "TYPE", "SEVERITY", "CONFIDENCE", "MATURITY")
	for _, r := range list {
		maturity := string(r.Maturity)
		if r.Mode == rules.Shadow {
			maturity += ", shadow"
		}
		p.line("%-*s  %-*s  %-8s  %-10g  %s", id, r.ID, typ, r.Type, r.Severity, r.Confidence, maturity)
	}
	return emit(cmd, p.String())
}
