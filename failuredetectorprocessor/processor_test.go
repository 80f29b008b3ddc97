package failuredetectorprocessor

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadata"
	"github.com/failuredetector/failuredetector/failuredetectorprocessor/internal/metadatatest"
	"github.com/failuredetector/failuredetector/rules"
)

// pack has rules with words that no shipped rule knows, so that tests do not
// depend on the catalogue.
const pack = `
pack: test
types:
  - {type: WIDGET_BROKEN, category: widgets, severity: high, explain: {cause: 'The {{part}} broke.', actions: [{do: 'Replace {{part}}.', risk: safe}, {do: Restart., risk: risky}]}}
  - {type: WIDGET_WHEEL_BROKEN, category: widgets, severity: low, refines: WIDGET_BROKEN, explain: {cause: A wheel broke.}}
rules:
  - {id: test-widget-broken, type: WIDGET_BROKEN, confidence: 0.8, match: {patterns: ['qwidget (?P<part>\w+) broke']}, clear_patterns: [qwidget mended]}
  - {id: test-wheel-broken, type: WIDGET_WHEEL_BROKEN, confidence: 0.7, severity: critical, match: {patterns: ['qwidget wheel broke']}}
  - {id: test-code, type: WIDGET_BROKEN, confidence: 0.6, match: {codes: {error.type: [qwidget]}}}
  - {id: test-shadow, type: WIDGET_BROKEN, confidence: 0.6, mode: shadow, match: {patterns: [qwidget creaks]}}
  - {id: test-condition, type: WIDGET_BROKEN, confidence: 0.6, match: {patterns: [qwidget bends]}, condition: {log: 'Int(body) / 0 > 1'}}
`

// packFile writes a pack and gives its path.
func packFile(tb testing.TB, content string) string {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), "test.yaml")
	require.NoError(tb, os.WriteFile(name, []byte(content), 0o600))
	return name
}

// testConfig is the default configuration with the test's rules.
func testConfig(tb testing.TB) *Config {
	tb.Helper()
	config := createDefaultConfig().(*Config)
	config.Rules.Files = []string{packFile(tb, pack)}
	return config
}

// compiled has the rules that a test has compiled, by their hash. They are never changed.
var compiled = map[string]*detect.Detector{}

// shareRules takes rules that a test before has compiled, as a start takes those that were validated.
func shareRules(tb testing.TB, config *Config) {
	tb.Helper()
	if !config.Enabled {
		return
	}
	set, err := rules.Load(config.Rules)
	require.NoError(tb, err)
	if compiled[set.Hash] == nil {
		require.NoError(tb, config.Validate())
		compiled[set.Hash] = config.validated
	}
	config.validated = compiled[set.Hash]
}

type harness struct {
	telemetry *componenttest.Telemetry
	settings  processor.Settings
	config    *Config
}

func newHarness(tb testing.TB, config *Config) *harness {
	tb.Helper()
	shareRules(tb, config)
	telemetry := componenttest.NewTelemetry()
	tb.Cleanup(func() { require.NoError(tb, telemetry.Shutdown(context.Background())) })
	settings := processortest.NewNopSettings(metadata.Type)
	settings.ID = component.NewIDWithName(metadata.Type, "test")
	settings.TelemetrySettings = telemetry.NewTelemetrySettings()
	return &harness{telemetry: telemetry, settings: settings, config: config}
}

func (h *harness) start(tb testing.TB, c component.Component) {
	tb.Helper()
	require.NoError(tb, c.Start(context.Background(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, c.Shutdown(context.Background())) })
}

func (h *harness) logs(tb testing.TB) (processor.Logs, *consumertest.LogsSink) {
	tb.Helper()
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(context.Background(), h.settings, h.config, sink)
	require.NoError(tb, err)
	h.start(tb, p)
	return p, sink
}

func (h *harness) traces(tb testing.TB) (processor.Traces, *consumertest.TracesSink) {
	tb.Helper()
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), h.settings, h.config, sink)
	require.NoError(tb, err)
	h.start(tb, p)
	return p, sink
}

