package failurefeedexporter

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadatatest"
)

func own(f *feed, further ...attribute.KeyValue) attribute.Set {
	return attribute.NewSet(append(further, attribute.String("exporter", f.settings.ID.String()))...)
}

func ones(f *feed) []metricdata.DataPoint[int64] {
	return []metricdata.DataPoint[int64]{{Value: 1, Attributes: own(f)}}
}

func TestTelemetry(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits.Failures = 1 })
	h.webSocket("").next()
	opened := incident("a", 1, failure.EventOpened)
	h.send(opened, opened, opened, incident("b", 1, failure.EventOpened), record("", start))
	metadatatest.AssertEqualExporterFailureFeedFailures(t, h.reading, ones(h.feed), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualExporterFailureFeedClients(t, h.reading, ones(h.feed), metricdatatest.IgnoreTimestamp())
	var points []metricdata.DataPoint[int64]
	for result, n := range map[string]int64{"taken": 1, "known": 2, "foreign": 1, "overflow": 1} {
		points = append(points, metricdata.DataPoint[int64]{Value: n, Attributes: own(h.feed, attribute.String("result", result))})
	}
	metadatatest.AssertEqualExporterFailureFeedRecords(t, h.reading, points, metricdatatest.IgnoreTimestamp())
	require.EqualValues(t, 1, h.feed.store.stats(start, scope{}).Overflow)
}

func TestMissedMessagesAreCounted(t *testing.T) {
	h := newHarness(t, nil)
	h.feed.telemetry.countMissed(1)
	metadatatest.AssertEqualExporterFailureFeedMissedMessages(t, h.reading, ones(h.feed), metricdatatest.IgnoreTimestamp())
}
