package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// backend keeps what a collector exports to it.
type backend struct {
	server *httptest.Server

	mu    sync.Mutex
	logs  []plog.LogRecord
	spans []ptrace.Span
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	b := &backend{}
	mux := http.NewServeMux()
	// A request has the wire format of the data that it carries.
	mux.HandleFunc("/v1/logs", func(w http.ResponseWriter, r *http.Request) {
		receive(w, r, (&plog.ProtoUnmarshaler{}).UnmarshalLogs, b.addLogs)
	})
	mux.HandleFunc("/v1/traces", func(w http.ResponseWriter, r *http.Request) {
		receive(w, r, (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces, b.addTraces)
	})
	b.server = httptest.NewServer(mux)
	t.Cleanup(b.server.Close)
	return b
}

func receive[T any](w http.ResponseWriter, r *http.Request, unmarshal func([]byte) (T, error), add func(T)) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	data, err := unmarshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	add(data)
}

func (b *backend) addLogs(logs plog.Logs) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				b.logs = append(b.logs, lr)
			}
		}
	}
}

func (b *backend) addTraces(traces ptrace.Traces) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				b.spans = append(b.spans, span)
			}
		}
	}
}

// overlay lets the pipelines of the given signals export to the backend, and to
// the further exporters named.
func (b *backend) overlay(signals []string, further ...string) string {
	exporters := strings.Join(append(further, "otlp_http"), ", ")
	pipelines := make([]string, 0, len(signals))
	for _, signal := range signals {
		pipelines = append(pipelines, fmt.Sprintf("%s: {exporters: [%s]}", signal, exporters))
	}
	return fmt.Sprintf("{exporters: {otlp_http: {endpoint: '%s', compression: none, encoding: proto, sending_queue: {enabled: false}}}, "+
		"service: {pipelines: {%s}}}", b.server.URL, strings.Join(pipelines, ", "))
}

// records gives the log records so far.
func (b *backend) records() []plog.LogRecord {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]plog.LogRecord(nil), b.logs...)
}

// record waits for the first log record whose body contains a text.
func (b *backend) record(t *testing.T, text string) plog.LogRecord {
	t.Helper()
	var found plog.LogRecord
	require.Eventually(t, func() bool {
		for _, lr := range b.records() {
			if strings.Contains(lr.Body().AsString(), text) {
				found = lr
				return true
			}
		}
		return false
	}, patience, glance, "no record with %q arrives", text)
	return found
}

// span waits for a span by its name.
func (b *backend) span(t *testing.T, name string) ptrace.Span {
	t.Helper()
	var found ptrace.Span
	require.Eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, span := range b.spans {
			if span.Name() == name {
				found = span
				return true
			}
		}
		return false
	}, patience, glance, "no span %q arrives", name)
	return found
}
