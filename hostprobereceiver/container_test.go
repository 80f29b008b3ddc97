package hostprobereceiver

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

const containerID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// newContainer is a well one that may use half a CPU, a GiB and 100 threads.
func newContainer() *machine {
	m := newMachine()
	m.now.Cgroup = figure.Cgroup{
		Mode: figure.CgroupV2, Path: "/", InContainer: true, ContainerID: containerID,
		CPU: figure.CgroupCPU{
			Quota: figure.Of(0.5), Usage: figure.Of(time.Minute), Periods: figure.Of[uint64](1000), ThrottledPeriods: figure.Of[uint64](10),
			Throttled: figure.Of(time.Second),
		},
		Memory: figure.CgroupMemory{
			Limit: figure.Of[uint64](1 << 30), High: figure.Of[uint64](figure.NoLimit), Usage: figure.Of[uint64](600 << 20), WorkingSet: figure.Of[uint64](400 << 20),
			HighEvents: figure.Of[uint64](0), MaxEvents: figure.Of[uint64](5), OOMEvents: figure.Of[uint64](0), OOMKills: figure.Of[uint64](0),
		},
		PIDs: figure.CgroupPIDs{Current: figure.Of[uint64](20), Limit: figure.Of[uint64](100), MaxEvents: figure.Of[uint64](0)},
	}
	some, full := figure.Of(figure.Stall{}), figure.Of(figure.Stall{})
	m.now.Cgroup.Pressure = figure.Pressure{CPU: figure.Stalls{Some: some, Full: full}, Memory: figure.Stalls{Some: some, Full: full}, IO: figure.Stalls{Some: some, Full: full}}
	return m
}

// run lets the container use so many CPUs over an interval of 300 periods, some of which end early.
func (m *machine) run(cpus float64, throttled uint64) {
	m.burn(0.1)
	c := &m.now.Cgroup.CPU
	usage, _ := c.Usage.Get()
	c.Usage = figure.Of(usage + time.Duration(cpus*float64(interval)))
	c.Periods = more(c.Periods, 300)
	c.ThrottledPeriods = more(c.ThrottledPeriods, throttled)
}

// neighbours let a slice of two CPUs use so many beside the container, with so many periods of 300 that end early.
func neighbours(cpus float64, throttled uint64) func(*machine) {
	return but(func(m *machine) {
		c := &m.now.Cgroup.CPU
		before, found := c.Above.At(1)
		if !found {
			before = figure.SharedCPU{Level: 1, Quota: 2, Usage: figure.Of(time.Duration(0)), Periods: figure.Of[uint64](0), ThrottledPeriods: figure.Of[uint64](0)}
		}
		usage, _ := before.Usage.Get()
		before.Usage = figure.Of(usage + time.Duration(cpus*float64(interval)))
		before.Periods, before.ThrottledPeriods = more(before.Periods, 300), more(before.ThrottledPeriods, throttled)
		c.Above = figure.SharedCPUs{}
		c.Above.Add(before)
	})
}

func more(n figure.Count, by uint64) figure.Count {
	v, _ := n.Get()
	return figure.Of(v + by)
}

const own = "/" + containerID

func resting(m *machine) { m.run(0.1, 0) }

func but(change func(*machine)) func(*machine) {
	return func(m *machine) {
		resting(m)
		change(m)
	}
}

func ownMemoryCases() []signalCase {
	return []signalCase{
		{
			"memory near the limit",
			[]step{{2, resting}, {4, but(func(m *machine) { m.now.Cgroup.Memory.WorkingSet = figure.Of[uint64](950 << 20) })}},
			[]string{"2m30s observed host_probe/cg.mem high " + own},
		},
		{
			"memory near a limit that others share and use",
			[]step{{2, resting}, {4, but(func(m *machine) {
				m.now.Cgroup.Memory.Above = figure.Shared{Used: figure.Of[uint64](3800 << 20), Limit: figure.Of[uint64](4096 << 20)}
			})}},
			[]string{"2m30s observed host_probe/cg.mem high " + own},
		},
		{
			"a limit that others share and meet in three of four scans",
			[]step{{2, resting}, {4, but(func(m *machine) { m.now.Cgroup.Memory.Above.Met = more(m.now.Cgroup.Memory.Above.Met, 9) })}},
			[]string{"2m30s observed host_probe/cg.events high " + own},
		},
		{
			"a limit that is met in three of four scans, before anything is killed",
			[]step{{2, resting}, {3, but(func(m *machine) { m.now.Cgroup.Memory.HighEvents = more(m.now.Cgroup.Memory.HighEvents, 9) })}},
			[]string{"2m0s observed host_probe/cg.events high " + own},
		},
		{
			"a limit that is met once",
			[]step{{2, resting}, {1, but(func(m *machine) { m.now.Cgroup.Memory.MaxEvents = more(m.now.Cgroup.Memory.MaxEvents, 9) })}, {20, resting}},
			nil,
		},
		{
			"a kill at the limit is critical at once",
			[]step{{2, resting}, {1, but(func(m *machine) { m.now.Cgroup.Memory.OOMKills = more(m.now.Cgroup.Memory.OOMKills, 1) })}},
			[]string{"1m0s observed host_probe/cg.events critical " + own},
		},
	}
}

