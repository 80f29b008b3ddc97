package failuredetectorconnector

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/failuredetector/failuredetector/failure"
)

// timed is a host that keeps time.
type timed struct {
	component.Host

	now  time.Time
	pass func(now time.Time) (idle bool)
}

func (h *timed) Now() time.Time { return h.now }

func (h *timed) Follow(pass func(now time.Time) (idle bool)) { h.pass = pass }

// TestTimeOfTheHost runs a connector whose host keeps the time: a second of the test is an hour or none.
func TestTimeOfTheHost(t *testing.T) {
	config := defaultConfig()
	storage := component.MustNewID("disk")
	config.Storage = &storage // There is no such extension, and none is asked for.
	config.MuteFile = filepath.Join(t.TempDir(), "mutes.yaml")
	require.NoError(t, os.WriteFile(config.MuteFile, nil, 0o600))
	h := newHarness(t, config)
	start := time.Date(2026, 3, 4, 10, 0, 0, 250_000_000, time.UTC)
	host := &timed{Host: h.host, now: start}
	h.host = host
	h.start()
	require.Nil(t, cores.inUse[config].files.mutes.watcher, "a file that changes meanwhile changes nothing")
	require.True(t, host.pass(start))

	h.sendLogs(failed("orders", "v1:1"))
	require.Equal(t, []string{failure.EventOpened}, h.eventNames())
	require.Equal(t, start, h.records()[0].Timestamp().AsTime())
	for now := start.Truncate(time.Second); now.Before(start.Add(20 * time.Minute)); now = now.Add(time.Second) {
		host.now = now
		host.pass(now)
	}
	require.Equal(t, []string{failure.EventOpened, failure.EventResolved}, h.eventNames())
	require.Equal(t, start.Truncate(time.Second).Add(15*time.Minute+time.Second), h.records()[1].Timestamp().AsTime())
	require.NotEmpty(t, h.metrics.AllMetrics(), "metrics are sent by the time of the host too")
	require.True(t, host.pass(host.now), "nothing is open")
	require.NoError(t, h.logsToLogs.Shutdown(context.Background()))
}

// TestNobodyTakesMetrics is the common case of a replay, and of who wants events alone.
func TestNobodyTakesMetrics(t *testing.T) {
	h := newHarness(t, defaultConfig())
	now := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	host := &timed{Host: h.host, now: now}
	edge, err := NewFactory().CreateLogsToLogs(context.Background(), h.settings, h.config, h.events)
	require.NoError(t, err)
	require.NoError(t, edge.Start(context.Background(), host))
	require.NoError(t, edge.ConsumeLogs(context.Background(), failed("orders", "v1:1")))
	c := cores.inUse[h.config]
	require.Zero(t, testing.AllocsPerRun(10, func() { c.sendMetrics(context.Background(), now) }), "none are written")
	require.NotEmpty(t, c.state.Occurrences.Series)
	for range 25 * 3600 {
		host.now = host.now.Add(time.Second)
		host.pass(host.now)
	}
	require.Empty(t, c.state.Occurrences.Series, "those of a group that was idle for a day end")
	require.NoError(t, edge.Shutdown(context.Background()))
}
