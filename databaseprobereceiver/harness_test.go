package databaseprobereceiver

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// harness is a probe that is asked scan after scan, as if 30 s lay between them.
type harness struct {
	t     *testing.T
	probe *databaseProbe
	now   time.Time
	last  probe.Output
	logs  *observer.ObservedLogs
	// everything is what all events said, with their evidence.
	everything string
	// denied are the signals of which it was told that they do not hold since the start.
	denied []string
}

func newHarness(t *testing.T, targets ...TargetConfig) *harness {
	t.Helper()
	config := createDefaultConfig().(*Config)
	config.Targets = targets
	require.NoError(t, config.Validate())
	core, logs := observer.New(zap.DebugLevel)
	settings := receivertest.NewNopSettings(metadata.Type)
	settings.Logger = zap.New(core)
	made, err := newDatabaseProbe(config, settings)
	require.NoError(t, err)
	require.NoError(t, made.Start(context.Background(), componenttest.NewNopHost()))
	h := &harness{t: t, probe: made, now: time.Now(), logs: logs}
	t.Cleanup(func() { require.NoError(t, made.Shutdown(context.Background())) })
	return h
}

// scan gives the events of a scan as "observed critical DATABASE_CONNECTION_ERROR: the body".
func (h *harness) scan() []string {
	h.t.Helper()
	out, err := h.probe.Collect(context.Background(), h.now)
	require.NoError(h.t, err)
	h.now = h.now.Add(30 * time.Second)
	h.last = out
	events := []string{}
	for _, rl := range out.Events.ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			get := func(key string) string {
				if v, found := lr.Attributes().Get(key); found {
					return v.AsString()
				}
				return ""
			}
			if get(failure.AttrCapturePrefix+"reason") == probe.ReasonStart {
				h.denied = append(h.denied, get(failure.AttrRule))
				continue
			}
			name := strings.TrimPrefix(lr.EventName(), failure.EventPrefix)
			h.everything += get(failure.AttrEvidence)
			events = append(events, fmt.Sprintf("%s %s %s: %s", name, get(failure.AttrSeverity), get(failure.AttrType), lr.Body().Str()))
		}
	}
	return events
}

// until scans until there are events, a few times.
func (h *harness) until() []string {
	h.t.Helper()
	for range 5 {
		if events := h.scan(); len(events) > 0 {
			return events
		}
	}
	return nil
}

// told is all that a few scans write: events, metrics and logs.
func (h *harness) told() string {
	h.t.Helper()
	var all strings.Builder
	for range 3 {
		h.scan()
		events, err := new(plog.JSONMarshaler).MarshalLogs(h.last.Events)
		require.NoError(h.t, err)
		metrics, err := new(pmetric.JSONMarshaler).MarshalMetrics(h.last.Metrics)
		require.NoError(h.t, err)
		all.Write(append(events, metrics...))
	}
	for _, entry := range h.logs.All() {
		fmt.Fprintln(&all, entry.Message, entry.ContextMap())
	}
	return all.String()
}

// metric gives the points of a metric as "0 dns" with its attributes, in the last scan.
func (h *harness) metric(name string) []string {
	var list []string
	for _, rm := range h.last.Metrics.ResourceMetrics().All() {
		for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
			if m.Name() == name {
				list = append(list, points(m)...)
			}
		}
	}
	return list
}

// withHost replaces the endpoint, which differs from run to run.
func withHost(events []string, endpoint string) []string {
	for i, event := range events {
		events[i] = strings.ReplaceAll(event, endpoint, "HOST")
	}
	return events
}

// inTime runs a test in a bubble where time passes when all wait.
func inTime(t *testing.T, test func()) {
	t.Helper()
	synctest.Test(t, func(*testing.T) { test() })
}

func points(m pmetric.Metric) []string {
	var data pmetric.NumberDataPointSlice
	if m.Type() == pmetric.MetricTypeSum {
		data = m.Sum().DataPoints()
	} else {
		data = m.Gauge().DataPoints()
	}
	var list []string
	for _, p := range data.All() {
		words := []string{fmt.Sprint(p.DoubleValue())}
		if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
			words[0] = strconv.FormatInt(p.IntValue(), 10)
		}
		for _, key := range []string{"databaseprobe.stage", "databaseprobe.session.state", "databaseprobe.grant", "error.type"} {
			if v, found := p.Attributes().Get(key); found {
				words = append(words, v.AsString())
			}
		}
		list = append(list, strings.Join(words, " "))
	}
	return list
}
