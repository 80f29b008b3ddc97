package detect

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVetoesNeedTheirLiterals holds the short cut of an exclusion to the
// exclusion itself, on the near misses that exclusions are written for.
func TestVetoesNeedTheirLiterals(t *testing.T) {
	d := shippedDetector(t)
	vetoes := 0
	x := &exclusions{}
	for i := range d.rules {
		c := &d.rules[i]
		for _, e := range slices.Concat(c.rule.Examples.Match, c.rule.Examples.Ignore) {
			x.begin()
			want := slices.ContainsFunc(c.noneOf, func(p *pattern) bool { return p.compile().MatchString(e.Text) })
			require.Equal(t, want, c.vetoed(e.Text, 0, len(e.Text), x), "%s: %q", c.rule.ID, e.Text)
			if want {
				vetoes++
			}
		}
	}
	require.Greater(t, vetoes, 100)
}