// processLog sends one record through a processor of the configuration.
func processLog(tb testing.TB, config *Config, fill func(plog.LogRecord)) plog.LogRecord {
	tb.Helper()
	p, sink := newHarness(tb, config).logs(tb)
	logs := plog.NewLogs()
	fill(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	require.NoError(tb, p.ConsumeLogs(context.Background(), logs))
	require.Len(tb, sink.AllLogs(), 1)
	return sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func processSpan(tb testing.TB, config *Config, fill func(ptrace.Span)) ptrace.Span {
	tb.Helper()
	p, sink := newHarness(tb, config).traces(tb)
	traces := ptrace.NewTraces()
	fill(traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty())
	require.NoError(tb, p.ConsumeTraces(context.Background(), traces))
	require.Len(tb, sink.AllTraces(), 1)
	return sink.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}

func addException(span ptrace.Span, exceptionType, message string) ptrace.SpanEvent {
	event := span.Events().AppendEmpty()
	event.SetName("exception")
	event.Attributes().PutStr("exception.type", exceptionType)
	event.Attributes().PutStr("exception.message", message)
	return event
}

func broken(lr plog.LogRecord) { lr.Body().SetStr("the qwidget axle broke") }

var brokenAnnotations = map[string]any{
	"failure_type": "WIDGET_BROKEN", "failure_severity": "high", "failure_category": "widgets",
	"failure_confidence": 0.8, "failure_rule": "test-widget-broken", "failure_fingerprint": "v1:e059b87a048148aa", "failure_capture.part": "axle",
}

func with(base, more map[string]any) map[string]any {
	joined := maps.Clone(base)
	maps.Copy(joined, more)
	return joined
}

func TestLogRecordIsAnnotated(t *testing.T) {
	lr := processLog(t, testConfig(t), broken)
	require.Equal(t, brokenAnnotations, lr.Attributes().AsRaw())
	require.Equal(t, plog.SeverityNumberError, lr.SeverityNumber())
	require.Equal(t, "the qwidget axle broke", lr.Body().Str())
}

func TestOptionsOfAnnotation(t *testing.T) {
	t.Run("no captures", func(t *testing.T) {
		config := testConfig(t)
		config.Annotate.Captures = false
		_, found := processLog(t, config, broken).Attributes().Get("failure_capture.part")
		require.False(t, found)
	})
	t.Run("explanation", func(t *testing.T) {
		config := testConfig(t)
		config.Annotate.Explanation = true
		require.Equal(t, with(brokenAnnotations, map[string]any{
			"failure_cause":   "The axle broke.",
			"failure_actions": []any{"safe: Replace axle.", "risky: Restart."},
		}), processLog(t, config, broken).Attributes().AsRaw())
	})
	t.Run("several types", func(t *testing.T) {
		lr := processLog(t, testConfig(t), func(lr plog.LogRecord) { lr.Body().SetStr("qwidget wheel broke") })
		require.Equal(t, map[string]any{
			"failure_type": "WIDGET_WHEEL_BROKEN", "failure_severity": "critical", "failure_category": "widgets",
			"failure_confidence": 0.7, "failure_rule": "test-wheel-broken", "failure_fingerprint": "v1:4e8172467019cbca",
			"failure_types": []any{"WIDGET_WHEEL_BROKEN", "WIDGET_BROKEN"},
		}, lr.Attributes().AsRaw())
	})
}

func TestSeverityOfALogRecord(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  bool
		from plog.SeverityNumber
		want plog.SeverityNumber
	}{
		{"unspecified gets that of the failure", true, plog.SeverityNumberUnspecified, plog.SeverityNumberError},
		{"one that is set stays", true, plog.SeverityNumberInfo, plog.SeverityNumberInfo},
		{"unless it is switched off", false, plog.SeverityNumberUnspecified, plog.SeverityNumberUnspecified},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := testConfig(t)
			config.SetSeverity = tc.set
			lr := processLog(t, config, func(lr plog.LogRecord) {
				broken(lr)
				lr.SetSeverityNumber(tc.from)
			})
			require.Equal(t, tc.want, lr.SeverityNumber())
		})
	}
	t.Run("a record that matches nothing keeps it", func(t *testing.T) {
		lr := processLog(t, testConfig(t), func(lr plog.LogRecord) { lr.Body().SetStr("fine") })
		require.Equal(t, plog.SeverityNumberUnspecified, lr.SeverityNumber())
		require.Zero(t, lr.Attributes().Len())
	})
}

