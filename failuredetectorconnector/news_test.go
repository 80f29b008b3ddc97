package failuredetectorconnector

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/internal/incident"
)

// unknown is a batch with an error of the shop that no rule recognised, and with healthy records.
func unknown(body string, change ...func(plog.LogRecord)) plog.Logs {
	logs := said("shop")
	rl := logs.ResourceLogs().At(0)
	rl.Resource().Attributes().PutStr("service.version", "2.1")
	records := rl.ScopeLogs().At(0).LogRecords()
	for range 19 {
		healthyRecord(records.AppendEmpty())
	}
	lr := records.AppendEmpty()
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Body().SetStr(body)
	for _, c := range change {
		c(lr)
	}
	return logs
}

// newDesk is a connector that has heard the shop for two hours.
func newDesk(t *testing.T, change ...func(*Config)) *harness {
	t.Helper()
	config := defaultConfig()
	config.Duties.Novelty, config.Duties.Cascades = true, false
	for _, c := range change {
		c(config)
	}
	h := newHarness(t, config)
	h.start()
	for range 120 {
		h.sendLogs(unknown("2026-03-04 10:00:00 ERROR card 5 was declined"))
		h.wait(time.Minute)
	}
	require.Empty(t, h.records())
	return h
}

func TestNews(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newDesk(t)
		h.sendLogs(unknown(`{"level":"error","message":"ledger of tenant 42 is sealed by https://bob:hunter2@vault","tenant":"acme"}`))
		h.wait(time.Second)
		require.Equal(t, []string{"NOVEL_ERROR in shop (low): An error that it did not report before, and that no rule knows: ledger of tenant <n> is sealed by <path>."}, h.bodies())
		attributes := h.records()[0].Attributes().AsRaw()
		require.Equal(t, []any{
			"observed: the first says: ledger of tenant 42 is sealed by https://bob:[redacted]@vault",
			"inferred: it is new: in 2h0m that the service was heard, none of its 2541 records said so before; it has 1 other error without a rule",
			"unknown: what it means, and whether a message that is known was only reworded",
			"observed: 1 failure at 2000-01-01T02:00:00Z",
		}, attributes["failure_evidence"])
		page, err := os.ReadFile("../docs/novelty.md")
		require.NoError(t, err)
		require.Contains(t, string(page), h.bodies()[0], "the page shows this event")
		for _, shown := range attributes["failure_evidence"].([]any)[:3] {
			require.Contains(t, string(page), shown)
		}
		require.Equal(t, "2.1", attributes["service.version"])
		require.Equal(t, "safe: Read the message, and what changed just before its first occurrence.", attributes["failure_actions"].([]any)[0])

		h.sendLogs(unknown(`{"tenant":"other","message":"ledger of tenant 43 is sealed by https://carla:pw@vault"}`))
		h.wait(time.Hour)
		require.Equal(t, "NOVEL_ERROR in shop is over, quiet for 30m: there were 2 failures within 1s.", h.bodies()[1])
		h.requireSum("otelcol_connector_failure_detector_failures", 2, "failure_event", "")
	})
}

