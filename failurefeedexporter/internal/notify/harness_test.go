package notify

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"go.yaml.in/yaml/v3"
)

// start is when the failures of tests begin.
var start = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// request is what a receiver got.
type request struct {
	path   string
	header http.Header
	body   string
}

// receiver is a destination that answers as it is told to.
type receiver struct {
	*httptest.Server
	got chan request
	// answer gives the answer to the nth request, from 0.
	answer func(n int, w http.ResponseWriter)
	mu     sync.Mutex
	n      int
}

func newReceiver(t *testing.T, answer func(int, http.ResponseWriter)) *receiver {
	t.Helper()
	r := &receiver{got: make(chan request, 1024), answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		content, err := io.ReadAll(in.Body)
		if err != nil {
			return // The sender gave up.
		}
		r.mu.Lock()
		n := r.n
		r.n++
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(n, w)
		}
		r.got <- request{path: in.URL.Path, header: in.Header, body: string(content)}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) next(t *testing.T) request {
	t.Helper()
	select {
	case got := <-r.got:
		return got
	case <-time.After(patience):
		require.FailNow(t, "nothing arrives")
		return request{}
	}
}

// hole is a destination that takes connections and never answers.
func hole(t *testing.T) (address string, taken <-chan struct{}) {
	t.Helper()
	reached, over := make(chan struct{}, 1024), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, in *http.Request) {
		_, _ = io.Copy(io.Discard, in.Body) // Otherwise it is not noticed that the sender is gone.
		reached <- struct{}{}
		select {
		case <-in.Context().Done():
		case <-over:
		}
	}))
	t.Cleanup(func() {
		close(over)
		server.Close()
	})
	return server.URL, reached
}

// read reads a configuration as the Collector does.
func read(t *testing.T, text string) (*Config, error) {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	config := &Config{}
	if err := confmap.NewFromStringMap(raw).Unmarshal(config); err != nil {
		return nil, err
	}
	return config, confmap.Validate(config)
}

// harness is a notifier that runs.
type harness struct {
	*Notifier
	log     *observer.ObservedLogs
	reading *componenttest.Telemetry

	mu       sync.Mutex
	failures []*Failure
	dropped  []string
}

func newHarness(t *testing.T, text string) *harness {
	t.Helper()
	config, err := read(t, text)
	require.NoError(t, err)
	h := &harness{reading: componenttest.NewTelemetry()}
	set := exportertest.NewNopSettings(component.MustNewType("failure_feed"))
	set.ID = component.MustNewID("failure_feed")
	set.TelemetrySettings = h.reading.NewTelemetrySettings()
	var core zapcore.Core
	core, h.log = observer.New(zapcore.DebugLevel)
	set.Logger = zap.New(core)
	h.Notifier, err = Start(t.Context(), config, &Settings{Exporter: set, Failures: h.list, Dropped: h.drop}, componenttest.NewNopHost())
	require.NoError(t, err)
	t.Cleanup(func() {
		if h.Notifier != nil {
			h.stop(t)
		}
	})
	return h
}

func (h *harness) stop(t *testing.T) {
	t.Helper()
	h.stopWithin(context.Background(), t)
}

// abandon stops without waiting for who does not answer.
func (h *harness) abandon(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.stopWithin(ctx, t)
}

func (h *harness) stopWithin(ctx context.Context, t *testing.T) {
	t.Helper()
	require.NoError(t, h.Shutdown(ctx))
	require.NoError(t, h.reading.Shutdown(context.Background()))
	h.Notifier = nil
}

func (h *harness) list() []*Failure {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failures
}

func (h *harness) drop(destination component.ID, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropped = append(h.dropped, destination.String()+" "+reason)
}

// become says what goes on from now.
func (h *harness) become(failures ...*Failure) {
	h.mu.Lock()
	h.failures = failures
	h.mu.Unlock()
	h.Tell(&Event{Type: eventOngoing, ID: "x-1", Failure: timeout("x")})
}

// timeout is a failure.
func timeout(id string, change ...func(*Failure)) *Failure {
	f := &Failure{
		ID: id, Status: "active", FailureType: "DATABASE_TIMEOUT", Severity: "high", Category: "database", Service: "checkout", Place: "checkout",
		Fingerprint: "v1:0123456789abcdef", Message: "DATABASE_TIMEOUT in checkout (high).", Count: 3, FirstSeen: start, LastSeen: start.Add(time.Minute),
		RootCause: "A statement took longer than it may.", RecoverySteps: []Step{{Do: "Look for slow statements.", Risk: "safe"}},
		Evidence: []Evidence{{Kind: "observed", Text: "3 failures"}}, Resource: map[string]string{"service.name": "checkout", "service.namespace": "shop"},
	}
	for _, apply := range change {
		apply(f)
	}
	return f
}

func detected(id string, change ...func(*Failure)) *Event {
	return &Event{Type: "failure_detected", ID: id, Message: []byte(`{"type":"failure_detected","event_id":"` + id + `"}`), Failure: timeout(id, change...)}
}