func TestClearsAndShadow(t *testing.T) {
	lr := processLog(t, testConfig(t), func(lr plog.LogRecord) { lr.Body().SetStr("qwidget mended") })
	require.Equal(t, map[string]any{"failure_clears": []any{"WIDGET_BROKEN"}}, lr.Attributes().AsRaw())
	lr = processLog(t, testConfig(t), func(lr plog.LogRecord) { lr.Body().SetStr("qwidget creaks") })
	require.Zero(t, lr.Attributes().Len())
}

func TestIncomingAnnotations(t *testing.T) {
	claimed := func(lr plog.LogRecord) {
		broken(lr)
		lr.Attributes().PutStr("failure_type", "CLAIMED")
		lr.Attributes().PutStr("failure_anything", "x")
		lr.Attributes().PutStr("failures", "stays")
	}
	t.Run("are removed", func(t *testing.T) {
		require.Equal(t, with(brokenAnnotations, map[string]any{"failures": "stays"}), processLog(t, testConfig(t), claimed).Attributes().AsRaw())
	})
	trusting := func(t *testing.T) *Config {
		t.Helper()
		config := testConfig(t)
		config.TrustIncoming = true
		return config
	}
	t.Run("are kept where they are trusted", func(t *testing.T) {
		require.Equal(t, map[string]any{"failure_type": "CLAIMED", "failure_anything": "x", "failures": "stays"},
			processLog(t, trusting(t), claimed).Attributes().AsRaw())
	})
	t.Run("a failure event is left as it is", func(t *testing.T) {
		lr := processLog(t, trusting(t), func(lr plog.LogRecord) {
			broken(lr)
			lr.SetEventName("failure.opened")
		})
		require.Zero(t, lr.Attributes().Len())
	})
	t.Run("a record without any is classified all the same", func(t *testing.T) {
		require.Equal(t, brokenAnnotations, processLog(t, trusting(t), broken).Attributes().AsRaw())
	})
	t.Run("on spans and their events", func(t *testing.T) {
		fill := func(span ptrace.Span) {
			span.Attributes().PutStr("failure_type", "CLAIMED")
			addException(span, "E", "fine").Attributes().PutStr("failure_rule", "claimed")
		}
		span := processSpan(t, testConfig(t), fill)
		require.Zero(t, span.Attributes().Len())
		require.NotContains(t, span.Events().At(0).Attributes().AsRaw(), "failure_rule")
		span = processSpan(t, trusting(t), fill)
		require.Equal(t, map[string]any{"failure_type": "CLAIMED"}, span.Attributes().AsRaw())
		require.Equal(t, "claimed", span.Events().At(0).Attributes().AsRaw()["failure_rule"])
	})
}

func TestSpanCarriesItsPrimaryFailure(t *testing.T) {
	span := processSpan(t, testConfig(t), func(span ptrace.Span) {
		span.Status().SetCode(ptrace.StatusCodeError)
		span.Status().SetMessage("qwidget axle broke")
		addException(span, "E", "all is well")
		addException(span, "E", "qwidget wheel broke")
		span.Events().AppendEmpty().SetName("qwidget axle broke")
	})
	require.Equal(t, "WIDGET_WHEEL_BROKEN", span.Attributes().AsRaw()["failure_type"])
	require.Equal(t, []any{"WIDGET_WHEEL_BROKEN", "WIDGET_BROKEN"}, span.Attributes().AsRaw()["failure_types"])
	require.NotContains(t, span.Events().At(0).Attributes().AsRaw(), "failure_type")
	require.Equal(t, "WIDGET_WHEEL_BROKEN", span.Events().At(1).Attributes().AsRaw()["failure_type"])
	require.Zero(t, span.Events().At(2).Attributes().Len(), "only exceptions are inspected")
}

