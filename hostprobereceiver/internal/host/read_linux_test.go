package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeHost is a host as a container sees it that has the host's root at another place.
func fakeHost() map[string]string {
	const pressure = "some avg10=1.00 avg60=2.00 avg300=3.00 total=4\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
	return map[string]string{
		"etc/hostname":                "node-7\n",
		"etc/machine-id":              "3d1219c7c4c5404aaa1f6d2a48adfda4\n",
		"etc/os-release":              "PRETTY_NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n",
		"proc/stat":                   "cpu 100 0 100 800 50 0 0 0\ncpu0 100 0 100 800 50 0 0 0\nintr 5\n",
		"proc/loadavg":                "1.00 2.00 3.00 4/200 999\n",
		"proc/meminfo":                "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
		"proc/vmstat":                 "pgmajfault 3\noom_kill 1\n",
		"proc/pressure/cpu":           pressure,
		"proc/pressure/memory":        pressure,
		"proc/pressure/io":            pressure,
		"proc/sys/fs/file-nr":         "80 0 100\n",
		"proc/sys/kernel/pid_max":     "32768\n",
		"proc/sys/kernel/threads-max": "1000\n",
		"proc/1/mountinfo":            "27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 254:1 / /boot rw - ext4 /dev/vdb rw\n",
		"proc/self/mountinfo":         "",
		"proc/self/cgroup":            "",
		"boot/kernel":                 "",
	}
}

