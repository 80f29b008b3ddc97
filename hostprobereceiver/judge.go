package hostprobereceiver

import (
	"math"
	"strconv"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// judge tells the conditions what each scan read.
type judge struct {
	signals  *signals
	set      *probe.Set
	entities entities
	// own says that the limits of the cgroup are watched, where it has some, in place of the host.
	own bool
	// bounded are the resources of which the cgroup had a limit when that was read last.
	bounded struct{ cpu, memory, threads bool }
	// known has what should be known, since every host has it or it was known once. What never was, such
	// as the pressure of a kernel that does not tell it, is not missed.
	known map[known]struct{}
	// mounts has what each filesystem had, by mount point.
	mounts map[string]*mount
	growth growth
}

type known struct{ signal, entity string }

func newJudge(s *signals, set *probe.Set, e entities, own bool) *judge {
	return &judge{
		signals: s, set: set, entities: e, own: own,
		known: map[known]struct{}{}, mounts: map[string]*mount{}, growth: growth{},
	}
}

// scan takes what a scan read, and what it tells beside the one before.
func (j *judge) scan(now *host.Snapshot, s *shares) {
	e := evidence{now: now, shares: s, growth: j.growth}
	j.growth.add(now)
	own := &now.Cgroup
	ofOwn := &j.entities.own
	if j.limits(&j.bounded.cpu, own.CPU.Quota) {
		j.expect(j.signals.ownCPU, ofOwn, own.CPU.Usage.Known())
		j.expect(j.signals.ownThrottled, ofOwn, own.CPU.ThrottledPeriods.Known())
		j.share(j.signals.ownCPU, ofOwn, s.own.cpu, probe.Reading{Evidence: e.ofOwnCPU})
		j.share(j.signals.ownThrottled, ofOwn, s.own.throttled, probe.Reading{Evidence: e.ofOwnCPU})
	} else {
		j.cpu(s, &e)
	}
	if j.limits(&j.bounded.memory, toNumber(own.Memory.Limit)) {
		j.ownMemory(now, s, &e)
	} else {
		j.memory(now, s, &e)
	}
	if j.limits(&j.bounded.threads, toNumber(own.PIDs.Limit)) {
		_, most, _ := own.PIDs.Nearest()
		j.limited(j.signals.ownThreads, ofOwn, s.own.threads, toNumber(most), s.own.refusedThreads)
	} else {
		j.limited(j.signals.threads, &j.entities.host, s.threads, limitOf(now.Tasks), figure.Number{})
	}
	j.limited(j.signals.files, &j.entities.host, s.files, toNumber(now.Files.Limit), figure.Number{})
	j.share(j.signals.conntrack, &j.entities.host, s.conntrack, probe.Reading{})
	j.filesystems(now, &e)
}

// limits says whether a limit of the cgroup is what counts. One that cannot be read is there still.
func (j *judge) limits(bounded *bool, limit figure.Number) bool {
	if l, ok := limit.Get(); ok {
		*bounded = !math.IsInf(l, 0)
	}
	return j.own && *bounded
}

func (j *judge) cpu(s *shares, e *evidence) {
	j.share(j.signals.cpuWaits, &j.entities.host, s.pressure.cpu, probe.Reading{})
	j.share(j.signals.load, &j.entities.host, s.load, probe.Reading{})
	j.share(j.signals.stolen, &j.entities.host, s.steal, probe.Reading{})
	j.expect(j.signals.cpu, &j.entities.host, true)
	j.share(j.signals.cpu, &j.entities.host, s.busy, probe.Reading{Evidence: e.ofCPU})
}

func (j *judge) memory(now *host.Snapshot, s *shares, e *evidence) {
	machine := &j.entities.host
	total, _ := now.Memory.Total.Get()
	swap := s.swap
	if in, ok := s.swappedIn.Get(); ok && in == 0 {
		swap = figure.Of(0.0) // What was swapped out and is not missed hurts nobody.
	}
	j.share(j.signals.swap, machine, swap, probe.Reading{})
	j.expect(j.signals.memory, machine, true)
	j.expect(j.signals.memoryWaits, machine, now.Pressure.Memory.Some.Known())
	j.expect(j.signals.kills, machine, now.Paging.OOMKills.Known())
	j.share(j.signals.memory, machine, s.memory, probe.Reading{Capacity: float64(total), Evidence: e.ofMemory})
	j.waits(machine, &s.pressure, e.ofMemory)
	if n, ok := s.oomKills.Get(); ok {
		j.measure(j.signals.kills, machine, probe.Reading{
			Sample: signal.Of(n), Says: processes(n) + " killed for want of memory", Evidence: e.ofMemory,
		})
	} else {
		j.missed(j.signals.kills, machine)
	}
}

func (j *judge) ownMemory(now *host.Snapshot, s *shares, e *evidence) {
	own := &j.entities.own
	_, capacity, _ := now.Cgroup.Memory.Nearest()
	limit, _ := capacity.Get()
	j.expect(j.signals.memoryWaits, own, now.Cgroup.Pressure.Memory.Some.Known())
	j.expect(j.signals.ownEvents, own, now.Cgroup.Memory.OOMKills.Known())
	j.share(j.signals.ownMemory, own, s.own.memory, probe.Reading{Capacity: float64(limit), Evidence: e.ofOwnMemory})
	j.waits(own, &s.own.pressure, e.ofOwnMemory)
	kills, known := s.own.oomKills.Get()
	slowed, _ := s.own.slowed.Get()
	if !known {
		j.missed(j.signals.ownEvents, own)
		return
	}
	says := "the limit was met " + times(slowed)
	if kills > 0 {
		says = processes(kills) + " killed at the limit"
	}
	j.measure(j.signals.ownEvents, own, probe.Reading{
		Sample: signal.Sample{Value: slowed, Severe: kills}, Says: says, Evidence: e.ofOwnMemory,
	})
}

// waits takes the time in which some tasks waited for memory; in which all did is what makes it critical.
func (j *judge) waits(entity *probe.Entity, p *pressure, e func() []string) {
	some, ok := p.memory.Get()
	if !ok {
		j.missed(j.signals.memoryWaits, entity)
		return
	}
	full, _ := p.memoryFull.Get()
	j.measure(j.signals.memoryWaits, entity, probe.Reading{Sample: signal.Sample{Value: some, Severe: full}, Evidence: e})
}

// limited takes what is used of a number. That more was refused is critical, whatever is used now.
func (j *judge) limited(sig *probe.Signal, entity *probe.Entity, used, limit, refused figure.Number) {
	capacity, _ := limit.Get()
	reading := probe.Reading{Capacity: capacity}
	n, _ := refused.Get()
	if u, ok := used.Get(); ok && n > 0 {
		reading.Sample = signal.Sample{Value: u, Severe: 1}
		reading.Says = "more threads were refused " + times(n) + ", now " + probe.Percent(u) + " used"
		j.measure(sig, entity, reading)
		return
	}
	j.share(sig, entity, used, reading)
}

// share takes a share that not every host has.
func (j *judge) share(sig *probe.Signal, entity *probe.Entity, value figure.Number, reading probe.Reading) {
	v, ok := value.Get()
	if !ok {
		j.missed(sig, entity)
		return
	}
	reading.Sample = signal.Of(v)
	j.measure(sig, entity, reading)
}

// expect says that something should be known. What takes two scans is not known in the first, but the
// second is judged: a kill between them is one.
func (j *judge) expect(sig *probe.Signal, entity *probe.Entity, there bool) {
	if sig != nil && there {
		j.known[known{sig.ID, entity.ID}] = struct{}{}
	}
}

func (j *judge) measure(sig *probe.Signal, entity *probe.Entity, reading probe.Reading) {
	if sig == nil {
		return
	}
	if entity == &j.entities.host || entity == &j.entities.own {
		j.expect(sig, entity, true) // Filesystems are listed with each scan, so none is missed.
	}
	j.set.Measure(sig, entity, reading)
}

func (j *judge) unknown(sig *probe.Signal, entity *probe.Entity, reason string) {
	if sig != nil {
		j.set.Unknown(sig, entity, reason)
	}
}

// unknownToo says so unless it was told already of another signal, which the same call reads.
func (j *judge) unknownToo(sig *probe.Signal, entity *probe.Entity, reason string, told bool) {
	if told && sig != nil {
		j.set.Skip(sig, entity)
		return
	}
	j.unknown(sig, entity, reason)
}

// missed says that something is unknown that should be known.
func (j *judge) missed(sig *probe.Signal, entity *probe.Entity) {
	if sig == nil {
		return
	}
	if _, was := j.known[known{sig.ID, entity.ID}]; was {
		j.set.Unknown(sig, entity, "it cannot be read")
	}
}

func processes(n float64) string {
	if n == 1 {
		return "1 process was"
	}
	return strconv.FormatFloat(n, 'f', 0, 64) + " processes were"
}

func times(n float64) string {
	if n == 1 {
		return "once"
	}
	return strconv.FormatFloat(n, 'f', 0, 64) + " times"
}
