package failuredetectorconnector

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/failuredetector/failuredetector/failuredetectorconnector/internal/metadata"
)

// harness is a connector with its four edges, as the Collector makes it where both of its inputs and
// both of its outputs are in use.
type harness struct {
	t         *testing.T
	config    *Config
	settings  connector.Settings
	telemetry *componenttest.Telemetry
	host      component.Host

	events  *consumertest.LogsSink
	metrics *consumertest.MetricsSink

	// logsNext and metricsNext say whether what follows takes what it gets; nil takes it.
	logsNext, metricsNext func() error

	logsToLogs, logsToMetrics     connector.Logs
	tracesToLogs, tracesToMetrics connector.Traces
}

// inTime runs a test in a bubble where time passes when all wait, from the first of January 2000.
func inTime(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	_, err := shipped() // It takes long, and is not what is tested.
	require.NoError(t, err)
	synctest.Test(t, test)
}

func defaultConfig() *Config { return createDefaultConfig().(*Config) }

func newHarness(t *testing.T, config *Config) *harness {
	t.Helper()
	h := &harness{
		t: t, config: config, telemetry: componenttest.NewTelemetry(), host: componenttest.NewNopHost(),
		events: new(consumertest.LogsSink), metrics: new(consumertest.MetricsSink),
	}
	h.settings = connectortest.NewNopSettings(metadata.Type)
	h.settings.ID = component.NewIDWithName(metadata.Type, "test")
	h.settings.TelemetrySettings = h.telemetry.NewTelemetrySettings()
	h.settings.Resource = pcommon.NewResource()
	h.settings.Resource.Attributes().PutStr("service.name", "otelcol")
	h.settings.Resource.Attributes().PutStr("service.instance.id", "instance-1")
	t.Cleanup(func() { require.NoError(t, h.telemetry.Shutdown(context.Background())) })
	return h
}

func (h *harness) create() {
	h.t.Helper()
	ctx, factory := context.Background(), NewFactory()
	logs, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		return pass(h.logsNext, func() error { return h.events.ConsumeLogs(ctx, logs) })
	})
	require.NoError(h.t, err)
	metrics, err := consumer.NewMetrics(func(ctx context.Context, metrics pmetric.Metrics) error {
		return pass(h.metricsNext, func() error { return h.metrics.ConsumeMetrics(ctx, metrics) })
	})
	require.NoError(h.t, err)
	h.logsToLogs, err = factory.CreateLogsToLogs(ctx, h.settings, h.config, logs)
	require.NoError(h.t, err)
	h.logsToMetrics, err = factory.CreateLogsToMetrics(ctx, h.settings, h.config, metrics)
	require.NoError(h.t, err)
	h.tracesToLogs, err = factory.CreateTracesToLogs(ctx, h.settings, h.config, logs)
	require.NoError(h.t, err)
	h.tracesToMetrics, err = factory.CreateTracesToMetrics(ctx, h.settings, h.config, metrics)
	require.NoError(h.t, err)
}

var errRefused = errors.New("refused")

// gate refuses while it is shut with an error.
type gate struct {
	mu  sync.Mutex
	err error
}

func (g *gate) shut(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
}

func (g *gate) check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

func pass(check, next func() error) error {
	if check != nil {
		if err := check(); err != nil {
			return err
		}
	}
	return next()
}

func (h *harness) edges() []component.Component {
	return []component.Component{h.logsToMetrics, h.tracesToLogs, h.logsToLogs, h.tracesToMetrics}
}

// start creates and starts all edges, and stops them when the test ends.
func (h *harness) start() {
	h.t.Helper()
	h.create()
	for _, e := range h.edges() {
		require.NoError(h.t, e.Start(context.Background(), h.host))
	}
	h.t.Cleanup(h.stop)
}

func (h *harness) stop() {
	h.t.Helper()
	for _, e := range h.edges() {
		require.NoError(h.t, e.Shutdown(context.Background()))
	}
}

// sendLogs lets a batch reach every edge of its signal, as the Collector does.
func (h *harness) sendLogs(logs plog.Logs) {
	h.t.Helper()
	logs.MarkReadOnly()
	require.NoError(h.t, h.logsToLogs.ConsumeLogs(context.Background(), logs))
	require.NoError(h.t, h.logsToMetrics.ConsumeLogs(context.Background(), logs))
}

