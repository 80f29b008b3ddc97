package detect

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/literal"
)

func TestPlanAsksForTheRarestLiteralsFirst(t *testing.T) {
	p := newPlan([][]literal.Conjunction{
		{{"connection", "ora-00060"}, {"deadlock"}},
		nil,
		{{"ora-00060"}, {"error", "deadlock", "ora-00060"}},
	})
	require.Equal(t, []string{"connection", "ora-00060", "deadlock", "error"}, p.literals)
	got := map[string][]conjunction{}
	for i, list := range p.conjunctions() {
		if len(list) > 0 {
			got[p.literals[i]] = list
		}
	}
	require.Equal(t, map[string][]conjunction{
		"ora-00060": {{trigger: 0, others: []int32{0}}, {trigger: 2, others: []int32{}}, {trigger: 2, others: []int32{2, 3}}},
		"deadlock":  {{trigger: 0, others: []int32{}}},
	}, got)
}

// TestShippedPatternsHaveLiterals holds how much the search has to look for: no
// pattern is tried on every record, and few need many literals.
func TestShippedPatternsHaveLiterals(t *testing.T) {
	d := shippedDetector(t)
	require.Empty(t, d.always)
	conjunctions := 0
	for _, list := range d.conjunctions {
		conjunctions += len(list)
	}
	require.Less(t, conjunctions, 10*len(d.triggers))
}
