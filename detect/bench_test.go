package detect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// typicalRecord is a healthy log record as an SDK sends it.
func typicalRecord() plog.LogRecord {
	lr := plog.NewLogRecord()
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.Body().SetStr("2026-03-04T10:15:32.482Z INFO  [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 accepted for customer 9917 in 38 ms")
	lr.Attributes().PutStr("code.function.name", "OrderController.accept")
	lr.Attributes().PutInt("code.line.number", 117)
	lr.Attributes().PutStr("thread.name", "http-nio-8080-exec-7")
	lr.Attributes().PutStr("url.path", "/orders")
	lr.Attributes().PutInt("http.response.status_code", 200)
	lr.Attributes().PutStr("customer.tier", "gold")
	return lr
}

// BenchmarkLogThatMatchesNothing is the cost of one healthy record of six attributes.
func BenchmarkLogThatMatchesNothing(b *testing.B) {
	d := shippedDetector(b)
	rl, sl, lr := plog.NewResourceLogs(), plog.NewScopeLogs(), typicalRecord()
	b.SetBytes(int64(len(lr.Body().Str())))
	b.ReportAllocs()
	for b.Loop() {
		d.Log(rl, sl, lr)
	}
}

// BenchmarkShippedLogs is the mean cost of a line of testdata/logs, most of
// which report nothing wrong.
func BenchmarkShippedLogs(b *testing.B) {
	d := shippedDetector(b)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	var records []plog.LogRecord
	size := 0
	files, err := filepath.Glob(filepath.Join("..", "testdata", "logs", "*", "*.log"))
	require.NoError(b, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(b, err)
		for line := range strings.Lines(string(content)) {
			lr := plog.NewLogRecord()
			lr.Body().SetStr(strings.TrimSuffix(line, "\n"))
			records = append(records, lr)
			size += len(line)
		}
	}
	require.NotEmpty(b, records)
	b.SetBytes(int64(size / len(records)))
	b.ReportAllocs()
	next := 0
	for b.Loop() {
		d.Log(rl, sl, records[next])
		next = (next + 1) % len(records)
	}
}

// BenchmarkStackTrace is the cost of 10 KB of trace that matches nothing.
func BenchmarkStackTrace(b *testing.B) {
	d := shippedDetector(b)
	lr := plog.NewLogRecord()
	lr.Body().SetStr("com.example.shop.NoApplesLeft: none\n" + strings.Repeat("\tat com.example.shop.orders.OrderService.place(OrderService.java:117)\n", 145))
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	b.SetBytes(int64(len(lr.Body().Str())))
	b.ReportAllocs()
	for b.Loop() {
		d.Log(rl, sl, lr)
	}
}

// BenchmarkCompile is the time that a start or a reload takes.
func BenchmarkCompile(b *testing.B) {
	set := shippedDetector(b).Rules()
	b.ReportAllocs()
	for b.Loop() {
		_, err := New(set, defaultOptions())
		require.NoError(b, err)
	}
}

// BenchmarkMatch is the mean cost of a log line in which a rule matches: the
// examples of one line of every tenth rule, which is what a fleet of services may
// report in one day; the first time, and when it comes again.
func BenchmarkMatch(b *testing.B) {
	d := shippedDetector(b)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	var records []plog.LogRecord
	for i, r := range d.Rules().Rules {
		for _, e := range r.Examples.Match {
			if i%10 != 0 || strings.Contains(e.Text, "\n") || len(e.Text) > 200 {
				continue
			}
			lr := plog.NewLogRecord()
			fillExample(lr, e)
			records = append(records, lr)
		}
	}
	for _, lr := range records {
		d.Log(rl, sl, lr) // The first match of a pattern builds what later ones use.
	}
	for name, isNew := range map[string]bool{"new": true, "again": false} {
		b.Run(name, func(b *testing.B) {
			d := again(d)
			b.ReportAllocs()
			next := 0
			for b.Loop() {
				d.Log(rl, sl, records[next])
				if next++; next == len(records) {
					next = 0
					if isNew {
						clear(d.repeats.drawers[:])
					}
				}
			}
		})
	}
}