func (h *harness) sendTraces(traces ptrace.Traces) {
	h.t.Helper()
	traces.MarkReadOnly()
	require.NoError(h.t, h.tracesToMetrics.ConsumeTraces(context.Background(), traces))
	require.NoError(h.t, h.tracesToLogs.ConsumeTraces(context.Background(), traces))
}

// wait lets time pass.
func (*harness) wait(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // Time in a bubble passes at once.
	synctest.Wait()
}

// records gives the events so far.
func (h *harness) records() []plog.LogRecord {
	var list []plog.LogRecord
	for _, logs := range h.events.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					list = append(list, lr)
				}
			}
		}
	}
	return list
}

func (h *harness) eventNames() []string {
	names := []string{}
	for _, lr := range h.records() {
		names = append(names, lr.EventName())
	}
	return names
}

// points gives the data points of a metric in what was sent last.
func (h *harness) points(name string) []pmetric.NumberDataPoint {
	h.t.Helper()
	all := h.metrics.AllMetrics()
	require.NotEmpty(h.t, all)
	return pointsOf(all[len(all)-1], name)
}

func pointsOf(metrics pmetric.Metrics, name string) []pmetric.NumberDataPoint {
	var list []pmetric.NumberDataPoint
	for _, m := range metrics.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		if m.Name() != name {
			continue
		}
		var points pmetric.NumberDataPointSlice
		if m.Type() == pmetric.MetricTypeSum {
			points = m.Sum().DataPoints()
		} else {
			points = m.Gauge().DataPoints()
		}
		for _, p := range points.All() {
			list = append(list, p)
		}
	}
	return list
}

// requireSum requires the value of one of the connector's own counters.
func (h *harness) requireSum(name string, want int64, key, value string) {
	h.t.Helper()
	metric, err := h.telemetry.GetMetric(name)
	require.NoError(h.t, err)
	for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
		if got, _ := point.Attributes.Value(attribute.Key(key)); got.AsString() == value {
			require.Equal(h.t, want, point.Value)
			return
		}
	}
	require.Fail(h.t, "there is no such point", "%s with %s %q", name, key, value)
}

// reloads counts how often files were read again.
func (h *harness) reloads(file, outcome string) int64 {
	metric, err := h.telemetry.GetMetric("otelcol_connector_failure_detector_reloads")
	if err != nil {
		return 0
	}
	for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
		gotFile, _ := point.Attributes.Value("file")
		gotOutcome, _ := point.Attributes.Value("outcome")
		if gotFile.AsString() == file && gotOutcome.AsString() == outcome {
			return point.Value
		}
	}
	return 0
}

// failed is a batch with one annotated log record of a service.
func failed(service, fingerprint string, change ...func(plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	annotate(lr.Attributes(), fingerprint)
	for _, c := range change {
		c(lr)
	}
	return logs
}

func annotate(attributes pcommon.Map, fingerprint string) {
	attributes.PutStr("failure_type", "CONNECTION_POOL_EXHAUSTION")
	attributes.PutStr("failure_severity", "high")
	attributes.PutStr("failure_category", "database")
	attributes.PutDouble("failure_confidence", 0.97)
	attributes.PutStr("failure_rule", "pool-hikari-timeout")
	attributes.PutStr("failure_fingerprint", fingerprint)
	attributes.PutStr("failure_capture.pool", "HikariPool-1")
	attributes.PutStr("failure_capture.waited", "30000")
}

// exceptionSpan is a span with exceptions that the processor annotated, the span included.
func exceptionSpan(spans ptrace.SpanSlice, trace, id byte, fingerprints ...string) ptrace.Span {
	span := spans.AppendEmpty()
	span.SetTraceID(pcommon.TraceID{trace})
	span.SetSpanID(pcommon.SpanID{id})
	for _, fingerprint := range fingerprints {
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		annotate(event.Attributes(), fingerprint)
	}
	annotate(span.Attributes(), fingerprints[0])
	return span
}
