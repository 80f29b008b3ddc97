package mutate_test

import (
	"regexp"
	"strings"
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
	shape := regexp.MustCompile(`^\(\?P<count>\\d\+\) app\w{3}\? mis\w{4} fr\w{2} bas\w{3}$`)
	texts := map[string]bool{}
	for _, r := range set.Rules {
		if strings.HasPrefix(r.ID, "apples") {
			require.Regexp(t, shape, r.Match.Patterns[0].Expr)
			require.Regexp(t, `^bas\w{3}\.\{0,40\}em\w{3}$`, r.Match.Patterns[1].Expr)
		}
		texts[r.Match.Patterns[0].Expr] = true
	}
	require.Greater(t, len(texts), 20, "the words differ from rule to rule")
	again, err := mutate.Set(orchard(t), 200)
	require.NoError(t, err)
	require.Equal(t, set.Hash, again.Hash, "the same in every run")
}

func TestOnlyWordsThatStandForThemselvesAreReplaced(t *testing.T) {
	const expr = `\bapples\x{1F34E}\pL(?i:pears)[^[:alpha:]apples\]]{12,40}\p{Greek}(?P<basket>plums)(?-s)\.figs`
	set, err := plain.Set([]plain.Rule{{ID: "fruit", Type: "FRUIT", Patterns: []string{expr}}})
	require.NoError(t, err)
	set, err = mutate.Set(set, 2)
	require.NoError(t, err)
	require.Regexp(t, `^\\bapp\w{3}\\x\{1F34E\}\\pL\(\?i:pe\w{3}\)\[\^\[:alpha:\]apples\\\]\]\{12,40\}\\p\{Greek\}\(\?P<basket>pl\w{3}\)\(\?-s\)\\\.fi\w{2}$`,
		set.Rules[1].Match.Patterns[0].Expr)
}

func TestShippedCatalogueGrowsIntoAValidSet(t *testing.T) {
	shipped, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	set, err := mutate.Set(shipped, 1_000)
	require.NoError(t, err)
	require.Len(t, set.Rules, 1_000)
}
