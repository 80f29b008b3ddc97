package hostprobereceiver

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/probe"
)

const interval = 30 * time.Second

// beginning is when virtual time begins.
var beginning = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

// machine is a host that is told how it is. Counters grow by what a scan is told.
type machine struct {
	now      host.Snapshot
	scans    int
	closed   int
	lastRead host.Parts
	problems []host.Problem
}

// newMachine is a well one: two CPUs, 8 GiB, two filesystems.
func newMachine() *machine {
	m := &machine{}
	m.now = host.Snapshot{
		Identity: figure.Identity{Name: "node-7", ID: "4f2a"},
		CPU:      figure.CPU{Online: figure.Of[uint64](2), Times: figure.Of(figure.CPUTimes{User: 1000, Idle: 9000})},
		Load:     figure.Load{One: figure.Of(0.4), Five: figure.Of(0.3), Fifteen: figure.Of(0.2), Running: figure.Of[uint64](1)},
		Memory: figure.Memory{
			Total: figure.Of[uint64](8 << 30), Available: figure.Of[uint64](6 << 30), Free: figure.Of[uint64](1 << 30),
			SwapTotal: figure.Of[uint64](1 << 30), SwapFree: figure.Of[uint64](1 << 30),
		},
		Paging:    figure.Paging{OOMKills: figure.Of[uint64](3), SwappedIn: figure.Of[uint64](100), SwappedOut: figure.Of[uint64](200)},
		Files:     figure.Files{Open: figure.Of[uint64](2000), Limit: figure.Of[uint64](100000)},
		Tasks:     figure.Tasks{Threads: figure.Of[uint64](300), MaxPIDs: figure.Of[uint64](32768), MaxThreads: figure.Of[uint64](60000)},
		Conntrack: figure.Conntrack{Entries: figure.Of[uint64](10), Limit: figure.Of[uint64](1000)},
		Listed:    true,
		Filesystems: []figure.Filesystem{
			disk("/", 40, 100), disk("/data", 300, 1000),
		},
	}
	for _, s := range []*figure.Stalls{&m.now.Pressure.CPU, &m.now.Pressure.Memory, &m.now.Pressure.IO} {
		*s = figure.Stalls{Some: figure.Of(figure.Stall{}), Full: figure.Of(figure.Stall{})}
	}
	return m
}

// disk is a filesystem of which so many GiB are used.
func disk(mount string, used, total uint64) figure.Filesystem {
	return figure.Filesystem{
		Mountpoint: mount, Device: "/dev/vd" + strings.Trim(mount, "/"), Type: "ext4",
		Space:  figure.Of(figure.Space{Total: total << 30, Used: used << 30, Free: (total - used) << 30, Available: (total - used) << 30}),
		Inodes: figure.Of(figure.Inodes{Total: 1000, Free: 900}),
	}
}

// burn spends the time of an interval, in which the CPUs were busy to some share.
func (m *machine) burn(busy float64) {
	times, _ := m.now.CPU.Times.Get()
	total := 2 * interval.Seconds()
	times.User += busy * total
	times.Idle += (1 - busy) * total
	m.now.CPU.Times = figure.Of(times)
}

// stall lets tasks wait for some share of an interval.
func stall(s *figure.Value[figure.Stall], share float64) {
	stall, _ := s.Get()
	stall.Total += time.Duration(share * float64(interval))
	*s = figure.Of(stall)
}

// use sets how much memory is used.
func (m *machine) use(share float64) {
	m.now.Memory.Available = figure.Of(uint64((1 - share) * (8 << 30)))
}

// fill sets how many GiB of the filesystem at an index are used.
func (m *machine) fill(i int, used uint64) {
	fs := &m.now.Filesystems[i]
	space, _ := fs.Space.Get()
	*fs = disk(fs.Mountpoint, used, space.Total>>30)
}

func (m *machine) Read(_ context.Context, into *host.Snapshot, parts host.Parts) {
	*into = m.now
	into.Filesystems = slices.Clone(m.now.Filesystems)
	into.Time = beginning.Add(time.Duration(m.scans) * interval)
	into.Problems = m.problems
	if parts&host.Cgroup == 0 {
		c := m.now.Cgroup
		into.Cgroup = figure.Cgroup{Mode: c.Mode, Path: c.Path, InContainer: c.InContainer, ContainerID: c.ContainerID}
	}
	if parts&host.Processes == 0 {
		into.Processes = figure.Processes{}
	}
	m.problems, m.lastRead = nil, parts
}

func (m *machine) Close() error {
	m.closed++
	return nil
}

// watched is a machine with the probe that reads it.
type watched struct {
	*machine
	t     *testing.T
	probe *hostProbe
	// metrics are those of the last scan.
	metrics pmetric.Metrics
	// denied are the events of what does not hold since the start, in short.
	denied []string
}

func watch(t *testing.T, m *machine, change ...func(*Config)) *watched {
	t.Helper()
	config := defaultConfig()
	for _, c := range change {
		c(config)
	}
	require.NoError(t, config.Validate())
	p, err := newHostProbe(config, receivertest.NewNopSettings(typ))
	require.NoError(t, err)
	p.open = func() scanner { return m }
	require.NoError(t, p.Start(t.Context(), nil))
	return &watched{machine: m, t: t, probe: p}
}

// scan lets the probe read the machine, and gives the events.
func (w *watched) scan() []plog.LogRecord {
	w.t.Helper()
	at := beginning.Add(time.Duration(w.scans) * interval)
	out, err := w.probe.Collect(w.t.Context(), at)
	require.NoError(w.t, err)
	w.scans++
	w.metrics = out.Metrics
	return slices.DeleteFunc(records(out), func(lr plog.LogRecord) bool {
		denied := text(lr, failure.AttrCapturePrefix+"reason") == probe.ReasonStart
		if denied {
			w.denied = append(w.denied, w.short(lr))
		}
		return denied
	})
}

func records(out probe.Output) []plog.LogRecord {
	var list []plog.LogRecord
	for _, rl := range out.Events.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				list = append(list, lr)
			}
		}
	}
	return list
}

// over scans so many times, after each change of the machine, and gives what the events say in short.
func (w *watched) over(scans int, change func(*machine)) []string {
	w.t.Helper()
	var list []string
	for range scans {
		if change != nil {
			change(w.machine)
		}
		for _, lr := range w.scan() {
			list = append(list, w.short(lr))
		}
	}
	return list
}

// short is when, what and how bad.
func (w *watched) short(lr plog.LogRecord) string {
	after := lr.Timestamp().AsTime().Sub(beginning)
	return fmt.Sprintf("%s %s %s %s %s", after, strings.TrimPrefix(lr.EventName(), failure.EventPrefix),
		text(lr, failure.AttrRule), text(lr, failure.AttrSeverity), strings.TrimPrefix(text(lr, failure.AttrEntity), "host:4f2a"))
}

func text(lr plog.LogRecord, key string) string {
	if v, ok := lr.Attributes().Get(key); ok {
		return v.AsString()
	}
	return ""
}
