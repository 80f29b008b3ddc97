package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/rules"
)

func newShow() *cobra.Command {
	var output *choice
	var files *[]string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a rule",
		Long: `Show prints all of a rule: what it matches, what it says about the failure, and
its examples.

Exit codes:
  0  the rule was shown
  2  there is no such rule, or the rules cannot be loaded`,
		Example: `  failurectl rules show pool-postgres-slots
  failurectl rules show mine-press-jammed --rules my-rules.yaml --output json`,
		Args: arguments(func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("give the id of one rule, not %d: `failurectl rules list` lists them", len(args))
			}
			return nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := catalogue(*files)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(set.Rules, func(r *rules.Rule) bool { return r.ID == args[0] })
			if at < 0 {
				return noRule(set, args[0])
			}
			return show(cmd, set, set.Rules[at], output.value)
		},
	}
	output = outputFlag(cmd)
	files = rulesFlag(cmd)
	all := names(files, ruleNames)
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return all(cmd, args, begun)
	}
	return cmd
}

func noRule(set *rules.Set, id string) error {
	if set.TypeByName(id) != nil {
		return fmt.Errorf("%q is a failure type: `failurectl rules list --type %s` lists its rules", id, id)
	}
	return fmt.Errorf("there is no rule %q: `failurectl rules list` lists those there are", id)
}

func show(cmd *cobra.Command, set *rules.Set, r *rules.Rule, output string) error {
	if output == outputJSON {
		text, err := toJSON(struct {
			*rules.Rule
			Source rules.Source `json:"source"`
		}{r, r.Source})
		return errors.Join(err, emit(cmd, text))
	}
	p := newPage(cmd.OutOrStdout())
	p.rule(set, r)
	return emit(cmd, p.String())
}

func (p *page) rule(set *rules.Set, r *rules.Rule) {
	p.line("%s", p.styled(bold, visible(r.ID)))
	p.line("  type        %s", visible(r.Type))
	for general := set.TypeByName(r.Type).Refines; general != ""; general = set.TypeByName(general).Refines {
		p.line("  refines     %s", visible(general))
	}
	p.line("  severity    %s", p.styled(severityStyle(r.Severity), r.Severity.String()))
	p.line("  category    %s", visible(r.Category))
	p.line("  confidence  %g", r.Confidence)
	p.line("  maturity    %s", visible(string(r.Maturity)))
	p.line("  mode        %s", visible(string(r.Mode)))
	if r.Resolve.After > 0 {
		p.line("  over after  %s of quiet", r.Resolve.After)
	}
	p.line("  source      pack %s, %s:%d", visible(r.Pack), visible(r.Source.File), r.Source.Line)

	var evidence []string
	evidence = append(evidence, expressions(r.Match.Patterns)...)
	for _, name := range r.Match.ExceptionTypes {
		evidence = append(evidence, "exception.type "+name)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Match.Codes)) {
		evidence = append(evidence, key+" "+strings.Join(r.Match.Codes[key], ", "))
	}
	p.list("Matches any of", evidence)
	p.list("And all of", expressions(r.AllOf))
	p.list("Unless the line has", expressions(r.NoneOf))
	p.list("Or is what a veto names", r.Vetoes)
	p.list("Only where", conditions(r.Condition))
	p.list("Over when a message has", expressions(r.ClearPatterns))

	p.line("\n%s", p.styled(bold, "Cause"))
	p.line("  %s", visible(r.Explain.Cause))
	if len(r.Explain.Actions) > 0 {
		p.line("\n%s", p.styled(bold, "What to do"))
	}
	for _, action := range r.Explain.Actions {
		p.action(action.String())
	}
	p.prospects(r.Explain)
	p.list("Examples", examples(r.Examples.Match))
	p.list("Near misses", examples(r.Examples.Ignore))
}

// list writes a heading and lines under it, or nothing.
func (p *page) list(heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line("\n%s", p.styled(bold, heading))
	for _, line := range lines {
		for i, part := range strings.Split(line, "\n") {
			p.line("  %s %s", p.styled(faint, map[bool]string{true: "-", false: " "}[i == 0]), visible(part))
		}
	}
}

func expressions(patterns []rules.Pattern) []string {
	var list []string
	for _, p := range patterns {
		list = append(list, p.Expr)
	}
	return list
}

func conditions(c rules.Condition) []string {
	var list []string
	for _, one := range []struct{ record, expr string }{{"log record", c.Log}, {"span", c.Span}, {"span event", c.SpanEvent}} {
		if one.expr != "" {
			list = append(list, one.record+": "+one.expr)
		}
	}
	return list
}

// examples gives each record as its text, behind what else it has.
func examples(records []rules.Example) []string {
	var list []string
	for _, e := range records {
		var rest []string
		if e.ExceptionType != "" {
			rest = append(rest, "exception.type="+e.ExceptionType)
		}
		if e.Severity != 0 {
			rest = append(rest, fmt.Sprintf("severity=%d", e.Severity))
		}
		for _, key := range slices.Sorted(maps.Keys(e.Attributes)) {
			rest = append(rest, key+"="+e.Attributes[key])
		}
		if len(rest) > 0 {
			list = append(list, strings.TrimRight("["+strings.Join(rest, " ")+"] "+e.Text, " "))
			continue
		}
		list = append(list, e.Text)
	}
	return list
}
