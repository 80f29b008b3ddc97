//go:build linux

package cgroup

import (
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/procfs"
)

// v1 lists what is read in the hierarchies of v1.
func v1(at location) []source {
	return append(append(v1Memory(at.memory), v1CPU(at.cpu, at.cpuacct)...), v1PIDs(at.pids)...)
}

func v1Memory(at place) []source {
	var sources []source
	for i, level := range at.levels() {
		if i > 0 {
			sources = append(sources, sharedMemory(level, &filesOfV1)...)
		}
	}
	if at.folder == "" {
		return nil
	}
	return append(sources,
		from(at.folder, filesOfV1.limit, func(text []byte, c *figure.Cgroup) error { return lower(&c.Memory.Limit, text) }),
		from(at.folder, "memory.usage_in_bytes", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.Memory.Usage) }),
		from(at.folder, "memory.stat", v1MemoryStat),
		from(at.folder, "memory.failcnt", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.Memory.MaxEvents) }),
		from(at.folder, "memory.oom_control", v1OOMControl),
	)
}

// v1MemoryStat also has the least limit of all levels, those that the mount does not show included.
func v1MemoryStat(text []byte, c *figure.Cgroup) error {
	var malformed error
	fields.Each(text, func(name, rest []byte) {
		if string(name) == "hierarchical_memory_limit" {
			malformed = lower(&c.Memory.Limit, rest)
		}
	})
	if malformed != nil {
		return malformed
	}
	var err error
	c.Memory.WorkingSet, err = workingSet(text, filesOfV1.inactive, c.Memory.Usage)
	return err
}

// v1OOMControl counts kills since kernel 4.13.
func v1OOMControl(text []byte, c *figure.Cgroup) error {
	fields.Each(text, func(name, rest []byte) {
		if string(name) == "oom_kill" {
			set(&c.Memory.OOMKills, rest)
		}
	})
	return nil
}

func v1CPU(at, accounts place) []source {
	var sources []source
	usages := accounts.levels()
	for i, level := range at.levels() {
		if i == 0 {
			sources = append(sources, v1Quota(level, nil)...)
			continue
		}
		// The two controllers are mostly one hierarchy. Where they are not, levels may not mean the same.
		usage := ""
		if i < len(usages) && at.within() == accounts.within() {
			usage = usages[i]
		}
		sources = append(sources, sharedCPUOfV1(level, usage, i)...)
	}
	if at.folder != "" {
		sources = append(sources, from(at.folder, "cpu.stat", func(text []byte, c *figure.Cgroup) error { return v1CPUStat(text, &c.CPU) }))
	}
	if accounts.folder != "" {
		sources = append(sources, from(accounts.folder, "cpuacct.usage", func(text []byte, c *figure.Cgroup) error { return v1Usage(text, &c.CPU) }))
	}
	return sources
}

func v1Usage(text []byte, cpu *figure.CgroupCPU) error {
	var used figure.Count
	err := procfs.Count(text, &used)
	cpu.Usage = lasting(used, time.Nanosecond)
	return err
}

// v1Quota reads the quota of a level, and hands it on too.
func v1Quota(level string, also func(quota, period []byte) error) []source {
	// The period is read before the quota that is measured by it.
	var period [20]byte
	digits := 0
	return []source{
		from(level, "cpu.cfs_period_us", func(text []byte, _ *figure.Cgroup) error {
			field, _ := fields.Next(text)
			digits = copy(period[:], field)
			return nil
		}),
		from(level, "cpu.cfs_quota_us", func(text []byte, c *figure.Cgroup) error {
			quota, _ := fields.Next(text)
			if also != nil {
				if err := also(quota, period[:digits]); err != nil {
					return err
				}
			}
			return lowerQuota(&c.CPU.Quota, quota, period[:digits])
		}),
	}
}

func v1CPUStat(text []byte, cpu *figure.CgroupCPU) error {
	var throttled figure.Count
	fields.Each(text, func(name, rest []byte) {
		switch string(name) {
		case "nr_periods":
			set(&cpu.Periods, rest)
		case "nr_throttled":
			set(&cpu.ThrottledPeriods, rest)
		case "throttled_time":
			set(&throttled, rest)
		}
	})
	cpu.Throttled = lasting(throttled, time.Nanosecond)
	return expect(throttled.Known())
}

func v1PIDs(at place) []source {
	var sources []source
	for i, level := range at.levels() {
		if i > 0 {
			sources = append(sources, sharedPIDs(level)...)
		}
	}
	if at.folder == "" {
		return nil
	}
	return append(sources,
		from(at.folder, "pids.max", func(text []byte, c *figure.Cgroup) error { return lower(&c.PIDs.Limit, text) }),
		from(at.folder, "pids.current", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.PIDs.Current) }),
		from(at.folder, "pids.events", pidsEvents),
	)
}
