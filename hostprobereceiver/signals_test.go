package hostprobereceiver

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// step is for how many scans a machine is how.
type step struct {
	scans int
	is    func(*machine)
}

// signalCase is a machine that goes through steps, and the events that come of it.
type signalCase struct {
	name  string
	steps []step
	want  []string
}

func idle(m *machine) { m.burn(0.1) }

func busy(share float64) func(*machine) { return func(m *machine) { m.burn(share) } }

// and is an idle machine of which something is different.
func and(change func(*machine)) func(*machine) {
	return func(m *machine) {
		idle(m)
		change(m)
	}
}

func used(share float64) func(*machine) { return and(func(m *machine) { m.use(share) }) }

func filled(gib uint64) func(*machine) { return and(func(m *machine) { m.fill(1, gib) }) }

func cpuCases() []signalCase {
	return []signalCase{
		{
			"a healthy host has no events",
			[]step{{100, idle}},
			nil,
		},
		{
			"CPUs that are busy for five minutes, and are no longer",
			[]step{{2, idle}, {10, busy(0.93)}, {4, idle}, {10, idle}},
			[]string{"4m30s observed host_probe/cpu.util high ", "7m30s cleared host_probe/cpu.util high "},
		},
		{
			"two dips do not begin the time anew",
			[]step{{2, idle}, {4, busy(0.93)}, {2, idle}, {4, busy(0.93)}},
			[]string{"5m30s observed host_probe/cpu.util high "},
		},
		{
			"a peak of two minutes is nothing",
			[]step{{2, idle}, {4, busy(1)}, {20, idle}},
			nil,
		},
		{
			"wholly busy CPUs are critical",
			[]step{{2, idle}, {9, busy(0.99)}},
			[]string{"4m30s observed host_probe/cpu.util critical "},
		},
		{
			"CPUs between clear and threshold stay announced, and are told again every five minutes",
			[]step{{2, idle}, {10, busy(0.95)}, {10, busy(0.87)}},
			[]string{"4m30s observed host_probe/cpu.util high ", "9m30s observed host_probe/cpu.util high "},
		},
		{
			"busy CPUs for which tasks wait long enough are critical",
			[]step{{2, idle}, {17, func(m *machine) { m.burn(0.93); stall(&m.now.Pressure.CPU.Some, 0.7) }}},
			[]string{"4m30s observed host_probe/cpu.util high ", "8m30s observed host_probe/cpu.util critical "},
		},
		{
			"tasks that wait raise nothing while the CPUs are not busy",
			[]step{{2, idle}, {20, func(m *machine) { m.burn(0.5); stall(&m.now.Pressure.CPU.Some, 0.7) }}},
			nil,
		},
		{
			"CPUs that were never read are missed",
			[]step{{6, func(m *machine) { m.now.CPU = figure.CPU{} }}},
			[]string{"2m0s observed host_probe/cpu.util medium "},
		},
	}
}

func memoryCases() []signalCase {
	return []signalCase{
		{
			"memory that is low for two minutes",
			[]step{{2, idle}, {5, used(0.9)}, {4, used(0.7)}},
			[]string{"2m30s observed host_probe/mem.util high ", "5m0s cleared host_probe/mem.util high "},
		},
		{
			"memory that is all but gone is critical at once",
			[]step{{2, idle}, {2, used(0.97)}},
			[]string{"1m0s observed host_probe/mem.util critical "},
		},
		{
			"tasks that wait for memory",
			[]step{{2, idle}, {2, and(func(m *machine) { stall(&m.now.Pressure.Memory.Some, 0.2) })}},
			[]string{"1m30s observed host_probe/mem.psi high "},
		},
		{
			"all tasks wait for memory",
			[]step{{2, idle}, {2, and(func(m *machine) {
				stall(&m.now.Pressure.Memory.Some, 0.2)
				stall(&m.now.Pressure.Memory.Full, 0.15)
			})}},
			[]string{"1m30s observed host_probe/mem.psi critical "},
		},
		{
			"a process that was killed, over after half an hour",
			[]step{{2, idle}, {1, and(func(m *machine) { m.now.Paging.OOMKills = figure.Of[uint64](4) })}, {60, idle}},
			[]string{
				"1m0s observed host_probe/mem.oom critical ", "6m0s observed host_probe/mem.oom critical ", "11m0s observed host_probe/mem.oom critical ",
				"16m0s observed host_probe/mem.oom critical ", "21m0s observed host_probe/mem.oom critical ", "26m0s observed host_probe/mem.oom critical ",
				"31m0s cleared host_probe/mem.oom critical ",
			},
		},
		{
			"memory that cannot be read is said after five scans, and not taken for empty",
			[]step{{2, idle}, {4, used(0.9)}, {6, and(func(m *machine) { m.now.Memory = figure.Memory{} })}},
			[]string{"2m30s observed host_probe/mem.util high ", "5m0s observed host_probe/mem.util medium "},
		},
	}
}

