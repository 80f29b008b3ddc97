package rules

import (
	"errors"
	"fmt"
	"slices"
)

// selectRules leaves out and shadows what the configuration says.
func selectRules(set *Set, config Config) error {
	disabled, err := set.chosen("disable", config.Disable)
	if err != nil {
		return err
	}
	shadowed, err := set.chosen("shadow", config.Shadow)
	if err != nil {
		return err
	}
	for _, r := range set.Rules {
		if shadowed(r) {
			r.Mode = Shadow
		}
	}
	set.Rules = slices.DeleteFunc(set.Rules, func(r *Rule) bool {
		return disabled(r) || !r.Maturity.AtLeast(config.MinimumMaturity) || r.Confidence < config.MinimumConfidence
	})
	return nil
}

// chosen tells which rules a list of ids, packs and types names. A name that is
// none of them is a fault: it would silently do nothing.
func (s *Set) chosen(key string, names []string) (func(*Rule) bool, error) {
	known := map[string]bool{}
	for _, t := range s.Types {
		known[t.Name], known[t.Pack] = true, true
	}
	for _, r := range s.Rules {
		known[r.ID], known[r.Pack] = true, true
	}
	wanted := map[string]bool{}
	var errs []error
	for i, name := range names {
		if !known[name] {
			errs = append(errs, fmt.Errorf("%s[%d]: %q is no rule, pack or type%s", key, i, name, suggest(name, mapKeys(known))))
		}
		wanted[name] = true
	}
	return func(r *Rule) bool { return wanted[r.ID] || wanted[r.Pack] || wanted[r.Type] }, errors.Join(errs...)
}
