package host

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestReadsThisMachine(t *testing.T) {
	r := newReader(t, Options{})
	s := scan(t, r, 0)
	name, err := os.Hostname()
	require.NoError(t, err)
	require.Equal(t, name, s.Identity.Name)
	for what, known := range map[string]bool{
		"cpu": s.CPU.Times.Known(), "online": s.CPU.Online.Known(), "load": s.Load.One.Known(),
		"memory": s.Memory.Available.Known(), "swap": s.Memory.SwapTotal.Known(), "faults": s.Paging.MajorFaults.Known(),
		"files": s.Files.Limit.Known(), "threads": s.Tasks.Threads.Known(), "pids": s.Tasks.MaxPIDs.Known(),
	} {
		require.True(t, known, what)
	}
	for _, fs := range s.Filesystems {
		require.NotEqual(t, "autofs", fs.Type)
		require.False(t, fs.NotAnswering, fs.Mountpoint)
	}
}

func TestCPUThatIsBurnedIsBusy(t *testing.T) {
	r := newReader(t, Options{})
	before := scan(t, r, 0)
	burned := burn(500 * time.Millisecond)
	after := scan(t, r, 0)
	spent, ok := after.CPU.Since(before.CPU)
	require.True(t, ok)
	require.Greater(t, spent.Busy(), 0.9*burned.Seconds()-0.05, "what this process used is part of what the host used")
	elapsed := after.Time.Sub(before.Time).Seconds()
	online, _ := after.CPU.Online.Get()
	require.InDelta(t, elapsed*float64(online), spent.Total(), 0.15*elapsed*float64(online)+0.05)
}

// burn uses one CPU until so much time of it is used.
func burn(long time.Duration) time.Duration {
	begin := used()
	for used()-begin < long {
		for range 100_000 {
			_ = os.PathSeparator
		}
	}
	return used() - begin
}

func used() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Limits of a scan that begins with all files open, from what was promised: 32 KiB, 250 allocations.
const (
	mostAllocations = 50
	mostBytes       = 4 << 10
)

func TestScanCostsLittleMemory(t *testing.T) {
	r := newReader(t, Options{})
	var s Snapshot
	r.Read(t.Context(), &s, Cgroup)
	const scans = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range scans {
		r.Read(t.Context(), &s, Cgroup)
	}
	runtime.ReadMemStats(&after)
	// Each filesystem costs the text of its path.
	filesystems := uint64(len(s.Filesystems))
	require.LessOrEqual(t, (after.Mallocs-before.Mallocs)/scans, mostAllocations+filesystems)
	require.LessOrEqual(t, (after.TotalAlloc-before.TotalAlloc)/scans, mostBytes+64*filesystems)
}

func BenchmarkScan(b *testing.B) {
	r := New(Options{})
	b.Cleanup(func() { _ = r.Close() })
	var s Snapshot
	b.ReportAllocs()
	begin := used()
	for b.Loop() {
		r.Read(b.Context(), &s, Cgroup)
	}
	b.ReportMetric(float64((used()-begin).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

func BenchmarkProcesses(b *testing.B) {
	r := New(Options{})
	b.Cleanup(func() { _ = r.Close() })
	var s Snapshot
	b.ReportAllocs()
	for b.Loop() {
		r.Read(b.Context(), &s, Processes)
	}
}
