package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadatatest"
	"github.com/failuredetector/failuredetector/internal/incident"
)

func TestInternalTelemetry(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		h, _ := stored(t, m)
		h.start()
		core := h.logsToLogs.(*edge).core
		mutes, err := incident.ParseMutes("x", []byte(`silences: [{match: {service.name: till}, until: 2999-01-01T00:00:00Z, reason: x}]`))
		require.NoError(t, err)
		core.mu.Lock()
		core.state.SetMutes(mutes)
		core.mu.Unlock()

		inTrace := func(span byte, at time.Time) func(plog.LogRecord) {
			return func(lr plog.LogRecord) {
				lr.SetTraceID(pcommon.TraceID{1})
				lr.SetSpanID(pcommon.SpanID{span})
				lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
			}
		}
		h.sendLogs(failed("shop", "a", inTrace(1, time.Now())))
		h.sendLogs(failed("shop", "a", inTrace(2, time.Now())))
		h.sendLogs(failed("shop", "b", inTrace(3, time.Now().Add(-2*time.Hour))))
		h.sendLogs(failed("till", "a"))
		h.wait(21 * time.Second)

		own := attribute.String("connector", "failure_detector/test")
		point := func(n int64, more ...attribute.KeyValue) []metricdata.DataPoint[int64] {
			return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(append(more, own)...)}}
		}
		ignore := metricdatatest.IgnoreTimestamp()
		metadatatest.AssertEqualConnectorFailureDetectorFailures(t, h.telemetry, point(3), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorDuplicates(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorLate(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorEvents(t, h.telemetry, point(2, attribute.String("failure_event", "failure.opened")), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorMutedEvents(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorIncidents(t, h.telemetry, point(3), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorMutedIncidents(t, h.telemetry, point(1), ignore)
		metadatatest.AssertEqualConnectorFailureDetectorSaves(t, h.telemetry, point(2, attribute.String("outcome", "success")), ignore)
	})
}
