package failuredetectorconnector

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// wrongValues are values of every type, for attributes that want one of them.
var wrongValues = map[string]func(pcommon.Value){
	"nothing":       func(pcommon.Value) {},
	"an empty text": func(v pcommon.Value) { v.SetStr("") },
	"1 MB of text":  func(v pcommon.Value) { v.SetStr(strings.Repeat("\xff\x00é", 250_000)) },
	"an int":        func(v pcommon.Value) { v.SetInt(math.MinInt64) },
	"no number":     func(v pcommon.Value) { v.SetDouble(math.NaN()) },
	"infinity":      func(v pcommon.Value) { v.SetDouble(math.Inf(-1)) },
	"a bool":        func(v pcommon.Value) { v.SetBool(true) },
	"bytes":         func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte{0, 255}) },
	"a map":         func(v pcommon.Value) { v.SetEmptyMap().PutStr("a", "b") },
	"a list of all": func(v pcommon.Value) {
		list := v.SetEmptySlice()
		for range 500 {
			list.AppendEmpty().SetStr(strings.Repeat("x", 500))
			list.AppendEmpty().SetInt(1)
			list.AppendEmpty()
		}
	},
}

var ourKeys = []string{
	"failure_type", "failure_severity", "failure_category", "failure_confidence", "failure_rule", "failure_fingerprint",
	"failure_clears", "failure_entity", "failure_event", "failure_scope", "failure_value", "failure_threshold",
	"failure_evidence", "failure_predicted_earliest", "failure_predicted_latest", "failure_capture.", "failure_capture.x",
	"failure_", "failure_no_such", "failure_types",
}

var eventNames = []string{"", "exception", "failure.observed", "failure.cleared", "failure.predicted", "failure.opened", "failure.", "x.exception"}

// TestWrongTypesInAnnotations puts a value of every type in place of every attribute, on records with
// every event name, on spans and on span events, and saves and loads what comes of it.
func TestWrongTypesInAnnotations(t *testing.T) {
	for name, put := range wrongValues {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				m := newMemory()
				h, _ := stored(t, m)
				h.config.Unclassified = "incident"
				h.start()
				for _, key := range ourKeys {
					spoil := func(attributes pcommon.Map) {
						annotate(attributes, "a")
						put(attributes.PutEmpty(key))
					}
					for _, event := range eventNames {
						h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) {
							spoil(lr.Attributes())
							lr.SetEventName(event)
						}))
					}
					traces := ptrace.NewTraces()
					span := exceptionSpan(traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans(), 1, 1, "a")
					spoil(span.Attributes())
					spoil(span.Events().At(0).Attributes())
					h.sendTraces(traces)
				}
				h.wait(time.Minute)
				h.stop()
				require.Less(t, len(m.values[stateKey]), 100_000)
				require.NotContains(t, m.values, asideKey)

				again, _ := stored(t, m)
				again.start()
				require.NotContains(t, m.values, asideKey, "what was saved can be loaded")
				for _, lr := range again.records() {
					require.Less(t, len(lr.Body().Str()), 2_000)
				}
			})
		})
	}
}

func TestTimesThatCannotBe(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		for _, at := range []pcommon.Timestamp{0, 1, math.MaxUint64, math.MaxInt64, math.MaxInt64 + 1, pcommon.NewTimestampFromTime(time.Now().Add(100 * 365 * 24 * time.Hour))} {
			h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) { lr.SetTimestamp(at) }))
		}
		h.wait(30*time.Second + 20*time.Minute)
		require.Equal(t, []string{"failure.opened", "failure.resolved"}, h.eventNames())
		resolved := h.records()[1].Attributes().AsRaw()
		require.Equal(t, "1970-01-01T00:00:00.000000001Z", resolved["failure_first_seen"])
		require.Equal(t, "2000-01-01T00:00:00Z", resolved["failure_last_seen"])
	})
}

func TestFloodOfGroupKeys(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Limits.Groups, config.Limits.Incidents = 100, 50
		h := newHarness(t, config)
		h.start()
		logs := plog.NewLogs()
		for i := range 20_000 {
			failed(fmt.Sprint("pod-", i), strconv.Itoa(i)).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		}
		h.sendLogs(logs)
		h.wait(30 * time.Second)
		var counted int64
		for _, p := range h.points("failure.occurrences") {
			counted += p.IntValue()
		}
		require.EqualValues(t, 20_000, counted)
		require.Len(t, h.points("failure.health.score"), 101)
		require.LessOrEqual(t, len(h.records()), 50+101)
		h.requireSum("otelcol_connector_failure_detector_overflow", 19_900, "limit", "groups")
	})
}

func TestEmptyResources(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		logs := failed("", "a")
		logs.ResourceLogs().At(0).Resource().Attributes().Clear()
		h.sendLogs(logs)
		h.sendLogs(plog.NewLogs())
		h.sendTraces(ptrace.NewTraces())
		h.wait(30 * time.Second)
		require.Equal(t, "CONNECTION_POOL_EXHAUSTION in an unnamed service (high): The HikariCP pool HikariPool-1 had no free connection for 30000 ms.",
			h.records()[0].Body().Str())
		require.Zero(t, h.events.AllLogs()[0].ResourceLogs().At(0).Resource().Attributes().Len())
		require.Equal(t, map[string]any{}, h.points("failure.health.score")[0].Attributes().AsRaw())
	})
}

func TestSentencesAreOnOneLine(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newHarness(t, defaultConfig())
		h.start()
		h.sendLogs(failed("shop\n\x1b[2J", "a", func(lr plog.LogRecord) {
			lr.Attributes().PutStr("failure_type", "X\u202e\x07")
			lr.Attributes().PutStr("failure_entity", "host:\r\n")
		}))
		for _, r := range h.records()[0].Body().Str() {
			require.True(t, strconv.IsPrint(r), "%q", h.records()[0].Body().Str())
		}
	})
}
