package failuredetectorconnector

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestCumulativeSeries(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		h.wait(10 * time.Second)
		first := time.Now()
		h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) {
			lr.SetTraceID(pcommon.TraceID{7})
			lr.SetSpanID(pcommon.SpanID{8})
		}))
		h.wait(21 * time.Second)
		points := h.points("failure.occurrences")
		start := pcommon.NewTimestampFromTime(first.Add(-time.Millisecond))
		require.Len(t, points, 2)
		require.Equal(t, start, points[0].Timestamp(), "a new series is sent as 0 at its start time first")
		require.Equal(t, start, points[0].StartTimestamp())
		require.Zero(t, points[0].IntValue())
		require.Equal(t, start, points[1].StartTimestamp())
		require.EqualValues(t, 1, points[1].IntValue())
		exemplar := points[1].Exemplars().At(0)
		require.Equal(t, pcommon.TraceID{7}, exemplar.TraceID())
		require.Equal(t, pcommon.SpanID{8}, exemplar.SpanID())
		require.Equal(t, map[string]any{"failure_fingerprint": "a"}, exemplar.FilteredAttributes().AsRaw())

		h.sendLogs(failed("shop", "a"))
		h.wait(30 * time.Second)
		points = h.points("failure.occurrences")
		require.Len(t, points, 1)
		require.Equal(t, start, points[0].StartTimestamp())
		require.EqualValues(t, 2, points[0].IntValue())
		require.Zero(t, points[0].Exemplars().Len(), "an exemplar is sent once")
	})
}

func TestDeltaSeries(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Metrics.Temporality = Delta
		h := newHarness(t, config)
		h.start()
		h.sendLogs(failed("shop", "a"))
		h.sendLogs(failed("shop", "a"))
		h.wait(30 * time.Second)
		require.EqualValues(t, 2, h.points("failure.occurrences")[0].IntValue())
		h.sendLogs(failed("shop", "a"))
		before := time.Now()
		h.wait(30 * time.Second)
		points := h.points("failure.occurrences")
		require.Len(t, points, 1)
		require.EqualValues(t, 1, points[0].IntValue())
		require.Equal(t, pcommon.NewTimestampFromTime(before), points[0].StartTimestamp())
		h.wait(30 * time.Second)
		require.Empty(t, h.points("failure.occurrences"), "nothing new is nothing to send")
		require.EqualValues(t, 1, h.points("failure.incident.active")[0].IntValue(), "what goes up and down stays cumulative")
	})
}

func TestMetricsThatAreRefusedAreInTheNext(t *testing.T) {
	for _, temporality := range []Temporality{Cumulative, Delta} {
		t.Run(string(temporality), func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				config := defaultConfig()
				config.Metrics.Temporality = temporality
				h := newHarness(t, config)
				refusals := 1
				h.metricsNext = func() error {
					if refusals--; refusals >= 0 {
						return errRefused
					}
					return nil
				}
				h.start()
				h.sendLogs(failed("shop", "a"))
				h.wait(30 * time.Second)
				require.Empty(t, h.metrics.AllMetrics())
				h.wait(30 * time.Second)
				points := h.points("failure.occurrences")
				require.EqualValues(t, 1, points[len(points)-1].IntValue())
				require.Equal(t, temporality == Cumulative, len(points) == 2)
			})
		})
	}
}

func TestMetricsResource(t *testing.T) {
	for name, tc := range map[string]struct {
		configured string
		want       string
	}{
		"the collector's instance": {"", "instance-1"},
		"a configured instance":    {"gateway-0", "gateway-0"},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				config := defaultConfig()
				config.InstanceID = tc.configured
				h := newHarness(t, config)
				h.start()
				h.sendLogs(failed("shop", "a"))
				h.stop()
				resource := h.metrics.AllMetrics()[0].ResourceMetrics().At(0).Resource().Attributes().AsRaw()
				require.Equal(t, map[string]any{"service.name": "otelcol", "service.instance.id": tc.want}, resource)
			})
		})
	}
}

func TestCarriedAttributes(t *testing.T) {
	for _, onMetrics := range []bool{false, true} {
		inTime(t, func(t *testing.T) {
			t.Helper()
			config := defaultConfig()
			config.GroupBy = []string{"workspace_id"}
			config.Carry = []string{"team"}
			config.Metrics.Carry = onMetrics
			h := newHarness(t, config)
			h.start()
			logs := failed("shop", "a")
			resource := logs.ResourceLogs().At(0).Resource().Attributes()
			resource.PutInt("workspace_id", 17)
			resource.PutStr("team", "payments")
			h.sendLogs(logs)
			h.stop()
			require.Equal(t, map[string]any{"workspace_id": "17", "team": "payments"},
				h.events.AllLogs()[0].ResourceLogs().At(0).Resource().Attributes().AsRaw())
			attributes := h.points("failure.health.score")[0].Attributes().AsRaw()
			require.Equal(t, "17", attributes["workspace_id"])
			require.Equal(t, onMetrics, attributes["team"] == "payments")
		})
	}
}

