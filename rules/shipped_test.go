package rules_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

// TestShippedPacksAreValid stands in for the check that a start leaves out:
// as files of a user's, all is looked at.
func TestShippedPacksAreValid(t *testing.T) {
	set, err := rules.LoadFiles("packs")
	require.NoError(t, err)
	shipped, err := rules.LoadTogether()
	require.NoError(t, err)
	require.Equal(t, set.Hash, shipped.Hash)
}

func TestWhatAFileChangesOfAShippedRuleIsChecked(t *testing.T) {
	shipped, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	id, veto := shipped.Rules[0].ID, shipped.Vetoes[0].Name
	for _, tc := range []struct {
		name string
		pack string
		want string
	}{
		{"a pattern", "rules:\n  - {id: " + id + ", override: true, match: {patterns: ['a(b']}}\n", `rule "` + id + `": match.patterns[0]: the expression is not RE2`},
		{"a placeholder", "rules:\n  - {id: " + id + ", override: true, explain: {cause: 'no {{such}} thing'}}\n", `rule "` + id + `": explain: {{such}} is captured by no pattern`},
		{"a veto", "vetoes:\n  - {veto: " + veto + ", override: true, patterns: ['a(b']}\n", `veto "` + veto + `": patterns[0]: the expression is not RE2`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := rules.NewDefaultConfig()
			config.Files = []string{writePack(t, "pack: mine\n"+tc.pack)}
			_, err := rules.Load(config)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestSetsOfOneProcessAreTheirOwn holds what Load shares to what it may share.
func TestSetsOfOneProcessAreTheirOwn(t *testing.T) {
	before, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	first := before.Rules[0]
	config := rules.NewDefaultConfig()
	config.Disable, config.Shadow = []string{before.Rules[1].ID}, []string{first.ID}
	config.Files = []string{writePack(t, "pack: mine\ntypes:\n  - {type: "+first.Type+", override: true, severity: low, explain: {cause: other}}\n"+
		"rules:\n  - {id: "+before.Rules[2].ID+", override: true, match: {patterns: [other]}}\n")}
	other, err := rules.Load(config)
	require.NoError(t, err)
	require.NotEqual(t, before.Hash, other.Hash)
	content, err := os.ReadFile("packs/" + first.Pack + ".yaml")
	require.NoError(t, err)
	_, err = rules.LoadForReview(writePack(t, string(content)))
	require.NoError(t, err)
	require.Equal(t, rules.Annotate, first.Mode)
	after, err := rules.Load(rules.NewDefaultConfig())
	require.NoError(t, err)
	require.Equal(t, before, after)
}
