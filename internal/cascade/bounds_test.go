package cascade

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBounds(t *testing.T) {
	limits := Limits{Traces: 10, Spans: 100, TraceSpans: 20, Services: 8, Settle: 10 * time.Second, Longest: time.Minute}
	at := 1_000 * second
	t.Run("a trace of ten thousand spans", func(t *testing.T) {
		tracker := New(limits)
		for i := range 10_000 {
			tracker.Add(at, []Span{{Trace: TraceID{1}, ID: SpanID{1, byte(i >> 8), byte(i)}, Service: tracker.Service("a", "a"), Failed: true}})
		}
		require.EqualValues(t, 9_980, tracker.Stats.Spans)
		require.Equal(t, 20, tracker.spans.used())
		require.Len(t, tracker.Tick(at+11*second), 1)
		require.Zero(t, tracker.spans.used())
	})
	t.Run("more traces than there is room for", func(t *testing.T) {
		tracker := New(limits)
		for i := range 100 {
			tracker.Add(at, []Span{{Trace: TraceID{byte(i + 1)}, ID: SpanID{1}, Service: tracker.Service("a", "a"), Failed: true}})
		}
		require.Equal(t, 10, tracker.traces.used())
		require.EqualValues(t, 90, tracker.Stats.Early)
		require.Len(t, tracker.Tick(at), 90, "each was looked at all the same")
	})
	t.Run("more spans than there is room for", func(t *testing.T) {
		tracker := New(limits)
		for i := range 100 {
			for j := range 19 {
				tracker.Add(at, []Span{{Trace: TraceID{byte(i%9 + 1)}, ID: SpanID{byte(i), byte(j), 1}, Service: tracker.Service("a", "a")}})
			}
		}
		require.LessOrEqual(t, tracker.spans.used(), 100)
		require.LessOrEqual(t, len(tracker.spans.values), 100)
		require.Positive(t, tracker.Stats.Early)
	})
	t.Run("one trace that has all the room", func(t *testing.T) {
		small := limits
		small.Spans, small.TraceSpans = 5, 20
		tracker := New(small)
		for i := range 30 {
			tracker.Add(at, []Span{{Trace: TraceID{1}, ID: SpanID{byte(i), 1}, Service: tracker.Service("a", "a")}})
		}
		require.Equal(t, 5, tracker.spans.used())
	})
	t.Run("a trace that never ends", func(t *testing.T) {
		tracker := New(limits)
		looked := 0
		for i := range int64(600) {
			tracker.Add(at+i*second, []Span{{Trace: TraceID{1}, ID: SpanID{byte(i >> 8), byte(i), 1}, Service: tracker.Service("a", "a"), Failed: true}})
			looked += len(tracker.Tick(at + i*second))
		}
		require.Equal(t, 9, looked, "once a minute")
	})
	t.Run("more services and peers than there is room for", func(t *testing.T) {
		tracker := New(limits)
		for i := range 100 {
			name := fmt.Sprint("pod-", i)
			tracker.Add(at, []Span{{
				Trace: TraceID{1, byte(i)}, ID: SpanID{1}, Service: tracker.Service(name, name), Kind: Client, Failed: true, Peer: name + ".db",
			}})
		}
		tracker.Tick(at + 11*second)
		require.LessOrEqual(t, len(tracker.directory.nodes), limits.Services)
		require.Equal(t, "others", tracker.Name(tracker.Service("pod-99", "pod-99")))
		require.LessOrEqual(t, len(tracker.directory.peers.current)+len(tracker.directory.peers.previous), limits.Services)
	})
	t.Run("links to ever more traces", func(t *testing.T) {
		tracker := New(limits)
		for i := range 200 {
			tracker.Add(at, []Span{{Trace: TraceID{1, byte(i)}, ID: SpanID{1, byte(i)}, Service: tracker.Service("a", "a"), Link: Link{Trace: TraceID{1, byte(i + 1)}, Span: SpanID{1}}}})
		}
		require.LessOrEqual(t, len(tracker.byID), limits.Traces*(maxLinked+1))
		tracker.Tick(at + 11*second)
		require.Empty(t, tracker.byID)
		require.Zero(t, tracker.spans.used())
	})
}

func TestSpansThatCannotBe(t *testing.T) {
	at := 1_000 * second
	id := func(b byte) SpanID { return SpanID{b} }
	for name, spans := range map[string][]Span{
		"a span that is its own parent": {{ID: id(1), Parent: id(1)}},
		"a loop of two":                 {{ID: id(1), Parent: id(2)}, {ID: id(2), Parent: id(1)}},
		"a loop with a tail":            {{ID: id(1), Parent: id(2)}, {ID: id(2), Parent: id(3)}, {ID: id(3), Parent: id(2)}, {ID: id(4), Parent: id(1)}},
		"the same span again and again": {{ID: id(1)}, {ID: id(1)}, {ID: id(1), Parent: id(1)}},
		"no ids":                        {{}, {ID: SpanID{}}},
		"an end before the beginning":   {{ID: id(1), Start: 100, End: -100, Kind: Client, Peer: "x"}, {ID: id(2), Parent: id(1), Start: 1 << 62, End: -1 << 62}},
		"a link to its own trace":       {{ID: id(1), Link: Link{Trace: TraceID{1}, Span: id(1)}}},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := New(NewDefaultLimits())
			for i := range spans {
				spans[i].Trace, spans[i].Failed, spans[i].Service = TraceID{1}, true, tracker.Service(strconv.Itoa(i), strconv.Itoa(i))
			}
			tracker.Add(at, spans)
			for _, v := range tracker.Tick(at + 11*second) {
				require.NotEmpty(t, v.Causes)
			}
			require.Zero(t, tracker.spans.used())
		})
	}
	t.Run("a chain of the greatest depth", func(t *testing.T) {
		tracker := New(NewDefaultLimits())
		for i := range 2_000 {
			tracker.Add(at, []Span{{
				Trace: TraceID{1}, ID: SpanID{1, byte(i >> 8), byte(i)}, Parent: SpanID{1, byte((i - 1) >> 8), byte(i - 1)}, Failed: i%2 == 0,
				Service: tracker.Service(strconv.Itoa(i%2), strconv.Itoa(i%2)), Kind: Kind(i % 5),
			}})
		}
		require.Len(t, tracker.Tick(at+11*second), 1)
	})
}

