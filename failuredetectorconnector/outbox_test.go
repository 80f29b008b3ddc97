package failuredetectorconnector

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/internal/incident"
)

// TestWhatIsBeingSentAtTheEndIsSentOnce has a way out that takes its time, and one that never answers.
func TestWhatIsBeingSentAtTheEndIsSentOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		takes, ends time.Duration
		arrived     int
	}{
		"it takes its time": {takes: 2 * time.Second, ends: 2 * time.Second, arrived: 1},
		"it never answers":  {takes: time.Hour, ends: patience, arrived: 2},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				h, calls, arrived := newHarness(t, defaultConfig()), 0, 0
				began := make(chan struct{})
				next, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
					calls++
					switch calls {
					case 1:
						return errRefused // So the loop sends it, and not who sent the failure.
					case 2:
						close(began)
						arrived += logs.LogRecordCount()
						select {
						case <-time.After(tc.takes):
							return nil
						case <-ctx.Done():
							return ctx.Err()
						}
					default:
						arrived += logs.LogRecordCount()
						return nil
					}
				})
				require.NoError(t, err)
				edge, err := NewFactory().CreateLogsToLogs(t.Context(), h.settings, h.config, next)
				require.NoError(t, err)
				require.NoError(t, edge.Start(t.Context(), h.host))
				require.NoError(t, edge.ConsumeLogs(t.Context(), failed("shop", "a")))
				<-began
				stopped := time.Now()
				require.NoError(t, edge.Shutdown(t.Context()))
				require.Equal(t, tc.ends, time.Since(stopped))
				require.Equal(t, tc.arrived, arrived)
			})
		})
	}
}

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
