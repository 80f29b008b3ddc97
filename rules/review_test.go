package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/rules"
)

func writePack(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestLoadForReview(t *testing.T) {
	shipped, err := rules.LoadForReview()
	require.NoError(t, err)
	first := shipped.Types[0]

	t.Run("gives the catalogue where no file is named", func(t *testing.T) {
		require.NotEmpty(t, shipped.Rules)
	})
	t.Run("gives the rules of a file alone, which may be of shipped types", func(t *testing.T) {
		path := writePack(t, "pack: mine\nrules:\n  - {id: mine-broken, type: "+first.Name+", confidence: 0.5, match: {patterns: [wholly broken]}}\n")
		set, err := rules.LoadForReview(path)
		require.NoError(t, err)
		require.Len(t, set.Rules, 1)
		require.Equal(t, rules.Source{File: path, Line: 3}, set.Rules[0].Source)
		require.Equal(t, first.Category, set.Rules[0].Category)
		require.Empty(t, set.Types)
		require.Equal(t, first, set.TypeByName(first.Name))
	})
	t.Run("takes a file for a changed copy of the shipped pack of its name", func(t *testing.T) {
		content, err := os.ReadFile("packs/" + first.Pack + ".yaml")
		require.NoError(t, err)
		path := writePack(t, string(content))
		set, err := rules.LoadForReview(path)
		require.NoError(t, err)
		require.NotEmpty(t, set.Types)
		for _, r := range set.Rules {
			require.Equal(t, path, r.Source.File)
		}
	})
	t.Run("refuses what Load refuses", func(t *testing.T) {
		path := writePack(t, "pack: mine\nrules:\n  - {id: mine-broken, type: NOT_THERE, confidence: 0.5, match: {patterns: [wholly broken]}}\n")
		_, err := rules.LoadForReview(path)
		require.ErrorContains(t, err, path+`:3: rule "mine-broken": type: NOT_THERE is not defined`)
	})
	t.Run("names a file that is not there", func(t *testing.T) {
		_, err := rules.LoadForReview("not-there.yaml")
		require.ErrorContains(t, err, "not-there.yaml")
	})
}
