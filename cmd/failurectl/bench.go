package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/survey"
)

const (
	// maxShare is how much of the time a rule may take, the limit of the shipped rules
	// on healthy logs; it is judged from minBenched records on.
	maxShare   = 0.05
	minBenched = 1000
	// oftenSeen is on which part of the records a rule that never matches may be tried,
	// and manySeen on how many in any case.
	oftenSeen = 0.02
	manySeen  = 10
)

// benchOptions are the flags of rules bench.
type benchOptions struct {
	logFiles

	output *choice
}

func newBench() *cobra.Command {
	var options benchOptions
	cmd := &cobra.Command{
		Use:   "bench [FILE...]",
		Short: "Measure what each rule costs on log files",
		Long: `Bench classifies the records of files as scan does, each three times, of which
the fastest counts, and says for each rule that was tried:
  SEEN     on how many records: those that have the literals of a pattern, or a
           code or exception type that the rule names
  MATCHED  on how many of these it recognised a failure, or the end of one
  SHARE    which part of the time for all records it took
and which part was spent before any rule: on reading the records, and on the
search for the literals of all rules, which is one. The dearest rule is first.

Give it logs of which nearly all is healthy, as in production: what a rule costs
there is what it costs. A rule is named with advice at the end if it takes more
than 5% of the time of at least 1000 records, or if it never matches on more than
2% of the records on which it was tried, at least 10.

Files, their forms and the rules are chosen as for scan.

Exit codes:
  0  no rule costs too much
  1  a rule does
  2  the command line is wrong, or a file or the rules cannot be read`,
		Example: `  failurectl rules bench /var/log/syslog /var/log/app/*.log.gz
  failurectl rules bench --rules my-rules.yaml app.log
  kubectl logs --since 1h my-pod | failurectl rules bench --output json`,
		RunE: options.run,
	}
	options.output = outputFlag(cmd)
	options.addFlags(cmd)
	return cmd
}

func (o *benchOptions) run(cmd *cobra.Command, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	detector, err := o.detector()
	if err != nil {
		return err
	}
	profile := detect.NewProfile(detector)
	summary, trouble, err := o.read(cmd, args, profile, func([]survey.Result) error { return nil })
	if err != nil {
		return err
	}
	b := benched{
		Costs: profile.Costs(),
		bytes: summary.Bytes, files: max(len(args), 1), allRules: len(detector.Rules().Rules),
	}
	if err := o.print(cmd, &b); err != nil {
		return err
	}
	switch {
	case trouble:
		return exitError(exitTrouble)
	case len(b.allAdvice()) > 0:
		return exitError(exitNothing)
	}
	return nil
}

// benched is what records cost, and what was read for it.
type benched struct {
	detect.Costs

	bytes           int64
	files, allRules int
}

// mean is what a record took.
func (b *benched) mean() time.Duration { return b.Time / time.Duration(max(b.Records, 1)) }

// allAdvice says what to write better in the rules that cost too much.
func (b *benched) allAdvice() []string {
	var all []string
	for i := range b.Rules {
		if advice := b.advice(&b.Rules[i]); advice != "" {
			all = append(all, fmt.Sprintf("rule %q: %s", b.Rules[i].Rule.ID, advice))
		}
	}
	return all
}

// advice says what to write better in a rule, if anything.
func (b *benched) advice(r *detect.RuleCost) string {
	isDear := b.Records >= minBenched && b.Share(r.Time) > maxShare
	isIdle := r.Matched == 0 && r.Seen >= manySeen && float64(r.Seen) > oftenSeen*float64(b.Records)
	problem := fmt.Sprintf("it was tried on %d of %s and matched %d", r.Seen, counted(b.Records, "record"), r.Matched)
	if isDear {
		problem = fmt.Sprintf("it takes %s of the time; %s", percent(b.Share(r.Time)), problem)
	}
	switch {
	case !isDear && !isIdle:
		return ""
	case r.Pattern == "":
		return problem + ": name fewer codes or exception types"
	case 2*r.Matched < r.Seen:
		return fmt.Sprintf("%s: ask for a rarer text in %s", problem, r.Pattern)
	default:
		return fmt.Sprintf("%s: narrow the gaps and name fewer groups in %s", problem, r.Pattern)
	}
}

func percent(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }

func (o *benchOptions) print(cmd *cobra.Command, b *benched) error {
	if o.output.value == outputJSON {
		text, err := toJSON(b.object())
		return errors.Join(err, emit(cmd, text))
	}
	p := newPage(cmd.OutOrStdout())
	p.benched(b)
	return emit(cmd, p.String())
}

// benched says what records cost.
func (p *page) benched(b *benched) {
	p.line("%s in %s of %s, %d ns a record", counted(b.Records, "record"), byteCount(b.bytes), counted(b.files, "file"), b.mean().Nanoseconds())
	p.line("%s of the time went into reading them and looking for the literals of all rules.", percent(b.Share(b.Reading())))
	if b.CutShort > 0 {
		p.line("Cut short, since it would have taken more than a record may: %s.", counted(b.CutShort, "record"))
	}
	p.line("")
	if len(b.Rules) == 0 {
		p.line("No rule was tried on any of them.")
		return
	}
	width := len("RULE")
	for i := range b.Rules {
		width = max(width, len(visible(b.Rules[i].Rule.ID)))
	}
	p.line("%s", p.styled(bold, fmt.Sprintf("%-*s      SEEN   MATCHED    SHARE", width, "RULE")))
	for i := range b.Rules {
		r := &b.Rules[i]
		p.line("%-*s  %8d  %8d  %7s", width, visible(r.Rule.ID), r.Seen, r.Matched, percent(b.Share(r.Time)))
	}
	p.line("\n%s tried on no record.", areOthers(b.allRules-len(b.Rules)))
	if b.Records < minBenched {
		p.line("Shares of fewer than %d records differ from run to run.", minBenched)
	}
	for i, advice := range b.allAdvice() {
		if i == 0 {
			p.line("")
		}
		p.line("%s", visible(advice))
	}
}

func areOthers(n int) string {
	if n == 1 {
		return "1 other rule was"
	}
	return fmt.Sprintf("%d other rules were", n)
}

// object gives the figures for programs.
func (b *benched) object() object {
	list := []object{}
	for i := range b.Rules {
		r := &b.Rules[i]
		one := object{
			{"rule", r.Rule.ID},
			{"type", r.Rule.Type},
			{"seen", r.Seen},
			{"matched", r.Matched},
			{"share", b.Share(r.Time)},
			{"advice", nil},
		}
		if advice := b.advice(r); advice != "" {
			one[len(one)-1].value = advice
		}
		list = append(list, one)
	}
	return object{
		{"records", b.Records},
		{"bytes", b.bytes},
		{"nanoseconds_per_record", b.mean().Nanoseconds()},
		{"cut_short", b.CutShort},
		{"share_of_reading", b.Share(b.Reading())},
		{"tested", b.allRules},
		{"rules", list},
	}
}
