package rules

import (
	"errors"
	"fmt"
	"slices"
)

// Config is the block `rules:` of every component that uses the catalogue.
type Config struct {
	// Files are YAML packs, or directories whose *.yaml and *.yml files are
	// packs, read in the order given after the built-in packs.
	Files []string `mapstructure:"files"`
	// Disable names rules by id, or all rules of a pack or a type, that are left out.
	Disable []string `mapstructure:"disable"`
	// Shadow names rules in the same way that are counted but not annotated.
	Shadow []string `mapstructure:"shadow"`
	// MinimumMaturity leaves out rules that are less settled. Default: incubating.
	MinimumMaturity Maturity `mapstructure:"minimum_maturity"`
	// MinimumConfidence leaves out rules below it, 0 to 1. Default: 0.
	MinimumConfidence float64 `mapstructure:"minimum_confidence"`
}

// NewDefaultConfig gives the whole shipped catalogue but what is experimental.
func NewDefaultConfig() Config {
	return Config{MinimumMaturity: Incubating}
}

// Validate checks the block by itself; Load checks it against the rules.
func (c *Config) Validate() error {
	var errs []error
	if !slices.Contains(maturities, c.MinimumMaturity) {
		errs = append(errs, fmt.Errorf("minimum_maturity: %q is no maturity: use experimental, incubating or stable", c.MinimumMaturity))
	}
	if !(c.MinimumConfidence >= 0 && c.MinimumConfidence <= 1) {
		errs = append(errs, fmt.Errorf("minimum_confidence: %v is outside 0 to 1", c.MinimumConfidence))
	}
	for i, path := range c.Files {
		if path == "" {
			errs = append(errs, fmt.Errorf("files[%d]: the path is empty", i))
		}
	}
	return errors.Join(errs...)
}