func TestSeriesOfIdleGroupsEnd(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Metrics.Interval = 10 * time.Minute
		h := newHarness(t, config)
		h.start()
		h.sendLogs(failed("shop", "a"))
		h.wait(24*time.Hour + 11*time.Minute)
		ended := map[string]int{}
		for _, metrics := range h.metrics.AllMetrics() {
			for _, name := range []string{"failure.occurrences", "failure.incident.active", "failure.incident.transitions", "failure.health.score", "failure.threshold.utilization"} {
				for _, p := range pointsOf(metrics, name) {
					if p.Flags().NoRecordedValue() {
						ended[name]++
						require.Equal(t, "shop", p.Attributes().AsRaw()["service.name"])
					}
				}
			}
		}
		require.Equal(t, map[string]int{
			"failure.occurrences": 1, "failure.incident.active": 1, "failure.incident.transitions": 2, "failure.health.score": 1, "failure.threshold.utilization": 1,
		}, ended, "each once")
		sent := len(h.metrics.AllMetrics())
		h.wait(time.Hour)
		require.Len(t, h.metrics.AllMetrics(), sent, "and then there is nothing to send")
	})
}

func TestGauges(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		for range 3 {
			h.sendLogs(failed("shop", "a"))
		}
		h.wait(30 * time.Second)
		used := h.points("failure.threshold.utilization")
		require.Len(t, used, 1)
		require.InDelta(t, 0.2, used[0].DoubleValue(), 1e-9)
		require.Equal(t, map[string]any{"service.name": "shop", "failure_threshold_name": "category/database"}, used[0].Attributes().AsRaw())
		require.Less(t, h.points("failure.health.score")[0].DoubleValue(), 0.8)
		h.wait(2 * time.Hour)
		require.Zero(t, h.points("failure.threshold.utilization")[0].DoubleValue())
		require.InDelta(t, 1, h.points("failure.health.score")[0].DoubleValue(), 0)
		require.Zero(t, h.points("failure.incident.active")[0].IntValue())
	})
}

func TestOverflowSeriesSayWhatTheyAre(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Limits.Groups, config.Limits.Series, config.Limits.GroupShare = 3, 5, 0.4
		h := newHarness(t, config)
		h.start()
		for _, service := range []string{"a", "b", "c", "d", "e", "d"} {
			h.sendLogs(failed(service, "x"))
		}
		h.wait(30 * time.Second)
		var marked []int64
		for _, p := range h.points("failure.occurrences") {
			if _, overflow := p.Attributes().Get("otel.metric.overflow"); overflow {
				marked = append(marked, p.IntValue())
			}
		}
		require.Equal(t, []int64{0, 3}, marked)
		h.requireSum("otelcol_connector_failure_detector_overflow", 3, "limit", "groups")
	})
}

func TestWithoutIncidentsThereAreCountsAlone(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Duties.Incidents = false
		h := newHarness(t, config)
		h.start()
		h.sendLogs(failed("shop", "a"))
		h.wait(30 * time.Second)
		require.Empty(t, h.records())
		require.Len(t, h.points("failure.occurrences"), 2)
		require.Empty(t, h.points("failure.health.score"))
	})
}

// TestSeriesOf300Services counts what 300 services make that had three types of failures each, all of
// which were resolved, and an exception that no rule knows.
func TestSeriesOf300Services(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		for service := range 300 {
			name := fmt.Sprint("service-", service)
			for kind := range 3 {
				h.sendLogs(failed(name, "a"+strconv.Itoa(kind), func(lr plog.LogRecord) {
					lr.Attributes().PutStr("failure_type", "TYPE_"+strconv.Itoa(kind))
				}))
			}
			exception := failed(name, "e", func(lr plog.LogRecord) { lr.Attributes().Remove("failure_type") })
			h.sendLogs(exception)
		}
		h.wait(time.Hour)
		total := 0
		for _, name := range []string{
			"failure.occurrences", "failure.incident.active", "failure.incident.transitions", "failure.unclassified",
			"failure.threshold.utilization", "failure.health.score",
		} {
			total += len(h.points(name))
		}
		require.Equal(t, 300*(3+4+2*4+1+1+1), total)
	})
}
