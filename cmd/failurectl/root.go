package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes, which are those of grep.
const (
	exitFound   = 0
	exitNothing = 1
	exitTrouble = 2
)

// run is the whole program. It gives the exit code.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRoot(in, out, errOut)
	root.SetArgs(args)
	cmd, err := root.ExecuteC()

	if err == nil {
		return exitFound
	}
	if exit, ok := errors.AsType[exitError](err); ok {
		return int(exit)
	}
	message := fmt.Sprintf("failurectl: %v\n", err)
	if _, ok := errors.AsType[usageError](err); ok {
		message += fmt.Sprintf("`%s --help` tells how it is used.\n", cmd.CommandPath())
	}
	// Where this cannot be written there is nobody to tell.
	_, _ = io.WriteString(errOut, visibleLines(message))
	return exitTrouble
}

// exitError ends a command with a code, after all has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// rulesError is about rules that cannot be loaded; each of its lines names file and line.
type rulesError struct{ error }

func (e rulesError) Error() string { return "the rules cannot be loaded:\n" + e.error.Error() }

func (e rulesError) Unwrap() error { return e.error }

func newRoot(in io.Reader, out, errOut io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "failurectl",
		Short: "Explain failure messages, find them in logs, and list and check the rules that recognise them",
		Long: `failurectl says what a failure message is, why it is that, and what to do about
it, with the rules that the failure_detector processor of the Collector uses. It
also finds the failures in log files, replays recorded telemetry, lists these
rules and checks those that you write.

It reads what you give it and the files that you name, and nothing else.`,
		Example: `  failurectl detect 'ValidationError: OrchestrationContext field required'
  kubectl logs --tail 40 my-pod | failurectl detect
  failurectl scan /var/log/app/*.log
  failurectl rules list --type DISK_SPACE_LOW
  failurectl rules test my-rules.yaml`,
		Version:       versionText(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	group(root)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	root.SetVersionTemplate("failurectl {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newDetect(), newScan(), newReplay(), newRules(), newVersion())
	root.InitDefaultCompletionCmd() // It keeps the output that is set by now.
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.Example = "  source <(failurectl completion bash)\n  failurectl completion fish > ~/.config/fish/completions/failurectl.fish"
			group(cmd)
		}
	}
	return root
}

// group makes a command that only has subcommands refuse one that it does not
// have; by itself it would print the help and succeed.
func group(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	cmd.Args = cobra.ArbitraryArgs
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		hint := ""
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf(", did you mean %s?", strings.Join(near, " or "))
		}
		return usageError{fmt.Errorf("there is no command %q%s", args[0], hint)}
	}
}

// arguments makes what is wrong with the arguments of a command a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// emit writes all output of a command at once, so that none of it is left half
// written by what goes wrong later.
func emit(cmd *cobra.Command, text string) error {
	if _, err := io.WriteString(cmd.OutOrStdout(), text); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
