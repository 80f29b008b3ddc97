package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// point is one hundredth of what there is.
const point = 0.01

var (
	modes = []string{"cpu.mode", "state"}
	where = []string{"system.filesystem.mountpoint", "mountpoint"}
	state = []string{"system.memory.state", "state"}
)

// value reads a figure that one point, or several that are added, have.
func value(t *testing.T, f figures, metric string, names []string, values ...string) float64 {
	t.Helper()
	total, points := f.sum(metric, names, values...)
	require.NotZero(t, points, "%s %v", metric, values)
	return total
}

func running(t *testing.T, start func(context.Context) (*onDemand, error)) *onDemand {
	t.Helper()
	// The context of a test ends before what it cleans up.
	ctx := context.WithoutCancel(t.Context())
	r, err := start(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.shutdown(ctx)) })
	return r
}

// together lets both collect at nearly the same time.
func together(probe, metrics *onDemand) (a, b figures, apart time.Duration) {
	begin := time.Now()
	a = figures{probe.collect(1)}
	middle := time.Now()
	b = figures{metrics.collect(1)}
	return a, b, max(time.Since(middle), middle.Sub(begin))
}

func TestBothSayTheSameOfTheHost(t *testing.T) {
	probe, metrics := running(t, ours), running(t, peer)

	const long, tries = 2 * time.Second, 10
	_, _, before := together(probe, metrics)
	var a, b figures
	for range tries {
		work(long)
		var after time.Duration
		a, b, after = together(probe, metrics)
		// Otherwise they were not asked about the same time.
		if max(before, after) < long/400 {
			break
		}
		before = after
	}

	busy := func(f figures) float64 {
		return 1 - value(t, f, "system.cpu.utilization", modes, "idle") - value(t, f, "system.cpu.utilization", modes, "iowait", "wait")
	}
	require.InDelta(t, busy(b), busy(a), point, "CPU")
	require.Greater(t, busy(a), 0.2, "this test works for half of the time on one of the CPUs")

	total := value(t, a, "system.memory.limit", nil)
	require.InDelta(t, value(t, b, "system.memory.limit", nil), total, 0, "memory")
	require.InDelta(t, value(t, b, "system.linux.memory.available", nil)/total, value(t, a, "system.memory.linux.available", nil)/total, point)
	require.InDelta(t, value(t, b, "system.memory.utilization", state, "used"), value(t, a, "system.memory.utilization", state, "used"), point)

	require.InDelta(t, value(t, b, "system.filesystem.utilization", where, "/"), value(t, a, "system.filesystem.utilization", where, "/"), point, "disk")
	require.InEpsilon(t, value(t, b, "system.cpu.load_average.1m", nil)+1, value(t, a, "system.cpu.load_average.1m", nil)+1, 0.2, "load")
}

// work is busy for half of a time.
func work(long time.Duration) {
	for begin := time.Now(); time.Since(begin) < long; {
		if time.Since(begin)%(20*time.Millisecond) > 10*time.Millisecond {
			<-time.After(5 * time.Millisecond)
		}
	}
}

func TestTheProbeCostsLessMemory(t *testing.T) {
	probe, metrics := running(t, ours), running(t, peer)
	mine, theirs := allocated(probe), allocated(metrics)
	require.LessOrEqual(t, lessMemory*mine.bytes, theirs.bytes)
	require.LessOrEqual(t, lessMemory*mine.objects, theirs.objects)
}
