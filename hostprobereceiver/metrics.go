package hostprobereceiver

import (
	"math"
	"runtime"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// recorder writes what a scan read as data points. What is unknown has none.
type recorder struct {
	builder  *metadata.MetricsBuilder
	resource pcommon.Resource
	at       pcommon.Timestamp
	// own says that the figures of the Collector's own cgroup are wanted.
	own bool
}

func (r *recorder) host(now *host.Snapshot, s *shares) {
	r.cpu(now, s)
	r.memory(now, s)
	for i := range now.Filesystems {
		r.filesystem(&now.Filesystems[i])
	}
	count(r, now.Files.Open, r.builder.RecordSystemLinuxFileDescriptorCountDataPoint)
	count(r, now.Files.Limit, r.builder.RecordSystemLinuxFileDescriptorLimitDataPoint)
	count(r, now.Tasks.Threads, r.builder.RecordSystemLinuxThreadCountDataPoint)
	if limit, ok := now.Tasks.Limit(); ok {
		r.builder.RecordSystemLinuxThreadLimitDataPoint(r.at, whole(limit))
	}
	count(r, now.Conntrack.Entries, r.builder.RecordSystemNetworkConntrackCountDataPoint)
	count(r, now.Conntrack.Limit, r.builder.RecordSystemNetworkConntrackLimitDataPoint)
	b := r.builder
	r.stalls(now.Pressure.CPU, b.RecordSystemCPULinuxPressureTotalDataPoint)
	r.stalls(now.Pressure.Memory, b.RecordSystemMemoryLinuxPressureTotalDataPoint)
	r.stalls(now.Pressure.IO, b.RecordSystemIoLinuxPressureTotalDataPoint)
}

func (r *recorder) cpu(now *host.Snapshot, s *shares) {
	b := r.builder
	count(r, now.CPU.Online, b.RecordSystemCPULogicalCountDataPoint)
	number(r, now.Load.One, b.RecordSystemCPULoadAverage1mDataPoint)
	number(r, now.Load.Five, b.RecordSystemCPULoadAverage5mDataPoint)
	number(r, now.Load.Fifteen, b.RecordSystemCPULoadAverage15mDataPoint)
	modes, ok := s.modes.Get()
	if !ok {
		return
	}
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.User, metadata.AttributeCPUModeUser)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.Nice, metadata.AttributeCPUModeNice)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.System, metadata.AttributeCPUModeSystem)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.Idle, metadata.AttributeCPUModeIdle)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.IOWait, metadata.AttributeCPUModeIowait)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.IRQ+modes.SoftIRQ, metadata.AttributeCPUModeInterrupt)
	b.RecordSystemCPUUtilizationDataPoint(r.at, modes.Steal, metadata.AttributeCPUModeSteal)
}

func (r *recorder) memory(now *host.Snapshot, s *shares) {
	b := r.builder
	if used, ok := s.memory.Get(); ok {
		b.RecordSystemMemoryUtilizationDataPoint(r.at, used, metadata.AttributeSystemMemoryStateUsed)
	}
	count(r, now.Memory.Total, b.RecordSystemMemoryLimitDataPoint)
	if obtainable, ok := now.Memory.Obtainable(); ok {
		b.RecordSystemMemoryLinuxAvailableDataPoint(r.at, whole(obtainable))
	}
	count(r, now.Paging.OOMKills, b.RecordSystemMemoryLinuxOomKillsDataPoint)
	if used, ok := s.swap.Get(); ok {
		b.RecordSystemPagingUtilizationDataPoint(r.at, used, metadata.AttributeSystemPagingStateUsed)
	}
}

func (r *recorder) filesystem(fs *figure.Filesystem) {
	b, mode := r.builder, metadata.AttributeSystemFilesystemModeRw
	if fs.ReadOnly {
		mode = metadata.AttributeSystemFilesystemModeRo
	}
	if space, ok := fs.Space.Get(); ok {
		if used, ok := space.Utilisation(); ok {
			b.RecordSystemFilesystemUtilizationDataPoint(r.at, used, fs.Device, mode, fs.Mountpoint, fs.Type)
		}
		usage := func(bytes uint64, state metadata.AttributeSystemFilesystemState) {
			b.RecordSystemFilesystemUsageDataPoint(r.at, whole(bytes), fs.Device, mode, fs.Mountpoint, fs.Type, state)
		}
		usage(space.Used, metadata.AttributeSystemFilesystemStateUsed)
		usage(space.Available, metadata.AttributeSystemFilesystemStateFree)
		usage(space.Free-min(space.Available, space.Free), metadata.AttributeSystemFilesystemStateReserved)
	}
	if inodes, ok := fs.Inodes.Get(); ok && inodes.Total > 0 {
		free := min(inodes.Free, inodes.Total)
		b.RecordSystemFilesystemInodesUsageDataPoint(r.at, whole(inodes.Total-free), fs.Device, mode, fs.Mountpoint, fs.Type, metadata.AttributeSystemFilesystemStateUsed)
		b.RecordSystemFilesystemInodesUsageDataPoint(r.at, whole(free), fs.Device, mode, fs.Mountpoint, fs.Type, metadata.AttributeSystemFilesystemStateFree)
	}
}

