package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/replay"
)

var liveTexts = []string{
	"GET /orders 200 in 12 ms", "GET /orders 200 in 12 ms", "cache warmed", "cache warmed",
	"HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=7)",
	"java.net.SocketTimeoutException: Read timed out",
	"write /var/lib/data: no space left on device",
	"CircuitBreaker 'bank' changed state from CLOSED to OPEN", "CircuitBreaker 'bank' changed state from HALF_OPEN to CLOSED",
	"panic: runtime error: index out of range [3] with length 3",
}

// recording is what arrived, as a recording of it has it.
type recording struct {
	t     *testing.T
	lines []byte
}

// logs records a batch: when it arrived is when its records were observed.
func (r *recording) logs(logs plog.Logs) {
	now := pcommon.NewTimestampFromTime(time.Now())
	for _, rl := range logs.ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			lr.SetObservedTimestamp(now)
		}
	}
	line, err := new(plog.JSONMarshaler).MarshalLogs(logs)
	require.NoError(r.t, err)
	r.lines = append(append(r.lines, line...), '\n')
}

// traces records a batch with its arrival on its resources, since spans do not tell.
func (r *recording) traces(traces ptrace.Traces) {
	stamped := ptrace.NewTraces()
	traces.CopyTo(stamped)
	for _, rs := range stamped.ResourceSpans().All() {
		rs.Resource().Attributes().PutInt(failure.AttrArrival, time.Now().UnixNano())
	}
	line, err := new(ptrace.JSONMarshaler).MarshalTraces(stamped)
	require.NoError(r.t, err)
	r.lines = append(append(r.lines, line...), '\n')
}

// began is when time begins in a bubble.
var began = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

var liveServices = []string{"gateway", "checkout", "stock"}

func (l *live) randomLogs() plog.Logs {
	logs := plog.NewLogs()
	for range 1 + l.random.IntN(3) {
		rl := logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", liveServices[l.random.IntN(3)])
		records := rl.ScopeLogs().AppendEmpty().LogRecords()
		for range 1 + l.random.IntN(4) {
			lr := records.AppendEmpty()
			lr.Body().SetStr(liveTexts[l.random.IntN(len(liveTexts))])
			switch odd := l.random.IntN(20); {
			case odd == 0:
				lr.SetSeverityNumber(plog.SeverityNumberError)
				lr.Body().SetStr(fmt.Sprint("the lamp of tray ", l.random.IntN(10), " is out"))
			case odd == 1 && time.Since(began) > 2*time.Hour:
				lr.SetSeverityNumber(plog.SeverityNumberError)
				lr.Body().SetStr(fmt.Sprint("conveyor belt snapped near gear box ", l.random.IntN(10)))
			}
			lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Duration(l.random.Int64N(int64(3 * time.Second))))))
		}
	}
	return logs
}

// randomTrace is a request through the services, which fails from one of them on.
func (l *live) randomTrace(n int) ptrace.Traces {
	traces := ptrace.NewTraces()
	trace, now := pcommon.TraceID{1, byte(n), byte(n >> 8)}, time.Now()
	failing := l.random.IntN(5)
	for i, name := range liveServices {
		rs := traces.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", name)
		spans := rs.ScopeSpans().AppendEmpty().Spans()
		server, call := spans.AppendEmpty(), spans.AppendEmpty()
		for id, span := range map[byte]ptrace.Span{1: server, 2: call} {
			span.SetTraceID(trace)
			span.SetSpanID(pcommon.SpanID{id, byte(i)})
			span.SetName(fmt.Sprint("step of ", name))
			span.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-time.Second)))
			span.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
			if failing >= i && failing < 3 {
				span.Status().SetCode(ptrace.StatusCodeError)
			}
		}
		server.SetKind(ptrace.SpanKindServer)
		call.SetKind(ptrace.SpanKindClient)
		server.SetParentSpanID(pcommon.SpanID{2, byte(i - 1)})
		call.SetParentSpanID(server.SpanID())
		call.Attributes().PutStr("server.address", "next-"+name)
		if l.random.IntN(4) == 0 {
			call.Attributes().PutStr("stage", "load")
		}
		if failing == i {
			event := call.Events().AppendEmpty()
			event.SetName("exception")
			event.Attributes().PutStr("exception.type", "java.net.SocketTimeoutException")
			event.Attributes().PutStr("exception.message", "Read timed out in "+name)
		}
	}
	return traces
}