func TestSpanStatusAndCodes(t *testing.T) {
	for _, tc := range []struct {
		name string
		fill func(ptrace.Span)
		want any
	}{
		{"error status message", func(span ptrace.Span) {
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Status().SetMessage("qwidget axle broke")
		}, "test-widget-broken"},
		{"a message without an error status", func(span ptrace.Span) { span.Status().SetMessage("qwidget axle broke") }, nil},
		{"a code on a client span", func(span ptrace.Span) {
			span.SetKind(ptrace.SpanKindClient)
			span.Attributes().PutStr("error.type", "qwidget")
		}, "test-code"},
		{"a code on a server span", func(span ptrace.Span) {
			span.SetKind(ptrace.SpanKindServer)
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Attributes().PutStr("error.type", "qwidget")
		}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.want, processSpan(t, testConfig(t), tc.fill).Attributes().AsRaw()["failure_rule"])
		})
	}
}

// TestQualityGate holds the message that the project began with, in every place
// it can stand in.
func TestQualityGate(t *testing.T) {
	const exceptionType, message = "ValidationError", "OrchestrationContext field required"
	v1 := "1 validation error for OrchestrationContext\ntask_id\n  field required (type=value_error.missing)"
	v2 := "1 validation error for OrchestrationContext\ntask_id\n  Field required [type=missing, input_value={}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2.9/v/missing"
	check := func(t *testing.T, attributes pcommon.Map) {
		t.Helper()
		require.Equal(t, "ORCHESTRATION_CONTEXT_MISSING", attributes.AsRaw()["failure_type"])
		require.InDelta(t, 0.95, attributes.AsRaw()["failure_confidence"], 0)
	}
	config := createDefaultConfig().(*Config)
	for wording, text := range map[string]string{
		"as the seed has it": exceptionType + ": " + message,
		"pydantic 1":         "pydantic.error_wrappers.ValidationError: " + v1,
		"pydantic 2":         "pydantic_core._pydantic_core.ValidationError: " + v2,
	} {
		name, message, _ := strings.Cut(text, ": ")
		t.Run("log body/"+wording, func(t *testing.T) {
			check(t, processLog(t, config, func(lr plog.LogRecord) { lr.Body().SetStr(text) }).Attributes())
		})
		t.Run("span event/"+wording, func(t *testing.T) {
			span := processSpan(t, config, func(span ptrace.Span) { addException(span, name, message) })
			check(t, span.Attributes())
			check(t, span.Events().At(0).Attributes())
		})
		t.Run("log event/"+wording, func(t *testing.T) {
			check(t, processLog(t, config, func(lr plog.LogRecord) {
				lr.SetEventName("exception")
				lr.Attributes().PutStr("exception.type", name)
				lr.Attributes().PutStr("exception.message", message)
			}).Attributes())
		})
	}
}

func TestDisabledPassesUntouched(t *testing.T) {
	config := testConfig(t)
	config.Enabled = false
	config.Rules.Files = []string{"gone.yaml"}
	lr := processLog(t, config, func(lr plog.LogRecord) {
		broken(lr)
		lr.Attributes().PutStr("failure_type", "CLAIMED")
	})
	require.Equal(t, map[string]any{"failure_type": "CLAIMED"}, lr.Attributes().AsRaw())
}

func sum(value int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(attributes...)}
}

