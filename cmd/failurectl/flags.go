package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const (
	outputText = "text"
	outputJSON = "json"
)

// choice is a flag whose values are known words.
type choice struct {
	value string
	words []string
}

func (c *choice) String() string { return c.value }

// Type stands for the value in the help.
func (c *choice) Type() string { return "WORD" }

func (c *choice) Set(value string) error {
	if !slices.Contains(c.words, value) {
		return fmt.Errorf("use one of %s", strings.Join(c.words, ", "))
	}
	c.value = value
	return nil
}

// choiceFlag adds a flag to a command together with its completion. The help
// names the words behind the usage.
func choiceFlag(cmd *cobra.Command, name, value, usage string, words ...string) *choice {
	c := &choice{value: value, words: words}
	cmd.Flags().Var(c, name, usage+": "+strings.Join(words, ", "))
	complete(cmd, name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func outputFlag(cmd *cobra.Command) *choice {
	return choiceFlag(cmd, "output", outputText, "form of the output", outputText, outputJSON)
}

// complete ties a completion to a flag that the command has.
func complete(cmd *cobra.Command, flag string, completion cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, completion); err != nil {
		panic(err) // The flag does not exist or has a completion: a mistake in this program.
	}
}

func rulesFlag(cmd *cobra.Command) *[]string {
	files := cmd.Flags().StringArray("rules", nil, "rule `FILE` or directory to add to the shipped rules; may be given again")
	complete(cmd, "rules", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	})
	return files
}
