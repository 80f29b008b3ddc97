package procfs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// sane holds figures to what their types promise, whatever was read.
func sane(t *testing.T, numbers ...float64) {
	t.Helper()
	for _, n := range numbers {
		require.False(t, math.IsNaN(n) || math.IsInf(n, 0) || n < 0, n)
	}
}

func FuzzStat(f *testing.F) {
	f.Add([]byte(twoCPUs))
	f.Add([]byte("cpu 1 2 3 4\ncpu0"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var cpu figure.CPU
		if Stat(text, &cpu) == nil {
			times, _ := cpu.Times.Get()
			sane(t, times.Busy(), times.Total())
		}
		var load figure.Load
		if LoadAvg(text, &load, &figure.Tasks{}) == nil {
			one, _ := load.One.Get()
			sane(t, one)
		}
	})
}

func FuzzMeminfo(f *testing.F) {
	f.Add([]byte(meminfo))
	f.Add([]byte("size 4 5000\nc_min 4 2000\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var memory figure.Memory
		_ = Meminfo(text, &memory)
		_ = ARCStats(text, &memory)
		if used, ok := memory.Utilisation(); ok {
			sane(t, used)
			require.LessOrEqual(t, used, 1.0)
		}
	})
}

func FuzzVMStat(f *testing.F) {
	f.Add([]byte("pgmajfault 3\noom_kill 4\n"))
	f.Add([]byte("1692\t0\t9223372036854775807\n"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		_ = VMStat(text, &figure.Paging{})
		_ = FileNR(text, &figure.Files{})
		_ = Count(text, &figure.Count{})
	})
}

func FuzzPressure(f *testing.F) {
	f.Add([]byte("some avg10=3.81 avg60=2.05 avg300=12.68 total=10907381232\nfull avg10=0.00 avg60=0.00 avg300=0.50 total=7\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var stalls figure.Stalls
		if Pressure(text, &stalls) == nil {
			some, ok := stalls.Some.Get()
			require.True(t, ok)
			sane(t, some.Avg10, some.Avg60, some.Avg300, some.Total.Seconds())
		}
	})
}
