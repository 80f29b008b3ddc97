package incident

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOnceIsWhatItsDefinitionSays compares with the definition: per trace, service and fingerprint
// the largest number seen on one span in one signal, and each record without a trace.
func TestOnceIsWhatItsDefinitionSays(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 4))
		s := newScript(t, testSettings())
		type failureKey struct {
			trace                byte
			service, fingerprint string
		}
		type place struct {
			failureKey
			span   byte
			signal Signal
		}
		seen, largest, alone := map[place]int64{}, map[failureKey]int64{}, int64(0)
		for range 500 {
			k := failureKey{byte(random.IntN(4)), strconv.Itoa(random.IntN(2)), strconv.Itoa(random.IntN(3))}
			p := place{k, byte(random.IntN(5)), Signal(random.IntN(2))}
			s.send(broken(k.service, k.fingerprint, inTrace(k.trace, p.span, p.signal)))
			if k.trace == 0 {
				alone++
				continue
			}
			seen[p]++
			largest[k] = max(largest[k], seen[p])
		}
		wanted := alone
		for _, n := range largest {
			wanted += n
		}
		require.Equal(t, wanted, value(s.state.Occurrences), "seed %d", seed)
		require.Equal(t, wanted, s.state.Stats.Records)
		require.Equal(t, 500-wanted, s.state.Stats.Duplicates)
	}
}

func TestOneExceptionOnTheWayUp(t *testing.T) {
	s := newScript(t, testSettings())
	events := s.send(
		broken("shop", "a", inTrace(1, 1, Traces)), // The exception where it is raised.
		broken("shop", "a", inTrace(1, 2, Traces)), // On its parent.
		broken("shop", "a", inTrace(1, 3, Traces)), // On the root.
		broken("shop", "a", inTrace(1, 1, Logs)),   // As a log record.
		broken("till", "a", inTrace(1, 4, Traces)), // Another service failed as well.
	)
	require.Len(t, events, 2)
	require.EqualValues(t, 2, value(s.state.Occurrences))
}

func TestOnceIsBounded(t *testing.T) {
	settings := testSettings()
	settings.Limits.Window = 100
	s := newScript(t, settings)
	trace := func(i int) func(*Observation) {
		return func(o *Observation) { o.TraceID = [16]byte{1, byte(i >> 16), byte(i >> 8), byte(i)} }
	}
	for i := range 10_000 {
		s.send(broken("shop", "a", trace(i)))
	}
	require.LessOrEqual(t, len(s.state.once.current)+len(s.state.once.previous), 100)
	require.EqualValues(t, 9_900, s.state.Stats.Overflow.Window)

	t.Run("spans of one trace too", func(t *testing.T) {
		s := newScript(t, settings)
		for i := range 10_000 {
			s.send(broken("shop", "a", trace(1), func(o *Observation) { o.SpanID = [8]byte{1, byte(i >> 8), byte(i)} }))
		}
		require.EqualValues(t, 1, value(s.state.Occurrences))
		for _, entry := range s.state.once.current {
			require.Len(t, entry.spans, maxSpans)
		}
	})
	t.Run("a trace is remembered for five minutes at least", func(t *testing.T) {
		s := newScript(t, testSettings())
		for i := range 20 {
			s.send(broken("shop", "a", trace(1), func(o *Observation) { o.SpanID[0] = byte(i) }))
			s.now = s.now.Add(4 * time.Minute)
		}
		require.EqualValues(t, 1, value(s.state.Occurrences))
		s.now = s.now.Add(time.Hour)
		s.send(broken("shop", "b", trace(2)))
		s.now = s.now.Add(time.Hour)
		s.send(broken("shop", "b", trace(3)), broken("shop", "a", trace(1)))
		require.EqualValues(t, 4, value(s.state.Occurrences))
	})
}
