package probe_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/failuredetector/failuredetector/internal/probe"
)

type config struct{ Path string }

// source counts what is asked of it.
type source struct {
	starts, collections, shutdowns atomic.Int32
	startError                     error
	// takes is how long a collection takes, and hangs that it does not end with its context.
	takes time.Duration
	hangs chan struct{}
	// events is how many events a collection gives.
	events int
}

func (s *source) Start(context.Context, component.Host) error {
	s.starts.Add(1)
	return s.startError
}

func (s *source) Collect(ctx context.Context, now time.Time) (probe.Output, error) {
	s.collections.Add(1)
	if s.hangs != nil {
		<-s.hangs
	}
	select {
	case <-ctx.Done():
	case <-time.After(s.takes):
	}
	out := probe.NewOutput()
	gauge := out.Metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	gauge.SetEmptyGauge().DataPoints().AppendEmpty().SetIntValue(now.Unix())
	for range s.events {
		record := out.Events.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.Body().SetStr(now.UTC().Format(time.TimeOnly))
	}
	return out, nil
}

func (s *source) Shutdown(context.Context) error {
	s.shutdowns.Add(1)
	return nil
}

// instances is a registry as a receiver package has it.
type instances struct {
	t        *testing.T
	registry *probe.Registry
	schedule probe.Schedule
	// made are the sources in the order in which they were made; the next is made from next.
	made []*source
	next func() *source
}

func newInstances(t *testing.T) *instances {
	t.Helper()
	return &instances{
		t: t, registry: probe.NewRegistry(), schedule: probe.Schedule{InitialDelay: time.Second, Interval: 30 * time.Second},
		next: func() *source { return &source{events: 1} },
	}
}

func (i *instances) newSource(receiver.Settings) (probe.Source, error) {
	s := i.next()
	i.made = append(i.made, s)
	return s, nil
}

var componentType = component.MustNewType("host_probe")

func settings(name string) receiver.Settings {
	set := receivertest.NewNopSettings(componentType)
	set.ID = component.NewIDWithName(componentType, name)
	return set
}

func (i *instances) metrics(name string, cfg *config) (receiver.Metrics, *consumertest.MetricsSink) {
	sink := new(consumertest.MetricsSink)
	made, err := i.registry.Metrics(settings(name), cfg, i.schedule, sink, i.newSource)
	require.NoError(i.t, err)
	return made, sink
}

func (i *instances) logs(cfg *config) (receiver.Logs, *consumertest.LogsSink) {
	sink := new(consumertest.LogsSink)
	return i.logsTo(cfg, sink), sink
}

func (i *instances) logsTo(cfg *config, next consumer.Logs) receiver.Logs {
	made, err := i.registry.Logs(settings("a"), cfg, i.schedule, next, i.newSource)
	require.NoError(i.t, err)
	return made
}

func (i *instances) start(all ...component.Component) {
	for _, c := range all {
		require.NoError(i.t, c.Start(context.Background(), componenttest.NewNopHost()))
	}
}

func (i *instances) stop(all ...component.Component) {
	for _, c := range all {
		require.NoError(i.t, c.Shutdown(context.Background()))
	}
}

// inTime runs a test in a bubble where time passes when all wait.
func inTime(t *testing.T, test func(i *instances)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newInstances(t)) })
}

// pass lets time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestMetricsAndLogsOfOneInstanceAreCollectedOnce(t *testing.T) {
	inTime(t, func(i *instances) {
		cfg := &config{}
		metrics, points := i.metrics("a", cfg)
		logs, events := i.logs(cfg)
		i.start(metrics, logs)
		pass(61 * time.Second)
		require.Len(t, i.made, 1)
		require.EqualValues(t, 1, i.made[0].starts.Load())
		require.EqualValues(t, 3, i.made[0].collections.Load(), "after a second, and every 30")
		require.Len(t, points.AllMetrics(), 3)
		require.Len(t, events.AllLogs(), 3)

		i.stop(metrics)
		require.Zero(t, i.made[0].shutdowns.Load())
		pass(30 * time.Second)
		require.Len(t, points.AllMetrics(), 3, "nothing after it was shut down")
		require.Len(t, events.AllLogs(), 4)

		i.stop(logs, logs)
		require.EqualValues(t, 1, i.made[0].shutdowns.Load())
		pass(time.Hour)
		require.EqualValues(t, 4, i.made[0].collections.Load())
	})
}

func TestReloadThatKeepsAnUnchangedReceiver(t *testing.T) {
	inTime(t, func(i *instances) {
		metrics, points := i.metrics("a", &config{Path: "/"})
		logs, _ := i.logs(&config{Path: "/"})
		i.start(metrics, logs)
		pass(time.Second)

		i.stop(logs)
		anew, events := i.logs(&config{Path: "/"}) // The Collector reads its configuration anew.
		i.start(anew)
		pass(30 * time.Second)
		require.Len(t, i.made, 1, "it joined what runs")
		require.EqualValues(t, 1, i.made[0].starts.Load())
		require.Len(t, points.AllMetrics(), 2)
		require.Len(t, events.AllLogs(), 1)
		i.stop(metrics, anew)
		require.EqualValues(t, 1, i.made[0].shutdowns.Load())
	})
}

func TestWholeReload(t *testing.T) {
	inTime(t, func(i *instances) {
		for n := 1; n <= 3; n++ {
			metrics, points := i.metrics("a", &config{})
			logs, _ := i.logs(&config{})
			i.start(logs, metrics)
			pass(time.Second)
			require.Len(t, i.made, n)
			require.Len(t, points.AllMetrics(), 1)
			i.stop(logs, metrics)
		}
	})
}