func TestInternalTelemetry(t *testing.T) {
	h := newHarness(t, testConfig(t))
	p, _ := h.logs(t)
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, body := range []string{"fine", "qwidget axle broke", "qwidget arm broke", "qwidget wheel broke", "qwidget mended", "qwidget creaks", "qwidget bends"} {
		records.AppendEmpty().Body().SetStr(body)
	}
	records.At(0).SetSeverityNumber(plog.SeverityNumberError)
	records.At(1).Attributes().PutStr("failure_x", "y")
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))

	id, signal := attribute.String("processor", "failure_detector/test"), attribute.String("otel.signal", "logs")
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualProcessorFailureDetectorRecords(t, h.telemetry, []metricdata.DataPoint[int64]{sum(7, id, signal)}, ignore)
	metadatatest.AssertEqualProcessorFailureDetectorUnclassified(t, h.telemetry, []metricdata.DataPoint[int64]{sum(1, id, signal)}, ignore)
	metadatatest.AssertEqualProcessorFailureDetectorUntrusted(t, h.telemetry, []metricdata.DataPoint[int64]{sum(1, id, signal)}, ignore)
	metadatatest.AssertEqualProcessorFailureDetectorClears(t, h.telemetry, []metricdata.DataPoint[int64]{sum(1, id, signal)}, ignore)
	metadatatest.AssertEqualProcessorFailureDetectorErrors(t, h.telemetry, []metricdata.DataPoint[int64]{sum(1, id, signal)}, ignore)
	metadatatest.AssertEqualProcessorFailureDetectorShadowMatches(t, h.telemetry, []metricdata.DataPoint[int64]{
		sum(1, id, signal, attribute.String("failure_rule", "test-shadow")),
	}, ignore)
	category := attribute.String("failure_category", "widgets")
	metadatatest.AssertEqualProcessorFailureDetectorFailures(t, h.telemetry, []metricdata.DataPoint[int64]{
		sum(2, id, signal, category, attribute.String("failure_type", "WIDGET_BROKEN"), attribute.String("failure_severity", "high")),
		sum(1, id, signal, category, attribute.String("failure_type", "WIDGET_WHEEL_BROKEN"), attribute.String("failure_severity", "critical")),
	}, ignore)
}

func TestARecordMadeToCostTimeIsCutShort(t *testing.T) {
	var rulesThatNearlyMatch strings.Builder
	rulesThatNearlyMatch.WriteString(pack)
	for i := range 100 {
		fmt.Fprintf(&rulesThatNearlyMatch, "  - {id: test-near%d, type: WIDGET_BROKEN, confidence: 0.5, match: {patterns: ['qgadget [a-z]+[0-9]{%d}']}}\n", i, i+1)
	}
	config := testConfig(t)
	config.Rules.Files = []string{packFile(t, rulesThatNearlyMatch.String())}
	h := newHarness(t, config)
	p, _ := h.logs(t)
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty().Body().SetStr("qgadget " + strings.Repeat("a", 20_000))
	records.AppendEmpty().Body().SetStr("qgadget --")
	require.NoError(t, p.ConsumeLogs(context.Background(), logs))
	metadatatest.AssertEqualProcessorFailureDetectorCutShort(t, h.telemetry, []metricdata.DataPoint[int64]{
		sum(1, attribute.String("processor", "failure_detector/test"), attribute.String("otel.signal", "logs")),
	}, metricdatatest.IgnoreTimestamp())
}

func TestReload(t *testing.T) {
	config := testConfig(t)
	h := newHarness(t, config)
	p, sink := h.logs(t)
	classify := func(body string) any {
		logs := plog.NewLogs()
		logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
		require.NoError(t, p.ConsumeLogs(context.Background(), logs))
		all := sink.AllLogs()
		return all[len(all)-1].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw()["failure_type"]
	}
	reloads := func(outcome string) int64 {
		metric, err := h.telemetry.GetMetric("otelcol_processor_failure_detector_reloads")
		if err != nil {
			return 0
		}
		for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
			if value, _ := point.Attributes.Value("outcome"); value.AsString() == outcome {
				return point.Value
			}
		}
		return 0
	}
	rewrite := func(content string) {
		require.NoError(t, os.WriteFile(config.Rules.Files[0], []byte(content), 0o600))
	}
	require.Nil(t, classify("qwidget sings"))

	rewrite(pack + "  - {id: test-sings, type: WIDGET_BROKEN, confidence: 0.5, match: {patterns: [qwidget sings]}}\n")
	require.Eventually(t, func() bool { return reloads("success") == 1 }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, "WIDGET_BROKEN", classify("qwidget sings"))

	rewrite("pack: [")
	require.Eventually(t, func() bool { return reloads("failure") == 1 }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, "WIDGET_BROKEN", classify("qwidget sings"), "the last good rules stay in use")

	set := ruleSets.inUse[config].Detector().Rules()
	metadatatest.AssertEqualProcessorFailureDetectorRules(t, h.telemetry, []metricdata.DataPoint[int64]{
		sum(int64(len(set.Rules)), attribute.String("processor", "failure_detector/test"), attribute.String("hash", set.Hash)),
	}, metricdatatest.IgnoreTimestamp())
}