func newReader(t *testing.T, options Options) *Reader {
	t.Helper()
	r := New(options)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func scan(t *testing.T, r *Reader, parts Parts) Snapshot {
	t.Helper()
	var s Snapshot
	r.Read(t.Context(), &s, parts)
	return s
}

func sources(s Snapshot, root string) []string {
	var all []string
	for _, p := range s.Problems {
		all = append(all, strings.TrimPrefix(p.Source, root+"/"))
	}
	return all
}

func TestReadsAHostBelowARootPath(t *testing.T) {
	root := testkit.Tree(t, fakeHost())
	s := scan(t, newReader(t, Options{RootPath: root, SelfPath: root}), Cgroup|Processes)
	require.Empty(t, s.Problems)
	require.Equal(t, figure.Identity{
		Name: "node-7", ID: "3d1219c7c4c5404aaa1f6d2a48adfda4", OSName: "debian", OSVersion: "12",
	}, s.Identity)
	require.WithinDuration(t, time.Now(), s.Time, time.Minute)
	require.Equal(t, figure.Of(figure.CPUTimes{User: 1, System: 1, Idle: 8, IOWait: 0.5}), s.CPU.Times)
	require.Equal(t, figure.Of[uint64](1), s.CPU.Online)
	require.Equal(t, figure.Of(1.0), s.Load.One)
	used, ok := s.Memory.Utilisation()
	require.True(t, ok)
	require.InDelta(t, 0.75, used, 1e-9, "what is available counts, not what is free")
	require.Equal(t, figure.Of[uint64](0), s.Memory.SwapTotal, "of the host that is read, not of the machine that reads")
	require.Equal(t, figure.Of[uint64](1), s.Paging.OOMKills)
	require.True(t, s.Pressure.IO.Full.Known())
	require.Equal(t, figure.Files{Open: figure.Of[uint64](80), Limit: figure.Of[uint64](100)}, s.Files)
	require.Equal(t, figure.Of[uint64](200), s.Tasks.Threads)
	limit, ok := s.Tasks.Limit()
	require.True(t, ok)
	require.EqualValues(t, 1000, limit)
	require.Equal(t, figure.Conntrack{}, s.Conntrack, "a firewall that is not loaded is no problem, and no zero")
	require.Equal(t, figure.CgroupNone, s.Cgroup.Mode)

	require.Len(t, s.Filesystems, 2)
	require.Equal(t, "/", s.Filesystems[0].Mountpoint)
	require.Equal(t, "/boot", s.Filesystems[1].Mountpoint)
	require.True(t, s.Filesystems[1].Space.Known(), "it was asked below the root path")
}

func TestWhatIsMissingIsUnknownAndToldOnce(t *testing.T) {
	files := fakeHost()
	for _, name := range []string{"cpu", "memory", "io"} {
		delete(files, "proc/pressure/"+name)
	}
	delete(files, "proc/vmstat")
	files["proc/meminfo"] = "MemTotal: 0 kB\n"
	files["proc/loadavg"] = ""
	root := testkit.Tree(t, files)
	// What may not be read is as good as a folder in its place, also for root.
	require.NoError(t, os.Remove(filepath.Join(root, "proc", "stat")))
	require.NoError(t, os.Mkdir(filepath.Join(root, "proc", "stat"), 0o700))

	r := newReader(t, Options{RootPath: root, SelfPath: root})
	s := scan(t, r, 0)
	require.Equal(t, []string{
		"proc/stat", "proc/loadavg", "proc/meminfo", "proc/vmstat",
		"proc/pressure/cpu", "proc/pressure/memory", "proc/pressure/io",
	}, sources(s, root))
	require.Equal(t, figure.CPU{}, s.CPU)
	require.Equal(t, figure.Load{}, s.Load)
	require.Equal(t, figure.Memory{}, s.Memory)
	require.Equal(t, figure.Paging{}, s.Paging)
	require.Equal(t, figure.Pressure{}, s.Pressure)
	require.True(t, s.Files.Open.Known(), "the rest is read")
	require.Len(t, s.Filesystems, 2)

	r.Read(t.Context(), &s, 0)
	require.Empty(t, s.Problems, "it was told before")

	require.NoError(t, os.Remove(filepath.Join(root, "proc", "stat")))
	testkit.Write(t, root, map[string]string{"proc/meminfo": fakeHost()["proc/meminfo"], "proc/stat": fakeHost()["proc/stat"]})
	r.Read(t.Context(), &s, 0)
	require.True(t, s.CPU.Times.Known(), "it can be read from now on")
	require.True(t, s.Memory.Total.Known())
}

func TestHostWithoutProc(t *testing.T) {
	root := t.TempDir()
	s := scan(t, newReader(t, Options{RootPath: root, SelfPath: root}), Cgroup|Processes)
	require.Len(t, s.Problems, 13, "each file by itself")
	s.Problems, s.Filesystems, s.Processes, s.Time = nil, nil, figure.Processes{}, time.Time{}
	require.Equal(t, Snapshot{}, s, "nothing is taken from the machine that reads")
}

func TestOldFiguresDoNotStay(t *testing.T) {
	root := testkit.Tree(t, fakeHost())
	r := newReader(t, Options{RootPath: root, SelfPath: root})
	s := scan(t, r, 0)
	require.True(t, s.Files.Open.Known())
	testkit.Write(t, root, map[string]string{"proc/sys/fs/file-nr": "gone\n"})
	r.Read(t.Context(), &s, 0)
	require.False(t, s.Files.Open.Known())
}

func TestReadersDoNotDisturbEachOther(t *testing.T) {
	other := fakeHost()
	other["etc/hostname"], other["proc/loadavg"] = "node-8\n", "9.00 2.00 3.00 4/200 999\n"
	delete(other, "proc/stat")
	first, second := testkit.Tree(t, fakeHost()), testkit.Tree(t, other)
	before := environment()
	a := newReader(t, Options{RootPath: first, SelfPath: first})
	b := newReader(t, Options{RootPath: second, SelfPath: second, Filesystems: mounts.Filter{Network: true}})
	for range 3 {
		s := scan(t, b, 0)
		require.Equal(t, "node-8", s.Identity.Name)
		require.Equal(t, figure.Of(9.0), s.Load.One)
		require.False(t, s.CPU.Times.Known())
		s = scan(t, a, 0)
		require.Equal(t, "node-7", s.Identity.Name)
		require.Equal(t, figure.Of(1.0), s.Load.One)
		require.True(t, s.CPU.Times.Known(), "what another reader cannot read is its own affair")
		require.Empty(t, s.Problems)
	}
	require.Equal(t, before, environment())
}

func environment() map[string]string {
	all := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		all[name] = value
	}
	return all
}

func TestClosedReaderLeavesNoFileOpen(t *testing.T) {
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return len(entries)
	}
	before := open()
	r := New(Options{})
	scan(t, r, Cgroup|Processes)
	require.Greater(t, open(), before)
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	require.Equal(t, before, open())
}
