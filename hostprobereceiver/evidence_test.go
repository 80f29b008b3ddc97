package hostprobereceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

func hogs() figure.Processes {
	return figure.Processes{
		ByCPU: []figure.Process{
			{Name: "java", PID: 12, CPU: 1.5}, {Name: "no\x1b[31mfun", PID: 13, CPU: 0.2},
		},
		ByMemory: []figure.Process{{Name: "postgres", PID: 14, Memory: 3 << 30}, {Name: "java", PID: 12, Memory: 100 << 20}},
	}
}

func TestEvidenceOfBusyCPUs(t *testing.T) {
	m := newMachine()
	m.now.Processes = hogs()
	w := watch(t, m, func(c *Config) { c.Signals.CPU.Sustain = time.Minute })
	w.scan()
	require.Zero(t, m.lastRead&host.Processes, "a healthy host is not asked for its processes")
	var all [][]string
	for range 3 {
		m.burn(0.95)
		stall(&m.now.Pressure.CPU.Some, 0.25)
		m.now.Load.One = figure.Of(3.5)
		for _, lr := range w.scan() {
			all = append(all, evidenceOf(lr))
			require.Equal(t, "The CPUs are exhausted on node-7 (high): 95.0% used, the threshold is 90.0%.", lr.Body().Str())
		}
	}
	require.NotZero(t, m.lastRead&host.Processes)
	require.Equal(t, [][]string{{
		"observed: 95.0% used, the threshold is 90.0%",
		"observed: CPU time: user 95.0%, system 0.0%, waiting for disks 0.0%, taken by other machines 0.0%",
		"observed: some tasks waited for a CPU in 25.0% of the time",
		"observed: load 3.50 on 2 CPUs",
		"observed: java (process 12) uses 1.50 CPUs",
		"observed: no?[31mfun (process 13) uses 0.20 CPUs",
	}}, all)
}

func TestEvidenceOfMemoryThatIsGoneBetweenTwoScans(t *testing.T) {
	m := newMachine()
	m.now.Processes = hogs()
	w := watch(t, m, func(c *Config) { c.TopConsumers.Count = 1 })
	w.scan()
	m.use(0.97)
	events := w.scan()
	require.Len(t, events, 1)
	require.Equal(t, []string{
		"observed: 97.0% used, the threshold is 95.0%",
		"observed: 245.8 MiB of 8.0 GiB are available",
		"observed: swap space: 0.0% used",
		"observed: some tasks waited for memory in 0.0% of the time",
		"observed: postgres (process 14) has 3.0 GiB",
	}, evidenceOf(events[0]))
}

func TestEvidenceWithoutProcesses(t *testing.T) {
	m := newMachine()
	m.now.Processes = hogs()
	w := watch(t, m, func(c *Config) { c.TopConsumers.Count = 0 })
	w.scan()
	for range 8 {
		m.use(0.97)
		for _, lr := range w.scan() {
			require.NotContains(t, lr.Attributes().AsRaw(), "postgres")
		}
		require.Zero(t, m.lastRead)
	}
}

func TestEvidenceOfFilesystemsThatAreFilled(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	w.scan()
	m.fill(0, 41)
	m.fill(1, 930)
	w.scan()
	m.fill(1, 950)
	events := w.scan()
	require.Len(t, events, 1)
	list := evidenceOf(events[0])
	require.Equal(t, "observed: 50.0 GiB of 1000.0 GiB are free", list[1])
	require.Regexp(t, `^observed: /data is filled by [\d.]+ TiB an hour$`, list[2])
	require.Regexp(t, `^observed: / is filled by [\d.]+ GiB an hour$`, list[3])
}

func TestGrowthForgetsWhatIsGone(t *testing.T) {
	m := newMachine()
	w := watch(t, m)
	w.scan()
	m.now.Filesystems = m.now.Filesystems[:1]
	for range 12 {
		w.scan()
	}
	require.Len(t, w.probe.judge.growth, 1)
}

func TestSize(t *testing.T) {
	for bytes, want := range map[uint64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 3 << 29: "1.5 GiB", 1 << 63: "8192.0 PiB"} {
		require.Equal(t, want, size(bytes))
	}
}

func TestEvidenceOfALimitThatOthersUse(t *testing.T) {
	w := watch(t, newContainer())
	w.scan()
	w.run(0.1, 0)
	w.now.Cgroup.Memory.Above = figure.Shared{Used: figure.Of[uint64](4000 << 20), Limit: figure.Of[uint64](4096 << 20)}
	events := w.scan()
	require.Len(t, events, 1)
	require.Contains(t, evidenceOf(events[0]), "observed: 3.9 GiB of 4.0 GiB are used by all that share a limit with it")
}

func TestEvidenceOfCPUsThatOthersUse(t *testing.T) {
	w := watch(t, newContainer())
	var events []plog.LogRecord
	for range 12 {
		neighbours(1.9, 0)(w.machine)
		events = append(events, w.scan()...)
	}
	require.Len(t, events, 1)
	require.Contains(t, evidenceOf(events[0]), "observed: the limit is 2 CPUs for all that share it")
	require.Contains(t, evidenceOf(events[0]), "observed: 95.0% used, the threshold is 90.0%")
}

func TestThreadsThatWereRefusedAreSaid(t *testing.T) {
	w := watch(t, newContainer())
	w.scan()
	var events []plog.LogRecord
	for range 3 {
		w.run(0.1, 0)
		w.now.Cgroup.PIDs.MaxEvents = more(w.now.Cgroup.PIDs.MaxEvents, 2)
		events = append(events, w.scan()...)
	}
	require.Len(t, events, 1)
	require.Contains(t, events[0].Body().Str(), "(critical): more threads were refused 2 times, now ")
}
