package failurefeedexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadata"
)

// start is when the events of tests begin.
var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// harness is a feed that listens as it does in a collector, on a socket of its own.
type harness struct {
	t       *testing.T
	feed    *feed
	client  *http.Client
	reading *componenttest.Telemetry
	logs    *observer.ObservedLogs
}

func newHarness(t *testing.T, change func(*Config), hosts ...component.Host) *harness {
	t.Helper()
	config := defaultConfig()
	config.HTTP.NetAddr = confignet.AddrConfig{Transport: confignet.TransportTypeUnix, Endpoint: filepath.Join(t.TempDir(), "feed")}
	if change != nil {
		change(config)
	}
	require.NoError(t, config.Validate())
	reading := componenttest.NewTelemetry()
	set := exportertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = reading.NewTelemetrySettings()
	core, logs := observer.New(zap.DebugLevel)
	set.Logger = zap.New(core)
	f, err := newFeed(config, set)
	require.NoError(t, err)
	require.NoError(t, f.start(t.Context(), append(hosts, componenttest.NewNopHost())[0]))
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", config.HTTP.NetAddr.Endpoint)
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		require.NoError(t, f.shutdown(context.Background()))
		require.NoError(t, reading.Shutdown(context.Background()))
	})
	return &harness{t: t, feed: f, client: &http.Client{Transport: transport}, reading: reading, logs: logs}
}

// send brings records to the feed as a pipeline does.
func (h *harness) send(records ...plog.Logs) {
	h.t.Helper()
	for _, logs := range records {
		require.NoError(h.t, h.feed.consume(h.t.Context(), logs))
	}
}

// answer is what the server answers.
type answer struct {
	status int
	header http.Header
	body   io.ReadCloser
}

// do makes a request whose URL is a path on the server.
func (h *harness) do(method, path string, change func(*http.Request)) answer {
	h.t.Helper()
	request, err := http.NewRequestWithContext(h.t.Context(), method, "http://localhost"+path, http.NoBody)
	require.NoError(h.t, err)
	if change != nil {
		change(request)
	}
	response, err := h.client.Do(request)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = response.Body.Close() })
	return answer{status: response.StatusCode, header: response.Header, body: response.Body}
}

// get gives the JSON of a path.
func (h *harness) get(path string) map[string]any {
	h.t.Helper()
	response := h.do(http.MethodGet, path, nil)
	content, err := io.ReadAll(response.body)
	require.NoError(h.t, err)
	require.Equal(h.t, http.StatusOK, response.status, string(content))
	require.Equal(h.t, "application/json", response.header.Get("Content-Type"))
	var told map[string]any
	require.NoError(h.t, json.Unmarshal(content, &told))
	return told
}

// ids gives the ids of the failures under a path, in their order.
func (h *harness) ids(path string) []string {
	h.t.Helper()
	list := []string{}
	for _, entry := range h.get(path)["failures"].([]any) {
		list = append(list, entry.(map[string]any)["id"].(string))
	}
	return list
}

// incident is an event of an incident as the connector sends it.
func incident(id string, sequence int64, name string, change ...func(pcommon.Map)) plog.Logs {
	status := map[string]string{failure.EventResolved: failure.StatusResolved, failure.EventPredicted: failure.StatusPredicted}[name]
	if status == "" {
		status = failure.StatusActive
	}
	at := start.Add(time.Duration(sequence) * time.Minute)
	return record(name, at, append([]func(pcommon.Map){with(map[string]any{
		failure.AttrEvent: name, failure.AttrIncidentID: id, failure.AttrSequence: sequence,
		failure.AttrEventID: fmt.Sprintf("%s-%d", id, sequence), failure.AttrStatus: status,
		failure.AttrCount: sequence, failure.AttrFirstSeen: start.Format(time.RFC3339Nano), failure.AttrLastSeen: at.Format(time.RFC3339Nano),
		failure.AttrType: "DATABASE_TIMEOUT", failure.AttrSeverity: "high", failure.AttrCategory: "database",
		failure.AttrReminderSeconds: int64(3600),
	})}, change...)...)
}

// probe is an event of a probe.
func probe(name, severity string, at time.Time, change ...func(pcommon.Map)) plog.Logs {
	return record(name, at, append([]func(pcommon.Map){with(map[string]any{
		failure.AttrEvent: name, failure.AttrType: "DISK_SPACE_LOW", failure.AttrSeverity: severity, failure.AttrCategory: "resource",
		failure.AttrEntity: "host:db-1/data", failure.AttrFingerprint: "v1:00000000000000aa", failure.AttrValue: 0.93,
	})}, change...)...)
}

func record(name string, at time.Time, change ...func(pcommon.Map)) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "checkout")
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetEventName(name)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Body().SetStr(name + " is told")
	for _, apply := range change {
		apply(lr.Attributes())
	}
	return logs
}

func with(attributes map[string]any) func(pcommon.Map) {
	return func(m pcommon.Map) {
		for key, value := range attributes {
			if err := m.PutEmpty(key).FromRaw(value); err != nil {
				panic(err)
			}
		}
	}
}

func read(t *testing.T, logs plog.Logs, now time.Time) event {
	t.Helper()
	rl := logs.ResourceLogs().At(0)
	e, isEvent := new(reader).read(rl.Resource(), rl.ScopeLogs().At(0).LogRecords().At(0), now)
	require.True(t, isEvent)
	return e
}