// cgroup writes what the Collector's own cgroup uses of its limits.
func (r *recorder) cgroup(now *figure.Cgroup, s *ownShares) {
	b := r.builder
	number(r, s.cpu, b.RecordContainerCPULimitUtilizationDataPoint)
	count(r, now.CPU.ThrottledPeriods, b.RecordContainerCPUThrottledPeriodsDataPoint)
	if throttled, ok := now.CPU.Throttled.Get(); ok {
		b.RecordContainerCPUThrottledTimeDataPoint(r.at, throttled.Seconds())
	}
	count(r, now.Memory.WorkingSet, b.RecordContainerMemoryWorkingSetDataPoint)
	count(r, now.Memory.Limit, b.RecordContainerMemoryLimitDataPoint)
	number(r, s.memory, b.RecordContainerMemoryLimitUtilizationDataPoint)
	event := func(n figure.Count, name metadata.AttributeContainerMemoryEvent) {
		if n, ok := n.Get(); ok {
			b.RecordContainerMemoryEventsDataPoint(r.at, whole(n), name)
		}
	}
	event(now.Memory.HighEvents, metadata.AttributeContainerMemoryEventHigh)
	event(now.Memory.MaxEvents, metadata.AttributeContainerMemoryEventMax)
	event(now.Memory.OOMEvents, metadata.AttributeContainerMemoryEventOom)
	event(now.Memory.OOMKills, metadata.AttributeContainerMemoryEventOomKill)
	count(r, now.PIDs.Current, b.RecordContainerThreadCountDataPoint)
	count(r, now.PIDs.Limit, b.RecordContainerThreadLimitDataPoint)
	r.stalls(now.Pressure.CPU, b.RecordContainerCPULinuxPressureTotalDataPoint)
	r.stalls(now.Pressure.Memory, b.RecordContainerMemoryLinuxPressureTotalDataPoint)
	r.stalls(now.Pressure.IO, b.RecordContainerIoLinuxPressureTotalDataPoint)
}

// stalls writes how long tasks waited.
func (r *recorder) stalls(s figure.Stalls, record func(pcommon.Timestamp, float64, metadata.AttributeSystemLinuxPressureStallType)) {
	if some, ok := s.Some.Get(); ok {
		record(r.at, some.Total.Seconds(), metadata.AttributeSystemLinuxPressureStallTypeSome)
	}
	if full, ok := s.Full.Get(); ok {
		record(r.at, full.Total.Seconds(), metadata.AttributeSystemLinuxPressureStallTypeFull)
	}
}

// count writes what is known and finite: a limit that is not set has no point.
func count(r *recorder, n figure.Count, record func(pcommon.Timestamp, int64)) {
	if n, ok := n.Get(); ok && n != figure.NoLimit {
		record(r.at, whole(n))
	}
}

func number(r *recorder, n figure.Number, record func(pcommon.Timestamp, float64)) {
	if n, ok := n.Get(); ok {
		record(r.at, n)
	}
}

// whole is a number as data points have it. The kernel writes some limits as the largest there is.
func whole(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// condition writes how it stands with a signal, and when it will be exhausted where that can be told.
func (r *recorder) condition(c *probe.Condition) {
	if len(c.Signal.Supports) > 0 {
		return
	}
	var options []metadata.MetricAttributeOption
	for _, a := range c.Entity.Attributes {
		if a.Key == mountPoint {
			options = append(options, metadata.WithSystemFilesystemMountpointOptionalMetricAttribute(a.Value))
		}
	}
	id, scope := c.Signal.ID, metadata.MapAttributeFailureScope[c.Entity.Scope]
	r.builder.RecordHostprobeSignalStateDataPoint(r.at, int64(c.Phase), id, scope, options...)
	if c.Foreseen {
		r.builder.RecordHostprobeExhaustionEtaDataPoint(r.at, c.Forecast.ETA.Seconds(), id, scope, options...)
		r.builder.RecordHostprobeExhaustionEtaLowerDataPoint(r.at, c.Forecast.Earliest.Seconds(), id, scope, options...)
		r.builder.RecordHostprobeExhaustionSlopeDataPoint(r.at, c.Forecast.Slope, id, scope, options...)
	}
}

// describe says whom the figures are of.
func (r *recorder) describe(id *figure.Identity, cgroup *figure.Cgroup) {
	b := r.builder.NewResourceBuilder()
	if id.Name != "" {
		b.SetHostName(id.Name)
	}
	if id.ID != "" {
		b.SetHostID(id.ID)
	}
	if r.own && cgroup.ContainerID != "" {
		b.SetContainerID(cgroup.ContainerID)
	}
	b.SetOsType(runtime.GOOS)
	r.resource = b.Emit()
}

// stamp is a time as data points have it.
func stamp(t time.Time) pcommon.Timestamp { return pcommon.NewTimestampFromTime(t) }