func TestContainerSignals(t *testing.T) {
	for _, tc := range slices.Concat(ownMemoryCases(), []signalCase{
		{"a well container has no events, whatever the host does", []step{{30, but(func(m *machine) { m.burn(1); m.use(0.99) })}}, nil},
		{
			"a limit of CPU time that is used up",
			[]step{{2, resting}, {9, func(m *machine) { m.run(0.46, 0) }}},
			[]string{"4m30s observed host_probe/cg.cpu high " + own},
		},
		{
			"a limit of CPU time that others share and use up",
			[]step{{2, neighbours(0.1, 0)}, {9, neighbours(1.9, 0)}},
			[]string{"4m30s observed host_probe/cg.cpu high " + own},
		},
		{
			"a limit that stops all that share it again and again",
			[]step{{2, neighbours(0.1, 0)}, {9, neighbours(1, 100)}},
			[]string{"4m30s observed host_probe/cg.throttle high " + own},
		},
		{
			"threads of a limit that others share and use",
			[]step{{2, resting}, {2, but(func(m *machine) {
				m.now.Cgroup.PIDs.Above = figure.Shared{Used: figure.Of[uint64](450), Limit: figure.Of[uint64](500)}
			})}},
			[]string{"1m30s observed host_probe/cg.pids high " + own},
		},
		{
			"a limit that stops the container again and again",
			[]step{{2, resting}, {9, func(m *machine) { m.run(0.3, 100) }}},
			[]string{"4m30s observed host_probe/cg.throttle high " + own},
		},
		{
			"tasks of the container that wait for memory",
			[]step{{2, resting}, {2, but(func(m *machine) { stall(&m.now.Cgroup.Pressure.Memory.Some, 0.2) })}},
			[]string{"1m30s observed host_probe/mem.psi high " + own},
		},
		{
			"threads that were refused are critical",
			[]step{{2, resting}, {2, but(func(m *machine) {
				m.now.Cgroup.PIDs.Current, m.now.Cgroup.PIDs.MaxEvents = figure.Of[uint64](90), more(m.now.Cgroup.PIDs.MaxEvents, 1)
			})}},
			[]string{"1m30s observed host_probe/cg.pids critical " + own},
		},
		{
			"a limit that can no longer be read is no end of what was",
			[]step{
				{2, resting},
				{1, but(func(m *machine) { m.now.Cgroup.Memory.WorkingSet = figure.Of[uint64](1020 << 20) })},
				{6, but(func(m *machine) { m.now.Cgroup.Memory = figure.CgroupMemory{} })},
			},
			[]string{
				"1m0s observed host_probe/cg.mem critical " + own,
				"3m30s observed host_probe/cg.mem medium " + own, "3m30s observed host_probe/cg.events medium " + own,
			},
		},
		{
			"without a limit of memory that of the host counts",
			[]step{{4, but(func(m *machine) {
				m.now.Cgroup.Memory.Limit = figure.Of[uint64](figure.NoLimit)
				m.use(0.97)
			})}},
			[]string{"30s observed host_probe/mem.util critical "},
		},
	}) {
		t.Run(tc.name, func(t *testing.T) {
			requireEvents(t, newContainer(), tc)
		})
	}
}

func TestScope(t *testing.T) {
	exhausted := func(m *machine) {
		m.use(0.97)
		m.now.Cgroup.Memory.WorkingSet = figure.Of[uint64](1020 << 20)
	}
	inService := newContainer()
	inService.now.Cgroup.InContainer, inService.now.Cgroup.ContainerID, inService.now.Cgroup.Path = false, "", "/system.slice/otelcol.service"
	for _, tc := range []struct {
		name   string
		m      *machine
		change func(*Config)
		scope  string
		entity string
	}{
		{"a host", newMachine(), func(*Config) {}, "host", "host:4f2a"},
		{"a container", newContainer(), func(*Config) {}, "container", "host:4f2a/" + containerID},
		{"a container that has the host's root", newContainer(), func(c *Config) { c.RootPath = "/hostfs" }, "host", "host:4f2a"},
		{"a container that is told to watch the host", newContainer(), func(c *Config) { c.Scope = ScopeHost }, "host", "host:4f2a"},
		{"a service that is told to watch itself", inService, func(c *Config) { c.Scope = ScopeContainer }, "cgroup", "host:4f2a/cgroup"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := watch(t, tc.m, tc.change)
			w.scan()
			exhausted(tc.m)
			events := w.scan()
			require.Len(t, events, 1)
			require.Equal(t, tc.scope, text(events[0], failure.AttrScope))
			require.Equal(t, tc.entity, text(events[0], failure.AttrEntity))
		})
	}
}

func TestSharesOfACgroupWithoutLimits(t *testing.T) {
	m := newContainer()
	m.now.Cgroup.CPU.Quota = figure.Of(math.Inf(1))
	m.now.Cgroup.Memory.Limit = figure.Of[uint64](figure.NoLimit)
	m.now.Cgroup.PIDs.Limit = figure.Of[uint64](figure.NoLimit)
	w := watch(t, m)
	w.scan()
	w.scan()
	for _, name := range []string{"container.cpu.limit_utilization", "container.memory.limit", "container.memory.limit_utilization", "container.thread.limit"} {
		require.NotContains(t, names(w.metrics), name)
	}
	require.Contains(t, names(w.metrics), "container.memory.working_set")
}

func evidenceOf(lr plog.LogRecord) []string {
	var list []string
	if v, ok := lr.Attributes().Get(failure.AttrEvidence); ok {
		for _, e := range v.Slice().All() {
			list = append(list, e.AsString())
		}
	}
	return list
}