func TestWhichErrorsCanBeNews(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*Config)
		send   func(h *harness)
		want   string
	}{
		{"one that is fatal", nil, func(h *harness) {
			h.sendLogs(unknown("ledger is sealed", func(lr plog.LogRecord) { lr.SetSeverityNumber(plog.SeverityNumberFatal) }))
		}, "ledger is sealed"},
		{"a warning is none", nil, func(h *harness) {
			h.sendLogs(unknown("ledger is sealed", func(lr plog.LogRecord) { lr.SetSeverityNumber(plog.SeverityNumberWarn4) }))
		}, ""},
		{"what a rule knows is none", nil, func(h *harness) {
			h.sendLogs(unknown("ledger is sealed", func(lr plog.LogRecord) {
				annotate(lr.Attributes(), "a")
				lr.Attributes().PutStr("failure_type", "NETWORK_ERROR")
				lr.Attributes().PutStr("failure_severity", "low")
				lr.Attributes().PutStr("failure_rule", "network-reset")
			}))
		}, ""},
		{"what ends a failure is none", nil, func(h *harness) {
			h.sendLogs(unknown("ledger is sealed", func(lr plog.LogRecord) {
				lr.Attributes().PutEmptySlice("failure_clears").AppendEmpty().SetStr("DISK_SPACE_LOW")
			}))
		}, ""},
		{"an event of an incident is none", nil, func(h *harness) {
			h.sendLogs(unknown("ledger is sealed", func(lr plog.LogRecord) { lr.SetEventName("failure.opened") }))
		}, ""},
		{"one with the template of its logger", nil, func(h *harness) {
			h.sendLogs(unknown("ledger north is sealed", func(lr plog.LogRecord) { lr.Attributes().PutStr("log.record.template", "ledger {name} is sealed") }))
		}, "ledger {name} is sealed"},
		{"an exception in a log record of any severity", nil, func(h *harness) {
			h.sendLogs(unknown("", strangeLog))
		}, "LedgerError: tenant <n> is sealed"},
		{"a message with an exception", nil, func(h *harness) {
			h.sendLogs(unknown("cannot write", func(lr plog.LogRecord) { lr.Attributes().PutStr("exception.type", "LedgerError") }))
		}, "cannot write LedgerError"},
		{"an exception in a span", nil, func(h *harness) { h.sendTraces(strangeSpan()) }, "LedgerError: tenant <n> is sealed"},
		{"an exception that is announced already is none", func(c *Config) { c.Unclassified = incident.UnclassifiedIncident }, func(h *harness) {
			h.sendTraces(strangeSpan())
		}, ""},
		{"one in a log record is none either", func(c *Config) { c.Unclassified = incident.UnclassifiedIncident }, func(h *harness) {
			h.sendLogs(unknown("", strangeLog))
		}, ""},
		{"what says nothing is none", nil, func(h *harness) { h.sendLogs(unknown("")) }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				h := newDesk(t, func(c *Config) {
					if tc.change != nil {
						tc.change(c)
					}
				})
				tc.send(h)
				h.wait(time.Second)
				var told []string
				for _, body := range h.bodies() {
					if strings.HasPrefix(body, "NOVEL_ERROR") {
						told = append(told, body)
					}
				}
				if tc.want == "" {
					require.Empty(t, told)
					return
				}
				require.Len(t, told, 1)
				require.True(t, strings.HasSuffix(told[0], ": "+tc.want+"."), told[0])
			})
		})
	}
}

// strangeLog makes a log record one of an exception that no rule recognised.
func strangeLog(lr plog.LogRecord) {
	lr.SetSeverityNumber(plog.SeverityNumberWarn)
	lr.SetEventName("exception")
	lr.Attributes().PutStr("exception.type", "LedgerError")
	lr.Attributes().PutStr("exception.message", "tenant 42 is sealed")
}

// strangeSpan is a span of the shop with an exception that no rule recognised.
func strangeSpan() ptrace.Traces {
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	event := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty().Events().AppendEmpty()
	event.SetName("exception")
	event.Attributes().PutStr("exception.type", "LedgerError")
	event.Attributes().PutStr("exception.message", "tenant 42 is sealed\nfor ever")
	return traces
}

func TestNewsOfANewerVersion(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		h := newDesk(t)
		for range 40 {
			h.sendLogs(unknown("2026-03-04 10:00:00 ERROR card 5 was declined"))
			for range 4 {
				worse := unknown("card 6 was declined")
				worse.ResourceLogs().At(0).Resource().Attributes().PutStr("service.version", "2.2")
				worse.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
					return lr.SeverityNumber() < plog.SeverityNumberError
				})
				h.sendLogs(worse)
			}
			worse := said("shop")
			worse.ResourceLogs().At(0).Resource().Attributes().PutStr("service.version", "2.2")
			h.sendLogs(worse)
			h.wait(time.Minute)
		}
		require.Len(t, h.records(), 1)
		require.Regexp(t, `^NOVEL_ERROR in shop \(medium\): Version 2\.2 reports an error 1[67]\.\d times as often as version 2\.1, which runs too: card <n> was declined\.$`, h.bodies()[0])
		evidence, _ := h.records()[0].Attributes().Get("failure_evidence")
		require.Regexp(t, `^observed: version 2\.2 said so in \d+ of \d+ records, version 2\.1 in \d+ of \d+ records, within the last hours$`, evidence.Slice().At(0).Str())
	})
}

// TestWhatIsNoErrorCostsNothing holds that looking for new errors costs a healthy record no allocation: what
// a batch costs does not depend on how many there are.
func TestWhatIsNoErrorCostsNothing(t *testing.T) {
	c, err := shipped()
	require.NoError(t, err)
	cost := func(records int, novelty bool) float64 {
		logs := plog.NewLogs()
		list := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		for range records {
			healthyRecord(list.AppendEmpty())
		}
		r := reader{resources: resourceReader{groupBy: []string{"service.name"}}, catalogue: c, novelty: novelty}
		return testing.AllocsPerRun(100, func() {
			r.readLogs(logs)
			r.arrived = emptied(r.arrived)
		})
	}
	require.Zero(t, cost(1000, false))
	require.LessOrEqual(t, cost(1000, true), 3.0)
	require.InDelta(t, cost(1, true), cost(1000, true), 0)
}
