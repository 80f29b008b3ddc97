package figure

import "time"

// CgroupMode is how the host divides its resources among cgroups.
type CgroupMode string

// The modes. In hybrid mode the controllers are those of v1, beside a v2 hierarchy that mostly has only pressure.
const (
	CgroupNone   CgroupMode = ""
	CgroupV1     CgroupMode = "v1"
	CgroupV2     CgroupMode = "v2"
	CgroupHybrid CgroupMode = "hybrid"
)

// Cgroup is the cgroup that the collector itself runs in.
type Cgroup struct {
	Mode CgroupMode
	// Path is where it is in its hierarchy, as the collector sees it. In a container that is mostly "/".
	Path string
	// InContainer tells that it is that of a container.
	InContainer bool
	// ContainerID is empty where it cannot be told.
	ContainerID string

	CPU      CgroupCPU
	Memory   CgroupMemory
	PIDs     CgroupPIDs
	Pressure Pressure
}

// CgroupCPU is what the cgroup used of the processors, and may use.
type CgroupCPU struct {
	// Quota is how many CPUs it may use, the least over it and those above it, {cpu}; +Inf if there is none.
	Quota Number
	// Usage is the time used on all CPUs since the cgroup was made.
	Usage Value[time.Duration]
	// Periods counts the periods in which it ran under its own quota, ThrottledPeriods those in which it
	// had to stop, {period}. The others are unknown where it has no quota of its own and the kernel leaves them out.
	Periods, ThrottledPeriods Count
	// Throttled is how long it was stopped.
	Throttled Value[time.Duration]
	// Above are those above it that have a quota, which all below them share.
	Above SharedCPUs
}

// maxShared is how many cgroups with a quota above the own one are looked at. Those of a pod and of the node's share
// for pods make two.
const maxShared = 4

// SharedCPUs are cgroups that have a quota.
type SharedCPUs struct {
	list [maxShared]SharedCPU
	n    int
}

// SharedCPU is what a cgroup that has a quota used of it, with all that are below it.
type SharedCPU struct {
	// Level is how far above the own cgroup it is.
	Level int
	// Quota is how many CPUs may be used, {cpu}.
	Quota float64
	// Usage, Periods and ThrottledPeriods are as those of the own cgroup.
	Usage                     Value[time.Duration]
	Periods, ThrottledPeriods Count
}

// Add takes a cgroup, if there is room.
func (s *SharedCPUs) Add(c SharedCPU) {
	if s.n < maxShared {
		s.list[s.n] = c
		s.n++
	}
}

// All are those that were taken, the nearest first.
func (s *SharedCPUs) All() []SharedCPU { return s.list[:s.n] }

// At is the one that is so far above, if there is one.
func (s *SharedCPUs) At(level int) (SharedCPU, bool) {
	for _, c := range s.All() {
		if c.Level == level {
			return c, true
		}
	}
	return SharedCPU{}, false
}

// CgroupMemory is what the cgroup uses of the memory, By, and what happened when it wanted more.
type CgroupMemory struct {
	// Limit is where the kernel begins to kill, High where it begins to slow: the least over the cgroup and
	// those above it, NoLimit if there is none. v1 has no High.
	Limit, High Count
	// Usage has the cache in it, WorkingSet has it without what could be dropped at once.
	Usage, WorkingSet Count
	// Swap and SwapLimit are its swap; v1 has neither.
	Swap, SwapLimit Count
	// HighEvents, MaxEvents, OOMEvents and OOMKills count since the cgroup was made, {event}: it was slowed,
	// it was about to exceed its limit, it could get no memory, a process of it was killed. v1 has MaxEvents
	// and OOMKills.
	HighEvents, MaxEvents, OOMEvents, OOMKills Count
	// Above is what those above it that have a limit share with others: the working set, and how often one of them
	// was slowed or about to exceed its limit.
	Above Shared
}

// Shared is how near to its limit a cgroup is, with all that are below it: that which is nearest.
type Shared struct {
	Used, Limit Count
	// Met counts how often any of them met its limit, {event}.
	Met Count
}

// Add takes a cgroup, if it is nearer to its limit.
func (s *Shared) Add(used, limit Count) {
	if ratio(used, limit) >= ratio(s.Used, s.Limit) && used.Known() {
		s.Used, s.Limit = used, limit
	}
}

// Meet adds how often a cgroup met its limit.
func (s *Shared) Meet(met Count) {
	if n, ok := met.Get(); ok {
		before, _ := s.Met.Get()
		s.Met = Of(before + n)
	}
}

// nearest is what is used of the limit of the cgroup, or of one above it that is nearer to its own.
func (s *Shared) nearest(own, ownLimit Count) (used, limit Count, shared bool) {
	if ratio(s.Used, s.Limit) > ratio(own, ownLimit) {
		return s.Used, s.Limit, true
	}
	return own, ownLimit, false
}

// Nearest is the working set and the limit of the cgroup, or of one above it that is nearer to its own.
func (m *CgroupMemory) Nearest() (used, limit Count, shared bool) {
	return m.Above.nearest(m.WorkingSet, m.Limit)
}

// ratio is 0 where there is no limit.
func ratio(used, limit Count) float64 {
	u, _ := used.Get()
	l, ok := limit.Get()
	if !ok || l == NoLimit || l == 0 {
		return 0
	}
	return float64(u) / float64(l)
}

// CgroupPIDs is how many processes and threads the cgroup has, {thread}.
type CgroupPIDs struct {
	Current Count
	// Limit is the least over the cgroup and those above it, NoLimit if there is none.
	Limit Count
	// MaxEvents counts the forks that the limit has refused, {event}.
	MaxEvents Count
	// Above is what those above it that have a limit share with others.
	Above Shared
}

// Nearest is how many threads there are and can be in the cgroup, or in one above it that is nearer to its limit.
func (p *CgroupPIDs) Nearest() (used, limit Count, shared bool) {
	return p.Above.nearest(p.Current, p.Limit)
}
