package failuredetectorconnector

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"

	"github.com/failuredetector/failuredetector/internal/incident"
)

func TestEventsThatAreRefusedAreSentAgain(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		var next gate
		next.shut(errRefused)
		h.logsNext = next.check
		h.start()
		h.sendLogs(failed("shop", "a")) // What follows does not make the sender send it again.
		h.sendLogs(failed("shop", "b"))
		h.wait(time.Minute)
		require.Empty(t, h.records())
		next.shut(nil)
		h.wait(time.Second)
		var fingerprints []string
		for _, lr := range h.records() {
			fingerprint, _ := lr.Attributes().Get("failure_fingerprint")
			fingerprints = append(fingerprints, fingerprint.Str())
		}
		require.Equal(t, []string{"a", "b"}, fingerprints)

		next.shut(consumererror.NewPermanent(errRefused))
		h.sendLogs(failed("shop", "c"))
		next.shut(nil)
		h.wait(time.Minute)
		require.Len(t, h.records(), 2, "what is refused for good is not")
	})
}

func TestOutboxIsBounded(t *testing.T) {
	var o outbox
	for i := range 2 * maxOutbox {
		o.add([]incident.Event{{Name: strconv.Itoa(i)}})
	}
	require.EqualValues(t, maxOutbox, o.dropped)
	first := o.take()
	require.Len(t, first, maxBatch)
	require.Equal(t, strconv.Itoa(maxOutbox), first[0].Name, "the oldest are dropped")
	o.putBack(first)
	require.Len(t, o.events, maxOutbox)
	require.Equal(t, first[0].Name, o.events[0].Name)
}
