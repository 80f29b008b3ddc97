package detect

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestShippedExamples runs every example of the catalogue, of all maturities.
func TestShippedExamples(t *testing.T) {
	for _, fault := range shippedDetector(t).CheckExamples() {
		t.Error(fault)
	}
}

// TestShippedRulesAreLintClean holds the catalogue to what the linter tells others.
func TestShippedRulesAreLintClean(t *testing.T) {
	findings, err := Lint(shippedDetector(t).Rules())
	require.NoError(t, err)
	for _, finding := range findings {
		t.Error(finding)
	}
}

// TestShippedPrimaryTypes holds that a record which one rule describes gets a
// type that its author meant: that of the rule, or one that refines it or goes
// before it.
func TestShippedPrimaryTypes(t *testing.T) {
	d := shippedDetector(t)
	for _, r := range d.Rules().Rules {
		for _, e := range r.Examples.Match {
			s := d.borrow()
			d.readExample(s, e)
			v := d.classify(s)
			d.giveBack(s)
			require.NotEmpty(t, v.Detections, "%s: %q", r.ID, e.Text)
			primary := v.Detections[0].Rule.Type
			if primary != r.Type && !d.order.refines[primary][r.Type] && !d.order.before[primary][r.Type] {
				t.Errorf("%s:%d: rule %s is of type %s, its example gets %s (%s)", r.Source.File, e.Line, r.ID, r.Type, primary, v.Detections[0].Rule.ID)
			}
		}
	}
}

// TestShippedRulesAreInOrder holds the conventions of the packs: the id begins
// with the pack's name, rules are sorted, and each has its examples and says
// what to do.
func TestShippedRulesAreInOrder(t *testing.T) {
	previous := map[string]string{}
	for _, r := range shippedDetector(t).Rules().Rules {
		require.True(t, strings.HasPrefix(r.ID, r.Pack+"-"), "%s is in pack %s", r.ID, r.Pack)
		require.Equal(t, r.Pack+".yaml", filepath.Base(r.Source.File))
		require.Less(t, previous[r.Pack], r.ID, "rules of %s are not sorted", r.Pack)
		previous[r.Pack] = r.ID
		require.GreaterOrEqual(t, len(r.Examples.Match), 2, r.ID)
		require.GreaterOrEqual(t, len(r.Examples.Ignore), 2, r.ID)
		require.NotEmpty(t, r.Explain.Actions, r.ID)
		require.NotNil(t, r.Explain.Transient, r.ID)
		require.NotNil(t, r.Explain.UserActionRequired, r.ID)
	}
}
