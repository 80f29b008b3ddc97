package signal

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSustainCountsAsAListWould holds the bits to a list of what happened.
func TestSustainCountsAsAListWould(t *testing.T) {
	for _, bar := range []Bar{{Count: 0, Of: 0}, {Count: 1, Of: 1}, {Count: 3, Of: 4}, {Count: 50, Of: 63}, {Count: 51, Of: 64}, {Count: 52, Of: 65}, {Count: 240, Of: 300}, {Count: 256, Of: MaxScans}} {
		t.Run(fmt.Sprintf("%d of %d", bar.Count, bar.Of), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(bar.Of)))
			var s sustain
			var list []bool
			for range 2000 {
				reached := random.Float64() < 0.8
				list = append(list, reached)
				held := 0
				for _, r := range list[max(0, len(list)-bar.Of):] {
					if r {
						held++
					}
				}
				require.Equal(t, bar.Count > 0 && held >= bar.Count, s.add(bar, reached))
				require.Equal(t, held > 0, s.any())
			}
		})
	}
}
