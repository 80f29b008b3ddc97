package failurefeedexporter

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func numbered(number uint64, text string) *message {
	return &message{number: number, text: []byte(text), failure: &shownFailure{Severity: map[bool]string{true: "high", false: "low"}[number%2 == 0]}}
}

func filled(size int, messages uint64, text string) *ring {
	r := newRing(size)
	for number := range messages {
		r.add(numbered(number+1, text))
	}
	return r
}

func (b batch) numbers() []uint64 {
	list := []uint64{}
	for _, m := range b.messages {
		list = append(list, m.number)
	}
	return list
}

func TestReadersOfTheRing(t *testing.T) {
	even := filter{severities: []string{"high"}}
	for _, tc := range []struct {
		name     string
		messages uint64
		from     uint64
		wanted   filter
		want     []uint64
		lost     uint64
		upTo     uint64
	}{
		{"nothing is there", 0, 0, filter{}, []uint64{}, 0, 0},
		{"all that is kept", 3, 0, filter{}, []uint64{1, 2, 3}, 0, 3},
		{"a full ring", 4, 0, filter{}, []uint64{1, 2, 3, 4}, 0, 4},
		{"what came after", 4, 2, filter{}, []uint64{3, 4}, 0, 4},
		{"nothing new", 4, 4, filter{}, []uint64{}, 0, 4},
		{"what is gone is counted", 7, 1, filter{}, []uint64{4, 5, 6, 7}, 2, 7},
		{"the last one that is not gone", 7, 3, filter{}, []uint64{4, 5, 6, 7}, 0, 7},
		{"what a filter lets through", 4, 0, even, []uint64{2, 4}, 0, 4},
		{"a filter passes what it does not want", 3, 2, even, []uint64{}, 0, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := filled(4, tc.messages, "text").after(tc.from, &tc.wanted)
			require.Equal(t, tc.want, b.numbers())
			require.Equal(t, tc.lost, b.lost)
			require.Equal(t, tc.upTo, b.upTo)
		})
	}
}

func TestWhatIsWrittenAtOnceIsBounded(t *testing.T) {
	require.Len(t, filled(200, 200, "short").after(0, &filter{}).messages, maxBatch)
	require.Len(t, filled(200, 200, strings.Repeat("x", maxBatchBytes/2)).after(0, &filter{}).messages, 2)
	require.Len(t, filled(200, 200, strings.Repeat("x", maxBatchBytes+1)).after(0, &filter{}).messages, 1)
}

func TestLongTextsAreKeptForAShorterWhile(t *testing.T) {
	r := filled(100, 100, strings.Repeat("x", maxRingBytes/10))
	b := r.after(0, &filter{})
	require.EqualValues(t, 90, b.lost)
	require.EqualValues(t, 91, r.oldest.Load())
	require.Equal(t, maxRingBytes/10*10, r.bytes)
	r.add(numbered(101, strings.Repeat("x", maxRingBytes+1)))
	require.EqualValues(t, 101, r.oldest.Load(), "the latest is kept, however long")
}

// TestTellingWaitsForNoClient holds all that clients ever hold.
func TestTellingWaitsForNoClient(t *testing.T) {
	h := newHarness(t, nil)
	l := h.webSocket("")
	l.next()
	h.feed.hub.mu.Lock()
	h.send(incident("a", 1, failure.EventOpened))
	h.feed.hub.mu.Unlock()
	require.Equal(t, "a", l.next()["id"])
}

func TestALongMessageIsOneFrame(t *testing.T) {
	for _, n := range []int{0, 125, 126, 0xffff, 0x10000} {
		text := strings.Repeat("x", n)
		frame, inside := newFrame([]byte(text))
		require.Equal(t, text, string(inside))
		require.Len(t, frame, n+map[bool]int{true: 2}[n < 126]+map[bool]int{true: 4}[n >= 126 && n <= 0xffff]+map[bool]int{true: 10}[n > 0xffff])
	}
}
