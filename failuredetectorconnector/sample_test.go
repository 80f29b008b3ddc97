package failuredetectorconnector

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestAnIncidentSaysWhatItsFirstRecordSaid(t *testing.T) {
	for name, tc := range map[string]struct {
		record func(plog.LogRecord)
		want   string
	}{
		"a line": {
			record: func(lr plog.LogRecord) { lr.Body().SetStr("oom_reaper: reaped process 23140 (java)") },
			want:   "oom_reaper: reaped process 23140 (java)",
		},
		"a line with a secret": {
			record: func(lr plog.LogRecord) { lr.Body().SetStr("cannot reach postgres://app:s3cr3t@db/shop") },
			want:   "cannot reach postgres://app:[redacted]@db/shop",
		},
		"the message of a body with keys": {
			record: func(lr plog.LogRecord) { lr.Body().SetEmptyMap().PutStr("msg", "no space left on device") },
			want:   "no space left on device",
		},
		"a line with what the exception below it says": {
			record: func(lr plog.LogRecord) {
				lr.Body().SetStr("ERROR batch 361 failed\njava.lang.OutOfMemoryError: Java heap space\n\tat shop.Settle.run(Settle.java:12)\n\tat java.base/java.lang.Thread.run(Thread.java:840)")
			},
			want: "ERROR batch 361 failed java.lang.OutOfMemoryError: Java heap space",
		},
		"a line with an exception and its innermost cause": {
			record: func(lr plog.LogRecord) {
				lr.Body().SetStr("ERROR POST /charges 500\nshop.NoConnection: Failed to obtain one\n\tat shop.Db.get(Db.java:12)\n" +
					"Caused by: shop.Wrapped: see below\n\tat shop.Db.open(Db.java:8)\nCaused by: shop.PoolTimeout: payments-pool is empty\n\tat shop.Pool.take(Pool.java:3)")
			},
			want: "ERROR POST /charges 500 shop.NoConnection: Failed to obtain one, caused by shop.PoolTimeout: payments-pool is empty",
		},
		"a line that has what the exception says": {
			record: func(lr plog.LogRecord) {
				lr.Body().SetStr("panic: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d")
			},
			want: "panic: index out of range",
		},
		"a message with its error": {
			record: func(lr plog.LogRecord) {
				body := lr.Body().SetEmptyMap()
				body.PutStr("msg", "snapshot not written")
				body.PutStr("err", "no space left on device")
			},
			want: "snapshot not written: no space left on device",
		},
		"a message with an error that has keys": {
			record: func(lr plog.LogRecord) {
				body := lr.Body().SetEmptyMap()
				body.PutStr("msg", "sign-in refused")
				body.PutEmptyMap("err").PutStr("message", "invalid signature")
			},
			want: "sign-in refused: invalid signature",
		},
		"an exception without a body": {
			record: func(lr plog.LogRecord) {
				lr.Attributes().PutStr("exception.type", "PoolTimeout")
				lr.Attributes().PutStr("exception.message", "no connection\nfor 30 s")
			},
			want: "PoolTimeout: no connection for 30 s",
		},
		"characters that confuse a terminal": {
			record: func(lr plog.LogRecord) { lr.Body().SetStr("full\x1b[31m\u202e again") },
			want:   "full again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				h := newHarness(t, defaultConfig())
				h.start()
				h.sendLogs(failed("shop", "a", tc.record))
				h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) { lr.Body().SetStr("it says something else now") }))
				h.wait(time.Hour)
				require.Equal(t, []string{"failure.opened", "failure.resolved"}, h.eventNames())
				for _, lr := range h.records() {
					require.Equal(t, "observed: the first says: "+tc.want, lr.Attributes().AsRaw()["failure_evidence"].([]any)[0])
				}
			})
		})
	}
}

func TestAnIncidentSaysWhatItsFirstSpanSaid(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		config := defaultConfig()
		config.Duties.Cascades = false
		h := newHarness(t, config)
		h.start()
		traces := ptrace.NewTraces()
		spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
		exception := exceptionSpan(spans, 1, 1, "a")
		exception.Events().At(0).Attributes().PutStr("exception.message", "no connection")
		status := spans.AppendEmpty()
		annotate(status.Attributes(), "b")
		status.Status().SetMessage("pool is empty")
		h.sendTraces(traces)
		h.wait(time.Second)
		var said []string
		for _, lr := range h.records() {
			said = append(said, lr.Attributes().AsRaw()["failure_evidence"].([]any)[0].(string))
		}
		require.Equal(t, []string{"observed: the first says: no connection", "observed: the first says: pool is empty"}, said)
	})
}

func TestASampleIsShort(t *testing.T) {
	got := sample("é " + strings.Repeat("\xff\x00é ", 1<<20))
	require.LessOrEqual(t, len(got), maxText)
	require.True(t, utf8.ValidString(got))
}

func TestASampleSurvivesARestart(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		h, _ := stored(t, m)
		h.start()
		h.sendLogs(failed("shop", "a", func(lr plog.LogRecord) { lr.Body().SetStr("no connection") }))
		h.wait(time.Minute)
		h.stop()
		again, _ := stored(t, m)
		again.start()
		again.wait(time.Minute)
		require.Equal(t, "observed: the first says: no connection", again.records()[0].Attributes().AsRaw()["failure_evidence"].([]any)[0])
	})
}