func TestInstancesDoNotDisturbOneAnother(t *testing.T) {
	inTime(t, func(i *instances) {
		a, ofA := i.metrics("a", &config{})
		b, ofB := i.metrics("b", &config{})
		changed, ofChanged := i.logs(&config{Path: "/other"})
		again, ofAgain := i.metrics("a", &config{})
		i.start(a, b, changed, again)
		require.Len(t, i.made, 4)
		pass(time.Second)
		require.Len(t, ofA.AllMetrics(), 1)
		require.Len(t, ofB.AllMetrics(), 1)
		require.Len(t, ofChanged.AllLogs(), 1)
		require.Len(t, ofAgain.AllMetrics(), 1, "another service in the process has its own")
		i.stop(a)
		pass(30 * time.Second)
		require.Len(t, ofA.AllMetrics(), 1)
		require.Len(t, ofB.AllMetrics(), 2)
		i.stop(b, changed, again)
	})
}

func TestLifecycleInAnyOrder(t *testing.T) {
	inTime(t, func(i *instances) {
		cfg := &config{}
		metrics, _ := i.metrics("a", cfg)
		i.stop(metrics)
		require.Zero(t, i.made[0].shutdowns.Load(), "what was not started is not shut down")

		logs, events := i.logs(cfg)
		metrics, _ = i.metrics("a", cfg)
		i.start(metrics)
		pass(time.Second)
		require.Empty(t, events.AllLogs(), "nothing before it was started")
		i.stop(metrics)
		i.start(logs)
		pass(time.Second)
		require.Len(t, events.AllLogs(), 1)
		i.stop(logs)
		require.EqualValues(t, 2, i.made[1].shutdowns.Load())
	})
}

func TestSourceThatDoesNotStart(t *testing.T) {
	inTime(t, func(i *instances) {
		i.next = func() *source { return &source{startError: errors.New("no such path")} }
		metrics, _ := i.metrics("a", &config{})
		require.EqualError(t, metrics.Start(context.Background(), componenttest.NewNopHost()), "no such path")
		i.stop(metrics)
		require.Zero(t, i.made[0].shutdowns.Load())
	})
}

func TestCollectionsDoNotOverlap(t *testing.T) {
	inTime(t, func(i *instances) {
		i.next = func() *source { return &source{takes: 70 * time.Second} }
		metrics, points := i.metrics("a", &config{})
		i.start(metrics)
		pass(10 * time.Minute)
		require.InDelta(t, 10*60/70, len(points.AllMetrics()), 2)
		require.InDelta(t, len(points.AllMetrics()), i.made[0].collections.Load(), 1)
		i.stop(metrics)
	})
}

func TestCollectionThatHangsDoesNotKeepItFromStopping(t *testing.T) {
	inTime(t, func(i *instances) {
		hangs := make(chan struct{})
		i.next = func() *source { return &source{hangs: hangs} }
		metrics, points := i.metrics("a", &config{})
		i.start(metrics)
		pass(time.Second)
		before := time.Now()
		require.ErrorContains(t, metrics.Shutdown(context.Background()), "a collection did not end")
		require.Equal(t, 5*time.Second, time.Since(before))
		close(hangs)
		pass(time.Second)
		require.Empty(t, points.AllMetrics())
	})
}

func TestEventsThatWereNotTakenAreSentAgain(t *testing.T) {
	inTime(t, func(i *instances) {
		failing := errors.New("queue is full")
		var got []string
		next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
			if failing != nil {
				return failing
			}
			for _, rl := range logs.ResourceLogs().All() {
				got = append(got, rl.ScopeLogs().At(0).LogRecords().At(0).Body().Str())
			}
			return nil
		})
		require.NoError(t, err)
		logs := i.logsTo(&config{}, next)
		i.start(logs)
		pass(31 * time.Second)
		failing = nil
		pass(30 * time.Second)
		require.Equal(t, []string{"00:00:01", "00:00:31", "00:01:01"}, got)

		failing = consumererror.NewPermanent(errors.New("too large"))
		pass(30 * time.Second)
		failing = nil
		pass(30 * time.Second)
		require.Equal(t, []string{"00:00:01", "00:00:31", "00:01:01", "00:02:01"}, got, "what is refused for good is given up")
		i.stop(logs)
	})
}

func TestEventsThatWaitAreBounded(t *testing.T) {
	inTime(t, func(i *instances) {
		i.next = func() *source { return &source{events: 300} }
		waiting, refuses := 0, errors.New("queue is full")
		next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
			waiting = logs.LogRecordCount()
			return refuses
		})
		require.NoError(t, err)
		logs := i.logsTo(&config{}, next)
		i.start(logs)
		pass(time.Hour)
		require.Equal(t, 1300, waiting, "those that wait, and what is new")
		i.stop(logs)
	})
}

func TestConsumerThatBlocksDoesNotKeepItFromStopping(t *testing.T) {
	inTime(t, func(i *instances) {
		next, err := consumer.NewMetrics(func(ctx context.Context, _ pmetric.Metrics) error {
			<-ctx.Done()
			return ctx.Err()
		})
		require.NoError(t, err)
		metrics, err := i.registry.Metrics(settings("a"), &config{}, i.schedule, next, i.newSource)
		require.NoError(t, err)
		i.start(metrics)
		pass(2 * time.Second)
		i.stop(metrics)
		require.EqualValues(t, 1, i.made[0].shutdowns.Load())
	})
}
