package failuredetectorconnector

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// memory is a storage extension that outlives the connectors that use it.
type memory struct {
	component.StartFunc
	component.ShutdownFunc
	mu      sync.Mutex
	values  map[string][]byte
	openErr error
	getErr  error
	setErr  error
	open    int
}

func (m *memory) GetClient(_ context.Context, kind component.Kind, id component.ID, _ string) (storage.Client, error) {
	if m.openErr != nil {
		return nil, m.openErr
	}
	if kind != component.KindConnector || id.String() != "failure_detector/test" {
		return nil, errors.New("not for this component")
	}
	m.open++
	return m, nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) { return m.values[key], m.getErr }

// refuse lets every write fail from now on, or none.
func (m *memory) refuse(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.setErr = err
}

func (m *memory) Set(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.setErr == nil {
		m.values[key] = value
	}
	return m.setErr
}

func (m *memory) Delete(context.Context, string) error               { return nil }
func (m *memory) Batch(context.Context, ...*storage.Operation) error { return nil }

func (m *memory) Close(context.Context) error {
	m.open--
	return nil
}

// storageHost is a host with a storage extension that keeps what components report.
type storageHost struct {
	extensions map[component.ID]component.Component
	statuses   []*componentstatus.Event
}

func (h *storageHost) GetExtensions() map[component.ID]component.Component { return h.extensions }
func (h *storageHost) Report(e *componentstatus.Event)                     { h.statuses = append(h.statuses, e) }

var storageID = component.MustNewID("file_storage")

// stored is a harness whose state is kept in a storage.
func stored(t *testing.T, m *memory) (*harness, *storageHost) {
	t.Helper()
	config := defaultConfig()
	config.Storage = &storageID
	h := newHarness(t, config)
	host := &storageHost{extensions: map[component.ID]component.Component{storageID: m}}
	h.host = host
	return h, host
}

// saves counts how often the state was saved.
func (h *harness) saves() int64 {
	h.t.Helper()
	metric, err := h.telemetry.GetMetric("otelcol_connector_failure_detector_saves")
	require.NoError(h.t, err)
	return metric.Data.(metricdata.Sum[int64]).DataPoints[0].Value
}

func newMemory() *memory { return &memory{values: map[string][]byte{}} }

func TestStateSurvivesARestart(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		before, _ := stored(t, m)
		before.start()
		for range 14 {
			before.sendLogs(failed("shop", "a"))
		}
		before.stop()
		require.Zero(t, m.open)

		after, _ := stored(t, m)
		after.settings.Resource.Attributes().PutStr("service.instance.id", "instance-2")
		after.start()
		after.wait(time.Second)
		require.Equal(t, []string{"failure.ongoing"}, after.eventNames(), "what is open is not announced as new")
		restored := after.records()[0].Attributes().AsRaw()
		require.Equal(t, true, restored["failure_restored"])
		require.EqualValues(t, 2, restored["failure_sequence"])
		require.EqualValues(t, 14, restored["failure_count"])
		after.sendLogs(failed("shop", "a"))
		require.Equal(t, []string{"failure.ongoing", "failure.escalated"}, after.eventNames(), "the fifteenth within the hour")

		after.stop()
		points := after.points("failure.occurrences")
		require.Zero(t, points[0].IntValue(), "counters begin again")
		require.EqualValues(t, 1, points[1].IntValue())
		resource := after.metrics.AllMetrics()[0].ResourceMetrics().At(0).Resource().Attributes().AsRaw()
		require.Equal(t, "instance-1", resource["service.instance.id"], "the instance stays the same")
	})
}

func TestKilledItLosesAtMostOneInterval(t *testing.T) {
	inTime(t, func(t *testing.T) {
		t.Helper()
		m := newMemory()
		before, _ := stored(t, m)
		before.start()
		before.sendLogs(failed("shop", "a"))
		before.wait(11 * time.Second)
		killed := newMemory()
		maps.Copy(killed.values, m.values)
		after, _ := stored(t, killed)
		after.start()
		after.wait(time.Second)
		require.Equal(t, []string{"failure.ongoing"}, after.eventNames())
	})
}

func TestStateThatCannotBeUsedIsSetAside(t *testing.T) {
	for name, value := range map[string]string{
		"corrupt": "failuredetector-incidents 1.0 00000000\n{}",
		"foreign": "something else",
		"newer":   "failuredetector-incidents 9.0 a3830348\n{}",
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				m := newMemory()
				m.values[stateKey] = []byte(value)
				h, _ := stored(t, m)
				h.start()
				h.sendLogs(failed("shop", "a"))
				h.stop()
				require.Equal(t, []string{"failure.opened"}, h.eventNames())
				require.Equal(t, value, string(m.values[asideKey]))
				require.NotEqual(t, value, string(m.values[stateKey]))
			})
		})
	}
}

func TestStorageFaults(t *testing.T) {
	broken := errors.New("disk on fire")
	for name, spoil := range map[string]func(*memory){
		"it cannot be opened": func(m *memory) { m.openErr = broken },
		"it cannot be read":   func(m *memory) { m.getErr = broken },
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				t.Helper()
				m := newMemory()
				spoil(m)
				h, host := stored(t, m)
				h.start()
				h.sendLogs(failed("shop", "a"))
				h.wait(time.Minute)
				h.stop()
				require.Equal(t, []string{"failure.opened"}, h.eventNames(), "it runs without")
				require.Len(t, host.statuses, 1)
				require.Equal(t, componentstatus.StatusRecoverableError, host.statuses[0].Status())
				require.ErrorIs(t, host.statuses[0].Err(), broken)
				require.Empty(t, m.values)
				require.Zero(t, m.open)
			})
		})
	}
	t.Run("it cannot be written for a while", func(t *testing.T) {
		inTime(t, func(t *testing.T) {
			t.Helper()
			m := newMemory()
			h, host := stored(t, m)
			h.start()
			h.sendLogs(failed("shop", "a"))
			m.refuse(broken)
			h.wait(time.Minute)
			m.refuse(nil)
			h.wait(time.Minute)
			require.Len(t, host.statuses, 2)
			require.Equal(t, componentstatus.StatusRecoverableError, host.statuses[0].Status())
			require.Equal(t, componentstatus.StatusOK, host.statuses[1].Status())
			h.requireSum("otelcol_connector_failure_detector_saves", 6, "outcome", "failure")
			h.requireSum("otelcol_connector_failure_detector_saves", 6, "outcome", "success")
		})
	})
	t.Run("what is saved is not saved again", func(t *testing.T) {
		inTime(t, func(t *testing.T) {
			t.Helper()
			m := newMemory()
			h, _ := stored(t, m)
			h.start()
			h.sendLogs(failed("shop", "a"))
			h.wait(time.Hour)
			saves := h.saves()
			h.wait(time.Hour)
			require.Equal(t, saves, h.saves())
			h.sendLogs(failed("shop", "a"))
			h.wait(time.Minute)
			require.Greater(t, h.saves(), saves)
		})
	})
	for name, extensions := range map[string]map[component.ID]component.Component{
		`storage: there is no extension "file_storage": add it to service::extensions`: nil,
		`storage: extension "file_storage" is no storage`:                              {storageID: &edge{}},
	} {
		t.Run(name, func(t *testing.T) {
			h, host := stored(t, newMemory())
			host.extensions = extensions
			h.create()
			for _, e := range h.edges() {
				require.EqualError(t, e.Start(context.Background(), h.host), name)
			}
			h.stop()
			require.NotContains(t, cores.inUse, h.config)
		})
	}
}
