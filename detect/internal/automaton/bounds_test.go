package automaton

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// manyStates has a state for every set of the last thirteen runes.
const manyStates = `(?is)a[ab]{3}[ab]{3}[ab]{3}[ab]{3}x`

func randomLetters(seed uint64, size int) string {
	r := rand.New(rand.NewPCG(seed, 2))
	var b strings.Builder
	for range size {
		b.WriteByte("ab"[r.IntN(2)])
	}
	return b.String()
}

func TestWalkWithTooManyStatesIsGivenUp(t *testing.T) {
	t.Parallel()
	e := New("", manyStates, NewPool(1<<20))
	m := e.machines().forward
	text := randomLetters(1, 16<<10)
	for range maxGivenUp {
		_, ok := m.earliest(text, 0, len(text))
		require.False(t, ok)
	}
	require.True(t, m.hopeless())
	text += "aaaaaaaaaaaaaax"
	found, _ := e.Find(text, 0, 0, len(text))
	require.Equal(t, []int{len(text) - 14, len(text)}, found)
	require.True(t, e.Match(text))
	_, known := NewUnion([]*Expression{e}, NewPool(1<<20)).Which(text, 0, len(text), 1)
	require.False(t, known)
}

func TestStatesTakeNoMoreThanTheirPool(t *testing.T) {
	t.Parallel()
	const limit = 256 << 10
	pool := NewPool(limit)
	for i := range 64 {
		text := randomLetters(uint64(i), 256)
		New("", manyStates, pool).Match(text)
		require.LessOrEqual(t, pool.used, limit)
		size := 0
		for m := range pool.sizes {
			size += m.current.Load().size()
		}
		require.Equal(t, size, pool.used)
	}
}

// TestEveryCacheIsKnownToThePool lets walks grow their caches while others make
// everyone forget theirs.
func TestEveryCacheIsKnownToThePool(t *testing.T) {
	t.Parallel()
	pool := NewPool(96 << 10)
	var all []*Expression
	for _, expr := range expressions {
		all = append(all, New("", expr, pool))
	}
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(worker), 13))
			for range 3000 {
				all[r.IntN(len(all))].Match(randomText(r))
			}
		})
	}
	workers.Wait()
	used := 0
	for _, e := range all {
		if c := e.machines().forward.current.Load(); c != nil {
			require.Equal(t, c.size(), pool.sizes[e.machines().forward], e.expr)
			used += c.size()
		}
	}
	require.Equal(t, pool.used, used)
	require.LessOrEqual(t, used, pool.limit)
}

func TestExpressionsThatAreTooLargeAreLeftToRegexp(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{
		`(?is)(?:` + strings.Repeat(`\w{300}`, 40) + `)x`,
		`(?is)` + strings.Repeat(`a.{0,9}`, maxGaps+1) + `x`,
	} {
		e := New("", expr, NewPool(1<<20))
		require.Nil(t, e.machines().forward)
		text := strings.Repeat("a", 13000) + "x"
		found, _ := e.Find(text, 0, 0, len(text))
		require.Equal(t, regexp.MustCompile(expr).FindStringIndex(text), found)
		from, to, _ := e.Around(text, 5, 6)
		require.Equal(t, []int{0, len(text)}, []int{from, to})
	}
}
