package mutate_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/mutate"
	"github.com/failuredetector/failuredetector/benchmarks/internal/plain"
	"github.com/failuredetector/failuredetector/rules"
)

func orchard(t *testing.T) *rules.Set {
	t.Helper()
	set, err := plain.Set([]plain.Rule{
		{ID: "apples-gone", Type: "NO_APPLES", Patterns: []string{`(?P<count>\d+) apples? missing from basket`, `basket.{0,40}empty`}},
		{ID: "pears-gone", Type: "NO_PEARS", Patterns: []string{`pears? (?:eaten|stolen)\b`}},
	})
	require.NoError(t, err)
	return set
}

func TestFirstGenerationIsTheCatalogue(t *testing.T) {
	set, err := mutate.Set(orchard(t), 2)
	require.NoError(t, err)
	require.Len(t, set.Rules, 2)
	require.Equal(t, `basket.{0,40}empty`, set.Rules[0].Match.Patterns[1].Expr)
}

func TestFewerRulesAreDrawnEvenly(t *testing.T) {
	set, err := mutate.Set(orchard(t), 1)
	require.NoError(t, err)
	require.Len(t, set.Rules, 1)
	require.Equal(t, "apples-gone-0", set.Rules[0].ID)
}

func TestLaterGenerationsHaveOtherWordsInTheSameShape(t *testing.T) {
	set, err := mutate.Set(orchard(t), 200)
	require.NoError(t, err)
	require.Len(t, set.Rules, 200)
	first := regexp.MustCompile(`(?is)^(?P<count>\d+) app\w{2}s? mis\w{4} from bas\w{3}$`)
	texts := map[string]bool{}
	for _, r := range set.Rules[2:] {
		for _, p := range r.Match.Patterns {
			texts[p.Expr] = true
		}
	}
	require.Greater(t, len(texts), 20, "the words differ from rule to rule")
	require.NotNil(t, first)
	again, err := mutate.Set(orchard(t), 200)
	require.NoError(t, err)
	require.Equal(t, set.Hash, again.Hash, "the same in every run")
}

func TestShippedCatalogueGrowsIntoAValidSet(t *testing.T) {
	shipped, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	set, err := mutate.Set(shipped, 1_000)
	require.NoError(t, err)
	require.Len(t, set.Rules, 1_000)
}