func TestProcessorsOfOneConfigurationShareTheirRules(t *testing.T) {
	config := testConfig(t)
	h := newHarness(t, config)
	one, err := newFailureDetector(h.settings, config, pipeline.SignalLogs)
	require.NoError(t, err)
	two, err := newFailureDetector(h.settings, config, pipeline.SignalTraces)
	require.NoError(t, err)
	ctx, host := context.Background(), componenttest.NewNopHost()
	require.NoError(t, one.start(ctx, host))
	require.NoError(t, two.start(ctx, host))
	require.Same(t, one.detector(), two.detector())
	require.NoError(t, one.shutdown(ctx))
	require.NotNil(t, two.detector())
	require.NoError(t, two.shutdown(ctx))
	require.NotContains(t, ruleSets.inUse, config, "nothing is kept once the last one stopped")
}

func TestAStartTakesWhatWasValidated(t *testing.T) {
	config := testConfig(t)
	h := newHarness(t, config)
	require.NoError(t, config.Validate())
	validated := config.validated
	require.NotNil(t, validated)
	h.logs(t)
	require.Same(t, validated, ruleSets.inUse[config].Detector())
	require.Nil(t, config.validated, "what is in use no more is not kept")
}

func TestAFileChangedAfterItWasValidatedIsReadAnew(t *testing.T) {
	config := testConfig(t)
	h := newHarness(t, config)
	require.NoError(t, config.Validate())
	require.NoError(t, os.WriteFile(config.Rules.Files[0], []byte(strings.ReplaceAll(pack, "id: test-widget-broken", "id: test-widget-burst")), 0o600))
	h.logs(t)
	require.Contains(t, ids(ruleSets.inUse[config].Detector().Rules()), "test-widget-burst")
}

func ids(set *rules.Set) []string {
	var list []string
	for _, r := range set.Rules {
		list = append(list, r.ID)
	}
	return list
}

func TestLifecycle(t *testing.T) {
	ctx, host := context.Background(), componenttest.NewNopHost()
	create := func(t *testing.T, config *Config) (processor.Logs, *consumertest.LogsSink) {
		t.Helper()
		sink := new(consumertest.LogsSink)
		p, err := NewFactory().CreateLogs(ctx, processortest.NewNopSettings(metadata.Type), config, sink)
		require.NoError(t, err)
		return p, sink
	}
	t.Run("shutdown without start", func(t *testing.T) {
		p, _ := create(t, testConfig(t))
		require.NoError(t, p.Shutdown(ctx))
	})
	t.Run("shutdown twice", func(t *testing.T) {
		p, _ := create(t, testConfig(t))
		require.NoError(t, p.Start(ctx, host))
		require.NoError(t, p.Shutdown(ctx))
		require.NoError(t, p.Shutdown(ctx))
	})
	t.Run("data after shutdown passes untouched", func(t *testing.T) {
		p, sink := create(t, testConfig(t))
		require.NoError(t, p.Start(ctx, host))
		require.NoError(t, p.Shutdown(ctx))
		logs := plog.NewLogs()
		broken(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
		require.NoError(t, p.ConsumeLogs(ctx, logs))
		require.Zero(t, sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Len())
	})
	t.Run("start fails on bad rules", func(t *testing.T) {
		config := testConfig(t)
		config.Rules.Files = []string{packFile(t, "pack: [")}
		p, _ := create(t, config)
		require.ErrorContains(t, p.Start(ctx, host), "test.yaml: yaml: line 1")
		require.NoError(t, p.Shutdown(ctx))
		require.NotContains(t, ruleSets.inUse, config)
	})
	t.Run("it changes data and says so", func(t *testing.T) {
		p, _ := create(t, testConfig(t))
		require.True(t, p.Capabilities().MutatesData)
	})
}

func TestShutdownContract(t *testing.T) {
	processortest.VerifyShutdown(t, NewFactory(), createDefaultConfig())
}