// run lets the components run for some hours, and gives what they announced and what they were sent.
func (l *live) run(t *testing.T, wait time.Duration) []byte {
	t.Helper()
	ctx := context.Background()
	for _, c := range l.components {
		require.NoError(t, c.Start(ctx, hostOf{component.MustNewID("memory"): memory{}}))
	}
	r := &recording{t: t}
	for n := range 1_500 {
		// Many batches arrive on a whole second, as time passes there as well.
		pause := []time.Duration{0, time.Second, time.Duration(l.random.Int64N(int64(2 * time.Second))), time.Duration(l.random.Int64N(int64(30 * time.Second)))}[l.random.IntN(4)]
		if l.random.IntN(200) == 0 {
			pause = time.Duration(l.random.Int64N(int64(20 * time.Minute)))
		}
		time.Sleep(pause) //nolint:forbidigo // Time in a bubble passes at once.
		if l.random.IntN(2) == 0 {
			logs := l.randomLogs()
			r.logs(logs)
			require.NoError(t, l.logs[0].ConsumeLogs(ctx, logs))
			continue
		}
		traces := l.randomTrace(n)
		r.traces(traces)
		require.NoError(t, l.traces[0].ConsumeTraces(ctx, traces))
	}
	time.Sleep(wait) //nolint:forbidigo // As above.
	synctest.Wait()
	l.over.Store(true)
	for i := range l.components {
		require.NoError(t, l.components[(i+4)%len(l.components)].Shutdown(ctx))
	}
	return r.lines
}

// eventLine gives an event as bytes, with its resource.
func eventLine(t *testing.T, resource pcommon.Resource, lr plog.LogRecord) string {
	t.Helper()
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	resource.CopyTo(rl.Resource())
	lr.CopyTo(rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	line, err := new(plog.JSONMarshaler).MarshalLogs(logs)
	require.NoError(t, err)
	return string(line)
}

// TestReplayGivesTheEventsOfTheLiveRun runs the components in a bubble of time, with saves, metrics and
// events that are refused, and replays what they were sent.
func TestReplayGivesTheEventsOfTheLiveRun(t *testing.T) {
	const wait = 40 * time.Minute
	for seed := range uint64(3) {
		l := newLive(t, seed)
		var lines []byte
		synctest.Test(t, func(t *testing.T) { lines = l.run(t, wait) })
		require.Greater(t, l.sends.Load(), int64(3), "some were refused")
		var want []string
		seen := map[string]int{}
		for _, logs := range l.events.AllLogs() {
			for _, rl := range logs.ResourceLogs().All() {
				lr := rl.ScopeLogs().At(0).LogRecords().At(0)
				want = append(want, eventLine(t, rl.Resource(), lr))
				name, _ := lr.Attributes().Get(failure.AttrType)
				seen[name.Str()]++
				seen[lr.EventName()]++
			}
		}
		for _, name := range []string{
			"failure.opened", "failure.ongoing", "failure.escalated", "failure.resolved", "failure.regressed",
			failure.TypeCascade, failure.TypeBreaker, failure.TypeNovel, "CONNECTION_POOL_EXHAUSTION",
		} {
			require.Positive(t, seen[name], "seed %d: %s in %v", seed, name, seen)
		}
		got := replayLines(t, lines, wait)
		for i := range min(len(want), len(got)) {
			require.Equal(t, want[i], got[i], "seed %d: event %d", seed, i)
		}
		require.Len(t, got, len(want), "seed %d", seed)
	}
}

// replayLines replays a recording and gives its events.
func replayLines(t *testing.T, lines []byte, wait time.Duration) []string {
	t.Helper()
	folder := t.TempDir()
	config, data := filepath.Join(folder, "collector.yaml"), filepath.Join(folder, "recorded.json")
	require.NoError(t, os.WriteFile(config, []byte(liveConfig), 0o600))
	require.NoError(t, os.WriteFile(data, lines, 0o600))
	read, err := replay.ReadConfig(t.Context(), []string{config}, components())
	require.NoError(t, err)
	var got []string
	r := replay.Replay{
		Config: read, Now: time.Now(), Wait: wait,
		Open: func(path string) (*logfile.Reader, error) { return logfile.Open(path, logfile.OTLP) },
		Each: func(e replay.Event) error {
			got = append(got, eventLine(t, e.Resource, e.Record))
			return nil
		},
		Progress: func(int64, int) {},
		Tell:     func(message string, trouble bool) { require.False(t, trouble, message) },
	}
	_, err = r.Run(t.Context(), []string{data})
	require.NoError(t, err)
	return got
}
