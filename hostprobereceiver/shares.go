package hostprobereceiver

import (
	"math"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// minPeriods is how many scheduling periods say how often a cgroup was throttled. A cgroup that hardly runs
// has few, of which one is a large share.
const minPeriods = 20

// shares are what two scans tell together: how much of the time between them, or of what there is, was used.
type shares struct {
	// modes are the shares of the time of all CPUs by what it was spent on.
	modes figure.Value[figure.CPUTimes]
	// busy is the time of the CPUs that was wanted, steal what of it another machine had.
	busy, steal figure.Number
	// load is the run queue for each CPU.
	load figure.Number
	// memory and swap are what is used of them.
	memory, swap figure.Number
	// swappedIn and oomKills are how many pages and kills there were.
	swappedIn, oomKills figure.Number
	files, threads      figure.Number
	conntrack           figure.Number
	pressure            pressure
	own                 ownShares
}

// ownShares are those of the cgroup of the Collector.
type ownShares struct {
	// cpu is the time used of what the quota allows, throttled the share of periods that ended early, of the cgroup
	// or of one above it, whichever is more; quota is that which cpu is of.
	cpu, throttled figure.Number
	quota          float64
	quotaShared    bool
	// memory is the working set of the limit, of what is nearest to its own.
	memory, threads figure.Number
	// oomKills, slowed and refused are how many there were: kills, waits at the high and at the max limit.
	oomKills, slowed figure.Number
	refusedThreads   figure.Number
	pressure         pressure
}

// pressure are the shares of the time in which some tasks waited, or all.
type pressure struct {
	cpu, memory, memoryFull, ioFull figure.Number
}

// compare tells what happened between two scans. Before the first there is nothing, and what takes two
// scans is unknown.
func compare(then, now *host.Snapshot) shares {
	passed := now.Time.Sub(then.Time)
	s := shares{
		load:      share(now.Load.One, toNumber(now.CPU.Online)),
		swap:      left(now.Memory.SwapFree, now.Memory.SwapTotal),
		swappedIn: grown(then.Paging.SwappedIn, now.Paging.SwappedIn),
		oomKills:  grown(then.Paging.OOMKills, now.Paging.OOMKills),
		memory:    numberOf(now.Memory.Utilisation()),
		files:     share(toNumber(now.Files.Open), toNumber(now.Files.Limit)),
		threads:   share(toNumber(now.Tasks.Threads), limitOf(now.Tasks)),
		conntrack: share(toNumber(now.Conntrack.Entries), toNumber(now.Conntrack.Limit)),
		pressure:  waited(&then.Pressure, &now.Pressure, passed),
		own:       compareOwn(&then.Cgroup, &now.Cgroup, passed),
	}
	if spent, ok := now.CPU.Since(then.CPU); ok && spent.Total() > 0 {
		total := spent.Total()
		s.busy = figure.Of(spent.Busy() / total)
		s.steal = figure.Of(spent.Steal / total)
		s.modes = figure.Of(figure.CPUTimes{
			User: spent.User / total, Nice: spent.Nice / total, System: spent.System / total, Idle: spent.Idle / total,
			IOWait: spent.IOWait / total, IRQ: spent.IRQ / total, SoftIRQ: spent.SoftIRQ / total, Steal: spent.Steal / total,
		})
	}
	return s
}

func compareOwn(then, now *figure.Cgroup, passed time.Duration) ownShares {
	used, limit, _ := now.Memory.Nearest()
	threads, mostThreads, _ := now.PIDs.Nearest()
	own := ownShares{
		memory:   share(toNumber(used), toNumber(limit)),
		threads:  share(toNumber(threads), toNumber(mostThreads)),
		oomKills: grown(then.Memory.OOMKills, now.Memory.OOMKills),
		slowed: sum(sum(grown(then.Memory.HighEvents, now.Memory.HighEvents), grown(then.Memory.MaxEvents, now.Memory.MaxEvents)),
			grown(then.Memory.Above.Met, now.Memory.Above.Met)),
		refusedThreads: sum(grown(then.PIDs.MaxEvents, now.PIDs.MaxEvents), grown(then.PIDs.Above.Met, now.PIDs.Above.Met)),
		pressure:       waited(&then.Pressure, &now.Pressure, passed),
	}
	own.compareCPU(&then.CPU, &now.CPU, passed)
	return own
}

// compareCPU tells how much was used of the quota of the cgroup, and of those above it by all that share them.
func (o *ownShares) compareCPU(then, now *figure.CgroupCPU, passed time.Duration) {
	quota, _ := now.Quota.Get()
	o.quota = quota
	o.cpu = ofQuota(then.Usage, now.Usage, quota, passed)
	o.throttled = throttled(then.Periods, now.Periods, then.ThrottledPeriods, now.ThrottledPeriods)
	for _, above := range now.Above.All() {
		before, ok := then.Above.At(above.Level)
		if !ok {
			continue
		}
		used := ofQuota(before.Usage, above.Usage, above.Quota, passed)
		if more, known := used.Get(); known && !atLeast(o.cpu, more) {
			o.cpu, o.quota, o.quotaShared = used, above.Quota, true
		}
		stopped := throttled(before.Periods, above.Periods, before.ThrottledPeriods, above.ThrottledPeriods)
		if more, known := stopped.Get(); known && !atLeast(o.throttled, more) {
			o.throttled = stopped
		}
	}
}

// atLeast says whether a number is known and no less than another.
func atLeast(n figure.Number, least float64) bool {
	v, ok := n.Get()
	return ok && v >= least
}

// ofQuota is the time used of what a quota allows.
func ofQuota(then, now figure.Value[time.Duration], quota float64, passed time.Duration) figure.Number {
	used, ok := elapsed(then, now)
	if !ok || !(quota > 0) || math.IsInf(quota, 0) || passed <= 0 {
		return figure.Number{}
	}
	return figure.Of(used.Seconds() / (passed.Seconds() * quota))
}

// throttled is the share of periods that ended early; of too few it is none.
func throttled(thenPeriods, nowPeriods, then, now figure.Count) figure.Number {
	periods, _ := grown(thenPeriods, nowPeriods).Get()
	ended, ok := grown(then, now).Get()
	switch {
	case !ok:
		return figure.Number{}
	case periods < minPeriods:
		return figure.Of(0.0)
	default:
		return figure.Of(ended / periods)
	}
}

func waited(then, now *figure.Pressure, passed time.Duration) pressure {
	of := func(then, now figure.Value[figure.Stall]) figure.Number {
		before, ok := then.Get()
		after, known := now.Get()
		if !ok || !known || after.Total < before.Total || passed <= 0 {
			return figure.Number{}
		}
		return figure.Of(min(1, (after.Total-before.Total).Seconds()/passed.Seconds()))
	}
	return pressure{
		cpu:        of(then.CPU.Some, now.CPU.Some),
		memory:     of(then.Memory.Some, now.Memory.Some),
		memoryFull: of(then.Memory.Full, now.Memory.Full),
		ioFull:     of(then.IO.Full, now.IO.Full),
	}
}

// grown is by how much a counter has grown. One that was reset tells nothing.
func grown(then, now figure.Count) figure.Number {
	before, ok := then.Get()
	after, known := now.Get()
	if !ok || !known || after < before {
		return figure.Number{}
	}
	return figure.Of(float64(after - before))
}

func elapsed(then, now figure.Value[time.Duration]) (time.Duration, bool) {
	before, ok := then.Get()
	after, known := now.Get()
	return after - before, ok && known && after >= before
}

// share is the part of a whole; without a limit none is used.
func share(part, whole figure.Number) figure.Number {
	p, ok := part.Get()
	w, known := whole.Get()
	if !ok || !known || !(w > 0) || math.IsInf(w, 0) {
		return figure.Number{}
	}
	return figure.Of(p / w)
}

// left is the part that is no longer free. What does not exist is not used.
func left(free, total figure.Count) figure.Number {
	f, ok := free.Get()
	t, known := total.Get()
	if !ok || !known || t == 0 {
		return figure.Number{}
	}
	return figure.Of(1 - float64(min(f, t))/float64(t))
}

// sum adds what is known.
func sum(a, b figure.Number) figure.Number {
	x, ok := a.Get()
	y, known := b.Get()
	if !ok && !known {
		return figure.Number{}
	}
	return figure.Of(x + y)
}

func toNumber(c figure.Count) figure.Number {
	v, ok := c.Get()
	switch {
	case !ok:
		return figure.Number{}
	case v == figure.NoLimit:
		return figure.Of(math.Inf(1))
	default:
		return figure.Of(float64(v))
	}
}

func limitOf(t figure.Tasks) figure.Number {
	limit, ok := t.Limit()
	return numberOf(float64(limit), ok)
}

func numberOf(value float64, ok bool) figure.Number {
	if !ok {
		return figure.Number{}
	}
	return figure.Of(value)
}
