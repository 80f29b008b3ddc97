package draft

import (
	"fmt"
	"slices"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// Check loads drafts as their users will, and gives the set and those of them that `rules lint` and `rules
// test` have nothing to say about.
func Check(drafts []*Rule) (*rules.Set, []*Rule, error) {
	set, err := rules.LoadTextForReview("drafts", YAML(drafts, nil, 0))
	if err != nil {
		return nil, nil, fmt.Errorf("drafts: %w", err)
	}
	findings, err := detect.Lint(set)
	if err != nil {
		return nil, nil, fmt.Errorf("drafts: %w", err)
	}
	faulty := map[string]bool{}
	for _, finding := range findings {
		faulty[finding.Subject] = true
	}
	isFaulty := func(id string) bool { return faulty[fmt.Sprintf("rule %q", id)] }
	drafts = slices.DeleteFunc(drafts, func(r *Rule) bool { return isFaulty(r.ID) })
	set.Rules = slices.DeleteFunc(set.Rules, func(r *rules.Rule) bool { return isFaulty(r.ID) })
	return set, drafts, nil
}