func diskCases() []signalCase {
	return []signalCase{
		{
			"a filesystem with space left is high however full it is",
			[]step{{2, idle}, {3, filled(940)}, {4, filled(500)}},
			[]string{"1m30s observed host_probe/disk.util high /data", "4m0s cleared host_probe/disk.util high /data"},
		},
		{
			"a filesystem that is all but full is critical at once",
			[]step{{2, idle}, {2, filled(990)}},
			[]string{"1m0s observed host_probe/disk.util critical /data"},
		},
		{
			"inodes that are used up",
			[]step{{2, idle}, {2, and(func(m *machine) { m.now.Filesystems[1].Inodes = figure.Of(figure.Inodes{Total: 1000, Free: 5}) })}},
			[]string{"1m0s observed host_probe/disk.inode critical /data"},
		},
		{
			"a filesystem that can no longer be written to",
			[]step{{2, idle}, {2, and(func(m *machine) { m.now.Filesystems[1].ReadOnly = true })}, {1, and(func(m *machine) { m.now.Filesystems[1].ReadOnly = false })}},
			[]string{"1m0s observed host_probe/disk.ro critical /data", "2m0s cleared host_probe/disk.ro critical /data"},
		},
		{
			"a full filesystem that is unmounted",
			[]step{{2, idle}, {2, filled(990)}, {1, and(func(m *machine) { m.now.Filesystems = nil })}},
			[]string{"1m0s observed host_probe/disk.util critical /data", "2m0s cleared host_probe/disk.util critical /data"},
		},
		{
			"a full filesystem that can no longer be read is still full",
			[]step{{2, idle}, {2, filled(940)}, {6, and(func(m *machine) { m.now.Filesystems[1].Space = figure.Value[figure.Space]{} })}},
			[]string{"1m30s observed host_probe/disk.util high /data", "4m0s observed host_probe/disk.util medium /data"},
		},
		{
			"a filesystem that could never be read is not missed",
			[]step{{9, and(func(m *machine) { m.now.Filesystems[1] = figure.Filesystem{Mountpoint: "/private", Type: "fuse"} })}},
			nil,
		},
		{
			"filesystems that cannot be listed are not gone",
			[]step{{2, idle}, {2, filled(940)}, {3, and(func(m *machine) { m.now.Filesystems, m.now.Listed = nil, false })}},
			[]string{"1m30s observed host_probe/disk.util high /data"},
		},
		{
			"that they cannot be listed is told once of each",
			[]step{{2, idle}, {6, and(func(m *machine) { m.now.Filesystems, m.now.Listed = nil, false })}},
			[]string{"3m0s observed host_probe/disk.util medium /", "3m0s observed host_probe/disk.util medium /data"},
		},
		{
			"a filesystem that does not answer neither raises nor ends anything",
			[]step{{2, idle}, {2, filled(940)}, {6, and(func(m *machine) {
				m.now.Filesystems[1].NotAnswering, m.now.Filesystems[1].Space, m.now.Filesystems[1].Inodes = true, figure.Value[figure.Space]{}, figure.Value[figure.Inodes]{}
			})}},
			[]string{"1m30s observed host_probe/disk.util high /data", "4m0s observed host_probe/disk.util medium /data"},
		},
	}
}

func otherCases() []signalCase {
	return []signalCase{
		{
			"file handles",
			[]step{{2, idle}, {2, and(func(m *machine) { m.now.Files.Open = figure.Of[uint64](85000) })}},
			[]string{"1m30s observed host_probe/fd.sys high "},
		},
		{
			"process ids, of the lesser limit",
			[]step{{2, idle}, {2, and(func(m *machine) { m.now.Tasks.Threads = figure.Of[uint64](32000) })}},
			[]string{"1m30s observed host_probe/pid.sys critical "},
		},
		{
			"pressure that the kernel never told is not missed",
			[]step{{20, and(func(m *machine) { m.now.Pressure = figure.Pressure{} })}},
			nil,
		},
	}
}

func TestSignals(t *testing.T) {
	for _, tc := range slices.Concat(cpuCases(), memoryCases(), diskCases(), otherCases()) {
		t.Run(tc.name, func(t *testing.T) {
			requireEvents(t, newMachine(), tc)
		})
	}
}

func requireEvents(t *testing.T, m *machine, tc signalCase) {
	t.Helper()
	w := watch(t, m)
	var got []string
	for _, s := range tc.steps {
		got = append(got, w.over(s.scans, s.is)...)
	}
	require.Equal(t, tc.want, got)
}

func TestWhatEndedBeforeTheStartIsOver(t *testing.T) {
	w := watch(t, newMachine())
	require.Empty(t, w.over(20, idle))
	require.Equal(t, []string{
		"2m0s cleared host_probe/mem.util high ", "2m0s cleared host_probe/pid.sys high ", "2m0s cleared host_probe/fd.sys high ",
		"2m0s cleared host_probe/disk.util high /", "2m0s cleared host_probe/disk.inode high /",
		"2m0s cleared host_probe/disk.util high /data", "2m0s cleared host_probe/disk.inode high /data",
	}, w.denied, "once, and no word on what is compared with how it was, such as a filesystem that is read-only")
}
