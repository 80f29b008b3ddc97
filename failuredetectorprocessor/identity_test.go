package failuredetectorprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const brokenTrace = "Traceback (most recent call last):\n  File \"/app/shop/axle.py\", line 7, in turn\n    raise Broken\nshop.Broken: qwidget axle broke\n"

// TestOneFailureHasOneFingerprint sends the same exception in every way in which
// it can arrive.
func TestOneFailureHasOneFingerprint(t *testing.T) {
	config := testConfig(t)
	fingerprints := map[string]any{}
	span := processSpan(t, config, func(span ptrace.Span) {
		addException(span, "shop.Broken", "qwidget axle broke").Attributes().PutStr("exception.stacktrace", brokenTrace)
	})
	fingerprints["span event"] = span.Events().At(0).Attributes().AsRaw()["failure_fingerprint"]
	fingerprints["span"] = span.Attributes().AsRaw()["failure_fingerprint"]
	for name, fill := range map[string]func(plog.LogRecord){
		"log event": func(lr plog.LogRecord) {
			lr.SetEventName("exception")
			lr.Attributes().PutStr("exception.type", "shop.Broken")
			lr.Attributes().PutStr("exception.message", "qwidget axle broke")
			lr.Attributes().PutStr("exception.stacktrace", brokenTrace)
		},
		"log record with a body of its own": func(lr plog.LogRecord) {
			lr.Body().SetStr("order 7 failed")
			lr.Attributes().PutStr("exception.type", "shop.Broken")
			lr.Attributes().PutStr("exception.stacktrace", brokenTrace)
		},
		"traceback in a body": func(lr plog.LogRecord) { lr.Body().SetStr("2026-11-26 10:15:32 ERROR order 7 failed\n" + brokenTrace) },
		"traceback in a JSON body": func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"msg":"order 7 failed","exception":"Traceback (most recent call last):\n  File \"/srv/shop/axle.py\", line 9, in turn\n    raise Broken\nshop.Broken: qwidget axle broke"}`)
		},
		"traceback in a map": func(lr plog.LogRecord) {
			lr.Body().SetEmptyMap().PutStr("message", "order 7 failed")
			lr.Body().Map().PutStr("stacktrace", brokenTrace)
		},
		"traceback in colours": func(lr plog.LogRecord) { lr.Body().SetStr("\x1b[31mERROR\x1b[0m \x1b[1m" + brokenTrace + "\x1b[0m") },
	} {
		lr := processLog(t, config, fill)
		require.Equal(t, "WIDGET_BROKEN", lr.Attributes().AsRaw()["failure_type"], name)
		fingerprints[name] = lr.Attributes().AsRaw()["failure_fingerprint"]
	}
	require.Regexp(t, `^v1:[0-9a-f]{16}$`, fingerprints["span event"])
	for name, got := range fingerprints {
		require.Equal(t, fingerprints["span event"], got, name)
	}
}

func TestAnExceptionWithoutARuleHasAFingerprint(t *testing.T) {
	config := testConfig(t)
	span := processSpan(t, config, func(span ptrace.Span) { addException(span, "shop.Lost", "no rule knows it") })
	require.Contains(t, span.Events().At(0).Attributes().AsRaw(), "failure_fingerprint")
	require.Zero(t, span.Attributes().Len())

	lr := processLog(t, config, func(lr plog.LogRecord) {
		lr.Body().SetStr("Traceback (most recent call last):\n  File \"/app/shop/a.py\", line 7, in f\n    g()\nshop.Lost: no rule knows it")
	})
	require.Len(t, lr.Attributes().AsRaw(), 1)
	require.Contains(t, lr.Attributes().AsRaw(), "failure_fingerprint")
}

// TestTheRuleDoesNotDecideWhichExceptionItIs holds that a change of rules keeps
// the identity of exceptions.
func TestTheRuleDoesNotDecideWhichExceptionItIs(t *testing.T) {
	fill := func(span ptrace.Span) {
		addException(span, "shop.Broken", "qwidget axle broke").Attributes().PutStr("exception.stacktrace", brokenTrace)
	}
	with := processSpan(t, testConfig(t), fill).Events().At(0).Attributes().AsRaw()
	config := testConfig(t)
	config.Rules.Disable = []string{"WIDGET_BROKEN"}
	without := processSpan(t, config, fill).Events().At(0).Attributes().AsRaw()
	require.Contains(t, with, "failure_type")
	require.NotContains(t, without, "failure_type")
	require.Equal(t, with["failure_fingerprint"], without["failure_fingerprint"])
}

func TestMessagesThatDifferInNumbersAreOneFailure(t *testing.T) {
	config := testConfig(t)
	of := func(body string) any {
		return processLog(t, config, func(lr plog.LogRecord) { lr.Body().SetStr(body) }).Attributes().AsRaw()["failure_fingerprint"]
	}
	require.Equal(t, of("2026-11-26 10:15:32 ERROR qwidget axle broke after 7 turns"), of("2026-11-27 11:00:00 ERROR qwidget axle broke after 12 turns"))
	require.Equal(t, of("qwidget axle broke after 7 turns"), of(`{"level":"error","msg":"qwidget axle broke after 9 turns"}`))
	require.NotEqual(t, of("qwidget axle broke after 7 turns"), of("qwidget axle broke at once"))
}
