package failuredetectorconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestHangs(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Hangs = HangsConfig{After: 5 * time.Minute, Bounds: map[string]time.Duration{"load": time.Minute}, StageAttribute: "task.stage"}
		h := newHarness(t, config)
		h.start()
		step := func(name, stage string, took time.Duration) {
			traces := ptrace.NewTraces()
			rs := traces.ResourceSpans().AppendEmpty()
			rs.Resource().Attributes().PutStr("service.name", "worker")
			span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			span.SetName(name)
			span.SetTraceID(pcommon.TraceID{1})
			span.SetSpanID(pcommon.SpanID{name[0]})
			span.SetParentSpanID(pcommon.SpanID{200})
			span.Attributes().PutStr("task.stage", stage)
			span.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-took)))
			span.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
			h.sendTraces(traces)
		}
		step("load", "fetch", 2*time.Minute)
		h.wait(20 * time.Second)
		require.Equal(t, []string{"TASK_HANG in worker (high): load took 2m, which is longer than 1m."}, h.bodies())
		stage, _ := h.records()[0].Attributes().Get("failure_capture.stage")
		require.Equal(t, "fetch", stage.Str())
		step("embed", "embed", time.Second)
		h.wait(6 * time.Minute)
		require.Equal(t, "TASK_HANG in worker (high): A task has not gone on from stage embed for 5m.", h.bodies()[1])
	})
}

func TestTheStageOfAFailureIsNamed(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Hangs.StageAttribute = "task.stage"
		h := newHarness(t, config)
		h.start()
		h.sendLogs(failed("worker", "a", func(lr plog.LogRecord) { lr.Attributes().PutStr("task.stage", "embed") }))
		traces := brokenChain(1, "shop")
		traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().PutStr("task.stage", "load")
		h.sendTraces(traces)
		h.wait(20 * time.Second)
		for i, want := range []string{"embed", "load"} {
			stage, found := h.records()[i].Attributes().Get("failure_capture.stage")
			require.True(t, found)
			require.Equal(t, want, stage.Str())
		}
	})
}
