//go:build linux

package cgroup

import (
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/procfs"
)

// What a limit above the own cgroup leaves is told by what all that share it use, not by what the own one does. The
// files of a level that has no limit are not read.

// memoryFiles are the names of a version of cgroups.
type memoryFiles struct {
	// high is where the kernel slows; v1 has none.
	high         string
	limit, usage string
	// inactive is the key in memory.stat of the cache that is dropped first.
	inactive string
	// met counts how often the limits of the level itself were met, and read reads that.
	met  string
	read func(text []byte, met *figure.Count) error
}

var (
	filesOfV1 = memoryFiles{"", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "memory.failcnt", procfs.Count}
	filesOfV2 = memoryFiles{"memory.high", "memory.max", "memory.current", "inactive_file", "memory.events.local", memoryMet}
)

// sharedMemory reads how near to its limit a level is, and how often that was met.
func sharedMemory(level string, files *memoryFiles) []source {
	var high, limit, usage figure.Count
	limited := func() bool { return isLimit(limit) }
	var sources []source
	if files.high != "" {
		sources = append(sources, from(level, files.high, func(text []byte, c *figure.Cgroup) error { return lowerBoth(&high, &c.Memory.High, text) }))
	}
	return append(sources,
		from(level, files.limit, func(text []byte, c *figure.Cgroup) error { return lowerBoth(&limit, &c.Memory.Limit, text) }),
		from(level, files.usage, func(text []byte, _ *figure.Cgroup) error { return procfs.Count(text, &usage) }).where(limited),
		from(level, "memory.stat", func(text []byte, c *figure.Cgroup) error {
			used, err := workingSet(text, files.inactive, usage)
			c.Memory.Above.Add(used, limit)
			return err
		}).where(limited),
		from(level, files.met, func(text []byte, c *figure.Cgroup) error {
			var met figure.Count
			err := files.read(text, &met)
			c.Memory.Above.Meet(met)
			return err
		}).where(func() bool { return limited() || isLimit(high) }),
	)
}

// sharedPIDs reads how near to its limit a level is, and how many forks that has refused. Kernels before 6.12 count
// those with the cgroup that forks.
func sharedPIDs(level string) []source {
	var limit figure.Count
	limited := func() bool { return isLimit(limit) }
	return []source{
		from(level, "pids.max", func(text []byte, c *figure.Cgroup) error { return lowerBoth(&limit, &c.PIDs.Limit, text) }),
		from(level, "pids.current", func(text []byte, c *figure.Cgroup) error {
			var current figure.Count
			err := procfs.Count(text, &current)
			c.PIDs.Above.Add(current, limit)
			return err
		}).where(limited),
		from(level, "pids.events.local", func(text []byte, c *figure.Cgroup) error {
			var met figure.Count
			err := eventsIn(text, &met, "max")
			c.PIDs.Above.Meet(met)
			return err
		}).where(limited),
	}
}

// sharedCPU keeps what a level that has a quota used of it.
type sharedCPU struct {
	level int
	quota figure.Number
	used  figure.CgroupCPU
}

// reset forgets the scan before.
func (s *sharedCPU) reset() { s.quota, s.used = figure.Number{}, figure.CgroupCPU{} }

func (s *sharedCPU) limited() bool {
	quota, ok := s.quota.Get()
	return ok && isQuota(quota)
}

func (s *sharedCPU) addTo(c *figure.Cgroup) {
	quota, _ := s.quota.Get()
	c.CPU.Above.Add(figure.SharedCPU{
		Level: s.level, Quota: quota, Usage: s.used.Usage, Periods: s.used.Periods, ThrottledPeriods: s.used.ThrottledPeriods,
	})
}

// sharedCPUOfV2 reads what a level used of its quota.
func sharedCPUOfV2(folder string, level int) []source {
	s := &sharedCPU{level: level}
	return []source{
		from(folder, "cpu.max", func(text []byte, c *figure.Cgroup) error {
			s.reset()
			if err := v2Quota(text, &s.quota); err != nil {
				return err
			}
			return v2Quota(text, &c.CPU.Quota)
		}),
		from(folder, "cpu.stat", func(text []byte, c *figure.Cgroup) error {
			err := v2CPUStat(text, &s.used)
			s.addTo(c)
			return err
		}).where(s.limited),
	}
}

// sharedCPUOfV1 reads that below the folder of a level; accounts is the one that has its usage, if any.
func sharedCPUOfV1(folder, accounts string, level int) []source {
	s := &sharedCPU{level: level}
	sources := v1Quota(folder, func(quota, period []byte) error {
		s.reset()
		return lowerQuota(&s.quota, quota, period)
	})
	if accounts != "" {
		sources = append(sources, from(accounts, "cpuacct.usage", func(text []byte, _ *figure.Cgroup) error { return v1Usage(text, &s.used) }).where(s.limited))
	}
	return append(sources, from(folder, "cpu.stat", func(text []byte, c *figure.Cgroup) error {
		err := v1CPUStat(text, &s.used)
		s.addTo(c)
		return err
	}).where(s.limited))
}

// memoryMet counts how often a level was slowed, and how often it was about to exceed its limit.
func memoryMet(text []byte, met *figure.Count) error { return eventsIn(text, met, "high", "max") }

// eventsIn adds events.
func eventsIn(text []byte, met *figure.Count, names ...string) error {
	fields.Each(text, func(name, rest []byte) {
		for _, wanted := range names {
			n, ok := fields.First(rest)
			if before, _ := met.Get(); ok && string(name) == wanted {
				*met = figure.Of(before + n)
			}
		}
	})
	return expect(met.Known())
}
