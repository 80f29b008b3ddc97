package notify

import (
	"slices"

	"github.com/failuredetector/failuredetector/failure"
)

// Filter says which failures a destination is told of. All that is given has to hold.
type Filter struct {
	// MinSeverity is the least severity that is told. Default: all are.
	MinSeverity failure.Severity `mapstructure:"min_severity"`
	// Types, Categories and Services are alternatives; none is all. Default: none.
	Types      []string `mapstructure:"types"`
	Categories []string `mapstructure:"categories"`
	Services   []string `mapstructure:"services"`
}

func (f *Filter) wants(candidate *Failure) bool {
	var severity failure.Severity
	// What is no severity is below all of them.
	_ = severity.UnmarshalText([]byte(candidate.Severity))
	return severity >= f.MinSeverity && anyOf(f.Types, candidate.FailureType) &&
		anyOf(f.Categories, candidate.Category) && anyOf(f.Services, candidate.Place)
}

func anyOf(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}
