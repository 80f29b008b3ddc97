package literal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
)

func TestRequired(t *testing.T) {
	for _, tc := range []struct {
		name string
		expr string
		want []literal.Conjunction
	}{
		{"a plain string, folded", `No Space`, []literal.Conjunction{{"no space"}}},
		{"parts around a gap are all required", `deadlock.{0,40}found`, []literal.Conjunction{{"deadlock", "found"}}},
		{
			"each branch of an alternation has its own", `(?:deadlock|lock wait).{0,40}transaction`,
			[]literal.Conjunction{{"transaction", "deadlock"}, {"transaction", "lock wait"}},
		},
		{"a branch without a string leaves nothing", `(?:deadlock|\d+)`, nil},
		{"optional letters", `validation errors? for`, []literal.Conjunction{{"validation error for"}, {"validation errors for"}}},
		{"a string that others contain is dropped", `timeout.*connection timeout`, []literal.Conjunction{{"connection timeout"}}},
		{"a longer branch that implies a shorter one is dropped", `(?:error|errors now)`, []literal.Conjunction{{"error"}}},
		{"short strings say nothing", `a.b`, nil},
		{"a small class is expanded", `SQL[ -_]?state`, []literal.Conjunction{{"state", "sql"}}},
		{"a class of two", `gr[ae]y cat`, []literal.Conjunction{{"gray cat"}, {"grey cat"}}},
		{"counted repetition of a string", `(?:abc){2}d`, []literal.Conjunction{{"abcabcd"}}},
		{"one or more", `(?:panic: )+now`, []literal.Conjunction{{"panic: ", "now"}}},
		{"zero or more", `(?:panic: )*now`, []literal.Conjunction{{"now"}}},
		{"case folding beyond ASCII", `ОШИБКА`, []literal.Conjunction{{"ОШИБКА"}}},
		{"the Kelvin sign is a k", "\u212Aernel", []literal.Conjunction{{"kernel"}}},
		{"the replacement character also matches broken bytes", "abcd\uFFFDefgh", nil},
		{"anchors and boundaries are transparent", `(?m)^\bpanic: \b`, []literal.Conjunction{{"panic: "}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := literal.Required(tc.expr)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestRequiredRefusesWhatIsNoExpression(t *testing.T) {
	_, err := literal.Required(`(`)
	require.Error(t, err)
}
