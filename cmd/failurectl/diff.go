package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

// builtin stands on the command line for the shipped packs.
const builtin = "builtin"

// diffOptions are the flags of rules diff.
type diffOptions struct {
	output   *choice
	labelled []string
}

func newDiff() *cobra.Command {
	var options diffOptions
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what changed in rules, and how much it breaks",
		Long: `Diff compares two files or directories of rules and classes each difference by
what it breaks for those who use the rules: major, minor or patch. The gravest
class among them is that of the next version.

One side may be the word builtin, for the shipped rules: then the other side is
read on top of them, where a file with the name of a shipped pack stands in for
that pack, and the differences are what the file brings about. Otherwise each
side is read by itself, or on top of the shipped rules if it needs them.

With --labelled it also lists the messages that would get another type. Such a
file is described at rules test.

Exit codes:
  0  nothing differs
  1  something does
  2  the command line is wrong, or the rules or messages cannot be loaded`,
		Example: `  failurectl rules diff ../released/rules/packs rules/packs
  failurectl rules diff builtin my-rules.yaml
  failurectl rules diff builtin rules/packs --labelled testdata/labelled/messages.jsonl`,
		Args: arguments(func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 2:
				return fmt.Errorf("give two files or directories to compare, not %d", len(args))
			case args[0] == builtin && args[1] == builtin:
				return fmt.Errorf("one side at most is %s: there is nothing to compare", builtin)
			}
			return nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error { return options.run(cmd, args[0], args[1]) },
	}
	options.output = outputFlag(cmd)
	cmd.Flags().StringArrayVar(&options.labelled, "labelled", nil, "`FILE` of labelled messages to try both sides on; may be given again")
	return cmd
}

// side is one of two things compared.
type side struct {
	// told are the types and rules that a difference can be about, whole is what
	// a record would meet.
	told, whole *rules.Set
}

// readSide reads one side; other is the path of the opposite one.
func readSide(path, other string) (side, error) {
	var s side
	var err error
	switch {
	case path == builtin:
		s.whole, err = rules.LoadTogether()
	case other == builtin:
		s.whole, err = rules.LoadTogether(path)
	default:
		// What needs no other rules is not to meet them: they may have its ids.
		if s.whole, err = rules.LoadFiles(path); err != nil {
			if s.told, err = rules.LoadForReview(path); err == nil {
				s.whole, err = rules.LoadTogether(path)
			}
		}
	}
	if err != nil {
		return s, rulesError{err}
	}
	if s.told == nil {
		s.told = s.whole
	}
	return s, nil
}

func (o *diffOptions) run(cmd *cobra.Command, before, after string) error {
	from, err := readSide(before, after)
	if err != nil {
		return err
	}
	to, err := readSide(after, before)
	if err != nil {
		return err
	}
	changes := rules.Diff(from.told, to.told)
	effects, err := o.effects(from.whole, to.whole)
	if err != nil {
		return err
	}
	if err := o.print(cmd, changes, effects); err != nil {
		return err
	}
	if len(changes)+len(effects) > 0 {
		return exitError(exitNothing)
	}
	return nil
}

// effects finds the labelled messages that the new rules take for something else.
func (o *diffOptions) effects(before, after *rules.Set) ([]labelled.Difference, error) {
	if len(o.labelled) == 0 {
		return nil, nil
	}
	messages, err := labelled.ReadFiles(o.labelled...)
	if err != nil {
		return nil, messagesError{err}
	}
	from, err := detectorOf(before)
	if err != nil {
		return nil, err
	}
	to, err := detectorOf(after)
	if err != nil {
		return nil, err
	}
	return labelled.Compare(from, to, messages), nil
}

// detectorOf compiles rules whose examples are the business of other commands.
func detectorOf(set *rules.Set) (*detect.Detector, error) {
	d, err := detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	if d == nil {
		return nil, rulesError{err}
	}
	return d, nil
}

func (o *diffOptions) print(cmd *cobra.Command, changes []rules.Change, effects []labelled.Difference) error {
	if o.output.value == outputJSON {
		text, err := toJSON(diffObject(changes, effects))
		return errors.Join(err, emit(cmd, text))
	}
	p := newPage(cmd.OutOrStdout())
	for _, c := range changes {
		p.line("%s  %s: %s", p.styled(levelStyle(c.Level), fmt.Sprintf("%-5s", c.Level)), visible(c.Subject()), visible(c.What))
	}
	for i := range effects {
		e := &effects[i]
		p.line("%s, was %s, now %s: %s", visible(expectation(e.Message)), visible(e.Before.String()), visible(e.After.String()), visible(quoted(e.Message)))
	}
	switch {
	case len(changes) > 0:
		p.line("%s, at most %s.", counted(len(changes), "change"), changes[0].Level)
	default:
		p.line("No changes.")
	}
	if len(o.labelled) > 0 {
		p.line("%s of another type.", counted(len(effects), "message"))
	}
	return emit(cmd, p.String())
}

func levelStyle(level rules.Level) style {
	switch level {
	case rules.Major:
		return alarm
	case rules.Minor:
		return yellow
	default:
		return plain
	}
}

// diffObject gives the differences for programs.
func diffObject(changes []rules.Change, effects []labelled.Difference) object {
	all := object{{"level", nil}, {"changes", append([]rules.Change{}, changes...)}}
	if len(changes) > 0 {
		all[0].value = changes[0].Level
	}
	list := []object{}
	for i := range effects {
		e := &effects[i]
		effect := append(messageMembers(e.Message), answerMembers("before", e.Before)...)
		list = append(list, append(effect, answerMembers("after", e.After)...))
	}
	return append(all, member{"messages", list})
}