// TestAnything feeds spans at random, and holds that the same spans give the same verdicts, and that
// nothing is kept of traces that have been looked at.
func TestAnything(t *testing.T) {
	run := func(seed uint64) string {
		random := rand.New(rand.NewPCG(seed, 1))
		tracker := New(Limits{Traces: 20, Spans: 300, TraceSpans: 40, Services: 12, Settle: 3 * time.Second, Longest: 8 * time.Second})
		at := 1_000 * second
		var told strings.Builder
		id := func(n int) byte { return byte(random.IntN(n)) }
		for range 3_000 {
			at += random.Int64N(second / 4)
			name := strconv.Itoa(random.IntN(16))
			tracker.Add(at, []Span{{
				Trace: TraceID{id(30)}, ID: SpanID{id(20)}, Parent: SpanID{id(20)}, Service: tracker.Service(name, name), Kind: Kind(id(5)),
				Failed: id(2) == 0, Fault: Fault(id(4)), Start: at - random.Int64N(second), End: at + random.Int64N(second),
				Operation: uint32(id(3)), Peer: []string{"", "a", "b", "4.internal"}[id(4)], Link: Link{Trace: TraceID{id(60)}, Span: SpanID{id(20)}},
				Weight: float32(id(3)),
			}})
			if id(3) == 0 {
				tracker.Mark(at, Mark{Trace: TraceID{id(30)}, Span: SpanID{id(20)}, Service: tracker.Service(name, name), Key: [16]byte{id(9)}})
			}
			fmt.Fprintln(&told, tracker.Tick(at))
		}
		fmt.Fprintln(&told, tracker.Suspects())
		tracker.Tick(at + 60*second)
		require.Zero(t, tracker.spans.used())
		require.Zero(t, tracker.traces.used())
		require.Empty(t, tracker.byID)
		return told.String()
	}
	for seed := range uint64(20) {
		first := run(seed)
		require.Equal(t, first, run(seed), "seed %d", seed)
	}
}

func TestWeight(t *testing.T) {
	for state, want := range map[string]float32{
		"": 0, "congo=t61rcWkgMzE": 0, "ot=th:0": 1, "ot=th:8": 2, "ot=th:c;rv:d": 4, "congo=t61, ot=rv:1;th:fd70a4": 100, "ot=p:3;r:5": 8,
		"ot=th:": 0, "ot=th:x": 0, "ot=th:ffffffffffffff0": 0, "ot=th:ffffffffffffff": maxWeight, "ot=p:63": 0, "ot=p:62": maxWeight, "ot": 0,
	} {
		require.InDelta(t, want, Weight(state), 0.001, "%q", state)
	}
}

func TestSampledAndWhole(t *testing.T) {
	d := draw(t)
	tree := `
		gateway S! 0-50
			gateway C! 1-49 stock.internal
				stock S! 2-48`
	for i := range byte(10) {
		spans := d.trace(i+1, tree)
		for j := range spans {
			spans[j].Weight = 100
		}
		d.Add(d.nanos, spans)
	}
	d.settle()
	s := d.Suspect(d.Service("stock", "stock"))
	require.InDelta(t, 1_000, s.Failures, 1)
	require.InDelta(t, 10, s.Traces, 0.1, "no more is known for it")
	require.False(t, s.Biased)
	require.Equal(t, []string{"stock", "gateway"}, s.Path)
	require.Equal(t, []string{"gateway"}, s.Victims)
	sure := s.Confidence
	require.Greater(t, sure, 0.85)

	d.Add(d.nanos, d.trace(100, tree))
	d.settle()
	s = d.Suspect(d.Service("stock", "stock"))
	require.True(t, s.Biased)

	one := draw(t)
	one.Add(one.nanos, one.trace(1, tree))
	one.settle()
	require.Less(t, one.Suspect(one.Service("stock", "stock")).Confidence, 0.6, "one trace is not sure")
	one.nanos += 3600 * second
	one.Tick(one.nanos)
	require.Empty(t, one.Suspects(), "what is long ago is forgotten")
}

func BenchmarkHealthySpans(b *testing.B) {
	tracker := New(NewDefaultLimits())
	services := [10]Node{}
	for i := range services {
		services[i] = tracker.Service(strconv.Itoa(i), strconv.Itoa(i))
	}
	spans := make([]Span, 1_000)
	at, n := 1_000*second, uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		n++
		at += second / 10
		for i := range spans {
			kind, peer := Server, ""
			if i%2 == 1 {
				kind, peer = Client, "orders.internal"
			}
			spans[i] = Span{
				Trace: TraceID{1, byte(i / 10), byte(n), byte(n >> 8), byte(n >> 16)}, ID: SpanID{1, byte(i)}, Service: services[i%10], Kind: kind, Peer: peer,
				Start: at, End: at + 1_000,
			}
			if i%10 > 0 {
				spans[i].Parent = SpanID{1, byte(i - 1)}
			}
		}
		tracker.Add(at, spans)
		tracker.Tick(at)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1_000, "ns/span")
}
