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
		{"one or more", `(?:panic: )+now`, []literal.Conjunction{{"panic: now"}}},
		{"one or more of several says nothing of its neighbours", `sorry[ \t]+now`, []literal.Conjunction{{"sorry", "now"}}},
		{"a run goes on into what only begins with known strings", `error: (?:08[0-9A-Z]{3}|28000)`, []literal.Conjunction{{"error: 08"}, {"error: 28000"}}},
		{"a run begins in what only ends with known strings", `(?:\d{3}h|\dd) late`, []literal.Conjunction{{"d late"}, {"h late"}}},
		{"branches that begin alike", `(?:NU1[0-9]{3}|NETSDK1[0-9]{3})`, []literal.Conjunction{{"netsdk1"}, {"nu1"}}},
		{
			"an alternation that requires strings is not asked for twice", `(?:could not|\w+ed to) (?:reach|open \w+)`,
			[]literal.Conjunction{{"could not", "open "}, {"could not", "reach"}, {"ed to", "open "}, {"ed to", "reach"}},
		},
		{"zero or more", `(?:panic: )*now`, []literal.Conjunction{{"now"}}},
		{"case folding beyond ASCII", `ОШИБКА`, []literal.Conjunction{{"ОШИБКА"}}},
		{"the Kelvin sign is a k", "\u212Aernel", []literal.Conjunction{{"kernel"}}},
		{"the replacement character also matches broken bytes", "abcd\uFFFDefgh", []literal.Conjunction{{"abcd", "efgh"}}},
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
