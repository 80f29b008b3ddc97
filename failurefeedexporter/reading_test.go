package failurefeedexporter

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
)

func TestReadsAllThatAnEventSays(t *testing.T) {
	logs := incident("0123456789abcdef0123456789abcdef", 3, failure.EventEscalated, with(map[string]any{
		failure.AttrCause:              "The pool is empty.",
		failure.AttrActions:            []any{"safe: Look.", "risky: Restart.", "Pray."},
		failure.AttrEvidence:           []any{"observed: 3 failures", "inferred: the database", "unknown: since when", "free text"},
		failure.AttrUserActionRequired: true, failure.AttrTransient: false,
		failure.AttrConfidence: 0.9, failure.AttrOrigin: "orders", failure.AttrPath: []any{"orders", "checkout"},
		failure.AttrVictims: []any{"v1", "v2"}, failure.AttrSuppressedBy: "s", failure.AttrRegressionOf: "r",
		failure.AttrRule: "db-timeout", failure.AttrFingerprint: "v1:1", failure.AttrCapturePrefix + "pool": "P1",
		failure.AttrPredictedEarliest: "2026-01-31T13:00:00Z", failure.AttrPredictedLatest: "2026-01-31T14:00:00Z",
	}))
	lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.SetTraceID(pcommon.TraceID{1})
	lr.SetSpanID(pcommon.SpanID{2})
	r := reader{traceURL: "https://traces.example/{trace_id}"}
	e, isEvent := r.read(logs.ResourceLogs().At(0).Resource(), lr, start)
	require.True(t, isEvent)
	got, err := json.Marshal(e.shownFailure)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "0123456789abcdef0123456789abcdef", "status": "active", "failure_type": "DATABASE_TIMEOUT", "severity": "high",
		"category": "database", "service": "checkout", "message": "failure.escalated is told", "count": 3,
		"first_seen": "2026-01-31T12:00:00Z", "last_seen": "2026-01-31T12:03:00Z", "updated": "2026-01-31T12:03:00Z",
		"root_cause": "The pool is empty.",
		"recovery_steps": [{"do": "Look.", "risk": "safe"}, {"do": "Restart.", "risk": "risky"}, {"do": "Pray.", "risk": "risky"}],
		"user_action_required": true, "transient": false, "confidence": 0.9,
		"evidence": [{"kind": "observed", "text": "3 failures"}, {"kind": "inferred", "text": "the database"},
			{"kind": "unknown", "text": "since when"}, {"kind": "unknown", "text": "free text"}],
		"origin": "orders", "path": ["orders", "checkout"], "victims": ["v1", "v2"], "suppressed_by": "s", "regression_of": "r",
		"predicted_earliest": "2026-01-31T13:00:00Z", "predicted_latest": "2026-01-31T14:00:00Z",
		"rule": "db-timeout", "fingerprint": "v1:1", "captures": {"pool": "P1"}, "resource": {"service.name": "checkout"},
		"trace_id": "01000000000000000000000000000000", "span_id": "0200000000000000",
		"trace_url": "https://traces.example/01000000000000000000000000000000"
	}`, string(got))
}

func TestWhatIsAnEvent(t *testing.T) {
	unnamed := incident("a", 1, failure.EventOpened)
	unnamed.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetEventName("")
	for _, tc := range []struct {
		name string
		logs plog.Logs
		want bool
	}{
		{"an event of an incident", incident("a", 1, failure.EventOpened), true},
		{"one whose name only the attribute still has", unnamed, true},
		{"an event of a probe", probe(failure.EventObserved, "low", start), true},
		{"an annotated record", record("", start, with(map[string]any{failure.AttrType: "NETWORK_ERROR"})), false},
		{"a record that says nothing", record("", start), false},
		{"an event of another kind", incident("a", 1, "failure.imagined"), false},
		{"an incident without a type", incident("a", 1, failure.EventOpened, func(m pcommon.Map) { m.Remove(failure.AttrType) }), false},
		{"an incident without an id", incident("", 1, failure.EventOpened), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rl := tc.logs.ResourceLogs().At(0)
			_, isEvent := new(reader).read(rl.Resource(), rl.ScopeLogs().At(0).LogRecords().At(0), start)
			require.Equal(t, tc.want, isEvent)
		})
	}
}

func TestWhatAnEventLeavesOut(t *testing.T) {
	logs := record(failure.EventResolved, start, with(map[string]any{
		failure.AttrIncidentID: "a", failure.AttrType: "T", failure.AttrSeverity: "terrible", failure.AttrStatus: "odd",
		failure.AttrConfidence: math.NaN(), failure.AttrValue: math.Inf(1), failure.AttrCount: int64(-4), failure.AttrFirstSeen: "yesterday",
		failure.AttrReminderSeconds: int64(math.MaxInt64),
	}))
	lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.Body().SetStr("")
	e := read(t, logs, start)
	require.Equal(t, "high", e.Severity, "from the number of the record")
	require.Equal(t, failure.StatusResolved, e.Status, "from the name of the event")
	require.Equal(t, start, *e.Ended)
	require.Equal(t, start, e.FirstSeen)
	require.Equal(t, "T", e.Message)
	require.Nil(t, e.Confidence)
	require.Nil(t, e.Value)
	require.Zero(t, e.Count)
	require.Equal(t, 366*24*time.Hour, e.reminder)
}

func TestConditionsOfOneEntityAreTheSame(t *testing.T) {
	id := func(change ...func(pcommon.Map)) string {
		return read(t, probe(failure.EventObserved, "low", start, change...), start).ID
	}
	require.Equal(t, id(), id(with(map[string]any{failure.AttrSeverity: "high"})))
	require.NotEqual(t, id(), id(with(map[string]any{failure.AttrEntity: "host:db-2/data"})))
	require.NotEqual(t, id(), id(with(map[string]any{failure.AttrFingerprint: "v1:2"})))
	require.Len(t, id(), 32)
}

// FuzzRead holds that whatever a sender writes is kept within bounds, and can be told as JSON.
func FuzzRead(f *testing.F) {
	f.Add(failure.EventOpened, "id", int64(1), strings.Repeat("é", 2000), failure.AttrCause, 0.5)
	f.Add(failure.EventObserved, "", int64(-1), "\xff\xfe<script>", failure.AttrEntity, math.Inf(-1))
	f.Add("failure.cleared", "\x00", int64(math.MaxInt64), "2026-01-31T12:00:00Z", failure.AttrFirstSeen, math.NaN())
	f.Fuzz(func(t *testing.T, name, id string, number int64, text, key string, double float64) {
		logs := record(name, time.Unix(0, number), with(map[string]any{
			failure.AttrIncidentID: id, failure.AttrType: text, failure.AttrSequence: number, failure.AttrCount: number, failure.AttrReminderSeconds: number,
			failure.AttrConfidence: double, failure.AttrValue: double, failure.AttrActions: []any{text}, failure.AttrEvidence: []any{text, number},
			failure.AttrCapturePrefix + text: text,
		}))
		rl := logs.ResourceLogs().At(0)
		rl.Resource().Attributes().PutStr(text, text)
		lr := rl.ScopeLogs().At(0).LogRecords().At(0)
		lr.Attributes().PutStr(key, text)
		lr.Body().SetStr(text)
		e, isEvent := new(reader).read(rl.Resource(), lr, start)
		if !isEvent {
			return
		}
		s := newTestStore(nil)
		s.apply(e)
		s.sweep(start.Add(time.Hour))
		content, err := json.Marshal(e.shownFailure)
		require.NoError(t, err)
		require.LessOrEqual(t, len(e.Message), 3*maxText)
		require.Less(t, len(content), 64<<10)
	})
}
