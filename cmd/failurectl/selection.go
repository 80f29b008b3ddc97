package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// selection is the flags that say with which rules to detect.
type selection struct {
	files      *[]string
	maturity   *choice
	confidence float64
}

func (s *selection) addFlags(cmd *cobra.Command) {
	s.files = rulesFlag(cmd)
	s.maturity = choiceFlag(cmd, "minimum-maturity", string(rules.Incubating), "leave out rules that are less settled",
		string(rules.Experimental), string(rules.Incubating), string(rules.Stable))
	cmd.Flags().Float64Var(&s.confidence, "minimum-confidence", 0, "leave out rules below this confidence, a `NUMBER` from 0 to 1")
	complete(cmd, "minimum-confidence", cobra.NoFileCompletions)
}

// check refuses what the flags cannot be.
func (s *selection) check() error {
	if !(s.confidence >= 0 && s.confidence <= 1) {
		return usageError{fmt.Errorf("--minimum-confidence: %v is outside 0 to 1", s.confidence)}
	}
	return nil
}

// detector compiles the rules.
func (s *selection) detector() (*detect.Detector, error) {
	config := rules.NewDefaultConfig()
	config.Files = *s.files
	config.MinimumMaturity = rules.Maturity(s.maturity.value)
	config.MinimumConfidence = s.confidence
	set, err := rules.Load(config)
	if err != nil {
		return nil, rulesError{err}
	}
	detector, err := compile(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
	if err != nil {
		return nil, rulesError{err}
	}
	return detector, nil
}

// compile is replaced by the tests, which run many commands in one process.
var compile = detect.New
