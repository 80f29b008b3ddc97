package main

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/internal/logfile"
	"github.com/failuredetector/failuredetector/internal/replay"
)

var recordsFlag = flag.Int("records", 50_000, "how many records of a day TestSpeedOfReplay replays")

const (
	// inLine is how many records a line of a recording has.
	inLine = 200
	// sentinel is a time of which a line has many, and written is how it is written there.
	sentinel = 1_000_000_000_000_000_000
	written  = `"1000000000000000000"`
	// noTrace is the trace id that stands where one is to be.
	noTrace = "0102030405060708090a0b0c0d0e0f10"
)

// day streams a recorded day: nine lines of logs to one of spans, one record in two hundred a failure.
type day struct {
	lines           []dayLine
	left            int
	now, step       int64
	buffer, pending []byte
	random          *rand.Rand
}

// dayLine is a line with the places of its times and of its trace ids.
type dayLine struct {
	text          []byte
	times, traces []int
}

func newDay(t *testing.T, records int) *day {
	t.Helper()
	d := &day{
		left: records, now: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC).UnixNano(), step: int64(24*time.Hour) / int64(records),
		random: rand.New(rand.NewPCG(1, 2)),
	}
	for i := range 20 {
		var text []byte
		var err error
		if i%10 == 9 {
			text, err = new(ptrace.JSONMarshaler).MarshalTraces(daySpans(d.random))
		} else {
			text, err = new(plog.JSONMarshaler).MarshalLogs(dayLogs(d.random))
		}
		require.NoError(t, err)
		line := dayLine{text: append(text, '\n')}
		line.times = placesOf(text, written)
		line.traces = placesOf(text, noTrace)
		require.Len(t, line.times, 2*inLine)
		d.lines = append(d.lines, line)
	}
	return d
}

func placesOf(text []byte, what string) []int {
	var list []int
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(what))
		if i < 0 {
			return list
		}
		list = append(list, at+i)
		at += i + len(what)
	}
}

func dayLogs(random *rand.Rand) plog.Logs {
	logs := plog.NewLogs()
	for r := range 4 {
		rl := logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", fmt.Sprint("service-", random.IntN(20)))
		rl.Resource().Attributes().PutStr("service.version", "1.4.2")
		rl.Resource().Attributes().PutStr("host.name", "node-7")
		records := rl.ScopeLogs().AppendEmpty().LogRecords()
		for i := range inLine / 4 {
			lr := records.AppendEmpty()
			lr.SetTimestamp(sentinel)
			lr.SetObservedTimestamp(sentinel)
			lr.SetSeverityNumber(plog.SeverityNumberInfo)
			lr.SetSeverityText("INFO")
			lr.Body().SetStr(fmt.Sprintf("request %d of user %d to /api/v1/orders/%d answered with 200 in %d ms", i, random.IntN(1e6), random.IntN(1e6), random.IntN(200)))
			if i == 7 && r == 0 {
				lr.Body().SetStr(liveTexts[4+random.IntN(3)])
			}
			lr.Attributes().PutStr("http.request.method", "GET")
			lr.Attributes().PutStr("url.path", "/api/v1/orders")
			lr.Attributes().PutInt("http.response.status_code", 200)
			lr.Attributes().PutStr("thread.name", "http-nio-8080-exec-7")
			lr.Attributes().PutStr("logger.name", "com.example.shop.orders.OrderController")
		}
	}
	return logs
}

func daySpans(random *rand.Rand) ptrace.Traces {
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", fmt.Sprint("service-", random.IntN(20)))
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	trace, _ := hex.DecodeString(noTrace)
	for i := range inLine {
		span := spans.AppendEmpty()
		span.SetTraceID(pcommon.TraceID(trace))
		span.SetSpanID(pcommon.SpanID{1, byte(i)})
		span.SetName("GET /api/v1/orders")
		span.SetKind(ptrace.SpanKindServer)
		span.SetStartTimestamp(sentinel)
		span.SetEndTimestamp(sentinel)
		span.Attributes().PutStr("http.request.method", "GET")
		span.Attributes().PutStr("url.path", "/api/v1/orders")
		span.Attributes().PutInt("http.response.status_code", 200)
	}
	return traces
}

// Read gives the next bytes of the day.
func (d *day) Read(p []byte) (int, error) {
	if len(d.pending) == 0 {
		if d.left <= 0 {
			return 0, io.EOF
		}
		d.next()
	}
	n := copy(p, d.pending)
	d.pending = d.pending[n:]
	return n, nil
}

func (d *day) next() {
	line := &d.lines[(d.left/inLine)%len(d.lines)]
	d.left -= inLine
	d.buffer = append(d.buffer[:0], line.text...)
	var digits [20]byte
	for i, at := range line.times {
		d.now += d.step / 2 * int64(i%2+i%2) // Both times of a record are the same.
		copy(d.buffer[at+1:], strconv.AppendInt(digits[:0], d.now, 10))
	}
	for i, at := range line.traces {
		if i%4 == 0 {
			d.random.Uint64()
		}
		copy(d.buffer[at:], fmt.Sprintf("%016x%016x", d.now, i/4+1))
	}
	d.pending = d.buffer
}

// TestSpeedOfReplay replays a day of records that are made while it reads them.
func TestSpeedOfReplay(t *testing.T) {
	config := filepath.Join(t.TempDir(), "collector.yaml")
	require.NoError(t, os.WriteFile(config, []byte(speedConfig), 0o600))
	read, err := replay.ReadConfig(t.Context(), []string{config}, components())
	require.NoError(t, err)
	defer debug.SetGCPercent(debug.SetGCPercent(scanGCPercent)) // As the command does.
	var incidents replay.Incidents
	events := 0
	r := replay.Replay{
		Config: read, Now: time.Now(),
		Open: func(path string) (*logfile.Reader, error) {
			return logfile.NewReader(path, newDay(t, *recordsFlag), logfile.OTLP), nil
		},
		Each: func(e replay.Event) error {
			incidents.Add(&e)
			events++
			return nil
		},
		Progress: func(int64, int) {},
		Tell:     func(string, bool) {},
	}
	started := time.Now()
	summary, err := r.Run(t.Context(), []string{"a recorded day"})
	require.NoError(t, err)
	took := time.Since(started)
	require.EqualValues(t, *recordsFlag, summary.Records)
	require.Greater(t, events, 100)
	require.InDelta(t, 24*time.Hour, summary.Last.Sub(summary.First), float64(time.Minute))
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("%d records, %.1f GB, in %.1f s: %.0f records/s on %d processors, %d MB of memory, %d incidents in %d events",
		summary.Records, float64(summary.Bytes)/1e9, took.Seconds(), float64(summary.Records)/took.Seconds(), runtime.GOMAXPROCS(0),
		memory.Sys>>20, len(incidents.All), events)
}

const speedConfig = `
receivers: {otlp: }
processors: {failure_detector: }
connectors: {failure_detector: }
exporters: {debug: }
service:
  pipelines:
    logs: {receivers: [otlp], processors: [failure_detector], exporters: [failure_detector]}
    traces: {receivers: [otlp], processors: [failure_detector], exporters: [failure_detector]}
    logs/events: {receivers: [failure_detector], exporters: [debug]}
`
