package procfs

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

const twoCPUs = `cpu  2236728 685666 407374 1112290 28062 10 8121 55354 500 0
cpu0 1118364 342833 203687 556145 14031 5 4060 27677 250 0
cpu1 1118364 342833 203687 556145 14031 5 4061 27677 250 0
intr 99 0 0
ctxt 1
procs_running 3
`

func TestStatReadsTheTimesOfAllCPUs(t *testing.T) {
	var cpu figure.CPU
	require.NoError(t, Stat([]byte(twoCPUs), &cpu))
	require.Equal(t, figure.CPU{
		Times: figure.Of(figure.CPUTimes{
			User: 22367.28, Nice: 6856.66, System: 4073.74, Idle: 11122.90,
			IOWait: 280.62, IRQ: 0.10, SoftIRQ: 81.21, Steal: 553.54,
		}),
		Online: figure.Of[uint64](2),
	}, cpu)
	times, _ := cpu.Times.Get()
	require.InDelta(t, 22367.28+6856.66+4073.74+0.10+81.21+553.54, times.Busy(), 1e-6,
		"guests are inside user, and waiting for I/O is not busy")
}

func TestStatOfOldKernelsHasFewerColumns(t *testing.T) {
	var cpu figure.CPU
	require.NoError(t, Stat([]byte("cpu 100 0 100 800\n"), &cpu))
	times, ok := cpu.Times.Get()
	require.True(t, ok)
	require.InDelta(t, 10, times.Total(), 1e-9)
	require.False(t, cpu.Online.Known())
}

func TestStatThatIsNoneLeavesTheTimesUnknown(t *testing.T) {
	for _, text := range []string{"", "intr 5\n", "cpu\n", "cpu 1 2 x 4\n", "cpu0 1 2 3 4\n"} {
		var cpu figure.CPU
		require.ErrorIs(t, Stat([]byte(text), &cpu), fields.ErrFormat, text)
		require.False(t, cpu.Times.Known(), text)
	}
}

func TestLoadAvg(t *testing.T) {
	var load figure.Load
	var tasks figure.Tasks
	require.NoError(t, LoadAvg([]byte("4.10 1.87 0.05 12/154 29310\n"), &load, &tasks))
	require.Equal(t, figure.Load{
		One: figure.Of(4.10), Five: figure.Of(1.87), Fifteen: figure.Of(0.05), Running: figure.Of[uint64](12),
	}, load)
	require.Equal(t, figure.Of[uint64](154), tasks.Threads)
	require.Error(t, LoadAvg([]byte("0.00 0.00\n"), &load, &tasks))
}

const meminfo = `MemTotal:       24684096 kB
MemFree:        20743292 kB
MemAvailable:   23560428 kB
Buffers:           51852 kB
Cached:          2206312 kB
SwapCached:            0 kB
Shmem:              8796 kB
SwapTotal:       1000000 kB
SwapFree:         400000 kB
HugePages_Total:       0
`

func TestMeminfo(t *testing.T) {
	kib := func(n uint64) figure.Count { return figure.Of(n * 1024) }
	var memory figure.Memory
	require.NoError(t, Meminfo([]byte(meminfo), &memory))
	require.Equal(t, figure.Memory{
		Total: kib(24684096), Free: kib(20743292), Available: kib(23560428), Buffers: kib(51852),
		Cached: kib(2206312), Shmem: kib(8796), SwapTotal: kib(1000000), SwapFree: kib(400000),
	}, memory)
}

func TestMeminfoWithoutMemoryIsNotBelieved(t *testing.T) {
	for _, text := range []string{"", "MemTotal: 0 kB\nMemAvailable: 0 kB\n", "MemFree: 5 kB\n"} {
		var memory figure.Memory
		require.ErrorIs(t, Meminfo([]byte(text), &memory), fields.ErrFormat)
		_, known := memory.Utilisation()
		require.False(t, known)
	}
}

func TestMemoryInTmpfsIsUsed(t *testing.T) {
	// What programs put into a tmpfs is shared memory, which the kernel lists as cache and not as available.
	text := strings.NewReplacer("23560428", "21000428", "2206312", "4766312", "8796", "2568796").Replace(meminfo)
	var before, after figure.Memory
	require.NoError(t, Meminfo([]byte(meminfo), &before))
	require.NoError(t, Meminfo([]byte(text), &after))
	low, _ := before.Utilisation()
	high, _ := after.Utilisation()
	require.InDelta(t, 2560000.0/24684096, high-low, 1e-6)
}

func TestCacheOfZFSIsObtainable(t *testing.T) {
	var memory figure.Memory
	require.NoError(t, Meminfo([]byte(meminfo), &memory))
	require.NoError(t, ARCStats([]byte("13 1 0x01 147 39984 4 8\nname type data\nsize 4 5000\nc_min 4 2000\n"), &memory))
	obtainable, ok := memory.Obtainable()
	require.True(t, ok)
	require.EqualValues(t, 23560428*1024+3000, obtainable)
	require.Error(t, ARCStats([]byte("name type data\n"), &memory))
}

func TestVMStat(t *testing.T) {
	var paging figure.Paging
	require.NoError(t, VMStat([]byte("nr_free_pages 5\npswpin 1\npswpout 2\npgmajfault 3\noom_kill 4\n"), &paging))
	require.Equal(t, figure.Paging{
		SwappedIn: figure.Of[uint64](1), SwappedOut: figure.Of[uint64](2),
		MajorFaults: figure.Of[uint64](3), OOMKills: figure.Of[uint64](4),
	}, paging)

	var old figure.Paging
	require.NoError(t, VMStat([]byte("pgmajfault 3\n"), &old))
	require.False(t, old.OOMKills.Known(), "a kernel that does not count kills has not had none")
	require.Error(t, VMStat([]byte("nothing\n"), &figure.Paging{}))
}

func TestPressure(t *testing.T) {
	const text = "some avg10=3.81 avg60=2.05 avg300=12.68 total=10907381232\nfull avg10=0.00 avg60=0.00 avg300=0.50 total=7\n"
	var stalls figure.Stalls
	require.NoError(t, Pressure([]byte(text), &stalls))
	some, ok := stalls.Some.Get()
	require.True(t, ok)
	require.InDelta(t, 0.0381, some.Avg10, 1e-9)
	require.InDelta(t, 0.1268, some.Avg300, 1e-9)
	require.Equal(t, 10907381232*time.Microsecond, some.Total)
	full, ok := stalls.Full.Get()
	require.True(t, ok)
	require.Equal(t, 7*time.Microsecond, full.Total)
}

func TestPressureOfCPUHadNoFullOnce(t *testing.T) {
	var stalls figure.Stalls
	require.NoError(t, Pressure([]byte("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"), &stalls))
	require.False(t, stalls.Full.Known())
	for _, text := range []string{"", "some\n", "some avg10=1.00 avg60=2.00 avg300=3.00 total=99999999999999999999\n"} {
		require.Error(t, Pressure([]byte(text), &figure.Stalls{}), text)
	}
}

func TestFileNR(t *testing.T) {
	var files figure.Files
	require.NoError(t, FileNR([]byte("1692\t0\t9223372036854775807\n"), &files))
	require.Equal(t, figure.Files{Open: figure.Of[uint64](1692), Limit: figure.Of[uint64](9223372036854775807)}, files)
	require.Error(t, FileNR([]byte("1692\n"), &files))
}
