package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

const vetoed = `pack: mine
vetoes:
  - {veto: prose, patterns: ['is said to', 'if you see']}
types:
  - {type: MINE, category: c, severity: low, explain: {cause: c}}
rules:
  - {id: mine-own, type: MINE, confidence: 0.5, match: {patterns: [broken]}, none_of: [never], vetoes: [prose]}
  - {id: mine-plain, type: MINE, confidence: 0.5, match: {patterns: [broke]}}
`

func exclusions(set *rules.Set, id string) []string {
	var list []string
	for _, r := range set.Rules {
		if r.ID != id {
			continue
		}
		for _, p := range slices.Concat(set.Exclusions(r)...) {
			list = append(list, p.Expr)
		}
	}
	return list
}

func TestVetoesAreSharedByName(t *testing.T) {
	set, err := rules.Parse("x.yaml", []byte(vetoed))
	require.NoError(t, err)
	require.Equal(t, []string{"never", "is said to", "if you see"}, exclusions(set, "mine-own"))
	require.Empty(t, exclusions(set, "mine-plain"))
}

func TestAVetoOfAnEarlierFileCanBeUsedAndReplaced(t *testing.T) {
	dir := write(t, map[string]string{
		"a.yaml": vetoed,
		"b.yaml": "pack: other\nrules:\n  - {id: other-own, type: MINE, confidence: 0.5, match: {patterns: [gone]}, vetoes: [prose]}\n",
		"c.yaml": "pack: more\nvetoes:\n  - {veto: prose, override: true, patterns: ['as they say']}\n",
	})
	set, err := rules.LoadFiles(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"as they say"}, exclusions(set, "other-own"))
	require.Equal(t, []string{"never", "as they say"}, exclusions(set, "mine-own"))
}

func TestAChangedVetoIsAnotherRuleSet(t *testing.T) {
	before, err := rules.Parse("x.yaml", []byte(vetoed))
	require.NoError(t, err)
	after, err := rules.Parse("x.yaml", []byte(strings.ReplaceAll(vetoed, ", 'if you see'", "")))
	require.NoError(t, err)
	require.NotEqual(t, before.Hash, after.Hash)
}
