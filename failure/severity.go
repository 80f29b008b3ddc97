package failure

import (
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Severity says how bad a failure is. The order of the constants is the order of badness.
type Severity int

// The severities, from the least to the worst. The zero value is no severity.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severityNames = [...]string{Low: "low", Medium: "medium", High: "high", Critical: "critical"}

// String gives the name that attributes and rules use, or "" for a value that is no severity.
func (s Severity) String() string {
	if s < Low || s > Critical {
		return ""
	}
	return severityNames[s]
}

// Number is the log severity number of a failure this bad, as the architecture page fixes it.
func (s Severity) Number() plog.SeverityNumber {
	switch s {
	case Low:
		return plog.SeverityNumberInfo
	case Medium:
		return plog.SeverityNumberWarn
	case High:
		return plog.SeverityNumberError
	case Critical:
		return plog.SeverityNumberFatal
	default:
		return plog.SeverityNumberUnspecified
	}
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) {
	return []byte(s.String()), nil
}

// UnmarshalText reads a name; anything else is an error that lists the names there are.
func (s *Severity) UnmarshalText(text []byte) error {
	for level := Low; level <= Critical; level++ {
		if severityNames[level] == string(text) {
			*s = level
			return nil
		}
	}
	return fmt.Errorf("%q is no severity: use low, medium, high or critical", text)
}
