//go:build linux

package cgroup

import (
	"slices"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/procfs"
)

// v2 lists what is read in a hierarchy of v2.
func v2(at place) []source {
	if at.folder == "" {
		return nil
	}
	var sources []source
	for i, level := range at.levels() {
		sources = append(sources,
			from(level, "memory.swap.max", func(text []byte, c *figure.Cgroup) error { return lower(&c.Memory.SwapLimit, text) }))
		if i > 0 {
			sources = slices.Concat(sources, sharedMemory(level, &filesOfV2), sharedPIDs(level), sharedCPUOfV2(level, i))
		}
	}
	return append(sources,
		from(at.folder, filesOfV2.high, func(text []byte, c *figure.Cgroup) error { return lower(&c.Memory.High, text) }),
		from(at.folder, "pids.max", func(text []byte, c *figure.Cgroup) error { return lower(&c.PIDs.Limit, text) }),
		from(at.folder, "cpu.max", func(text []byte, c *figure.Cgroup) error { return v2Quota(text, &c.CPU.Quota) }),
		from(at.folder, filesOfV2.limit, func(text []byte, c *figure.Cgroup) error { return lower(&c.Memory.Limit, text) }),
		from(at.folder, "memory.current", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.Memory.Usage) }),
		from(at.folder, "memory.stat", v2MemoryStat),
		from(at.folder, "memory.swap.current", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.Memory.Swap) }),
		from(at.folder, "memory.events", v2MemoryEvents),
		from(at.folder, "cpu.stat", func(text []byte, c *figure.Cgroup) error { return v2CPUStat(text, &c.CPU) }),
		from(at.folder, "pids.current", func(text []byte, c *figure.Cgroup) error { return procfs.Count(text, &c.PIDs.Current) }),
		from(at.folder, "pids.events", pidsEvents),
		from(at.folder, "cpu.pressure", func(text []byte, c *figure.Cgroup) error { return procfs.Pressure(text, &c.Pressure.CPU) }),
		from(at.folder, "memory.pressure", func(text []byte, c *figure.Cgroup) error { return procfs.Pressure(text, &c.Pressure.Memory) }),
		from(at.folder, "io.pressure", func(text []byte, c *figure.Cgroup) error { return procfs.Pressure(text, &c.Pressure.IO) }),
	)
}

func v2Quota(text []byte, quota *figure.Number) error {
	used, rest := fields.Next(text)
	period, _ := fields.Next(rest)
	return lowerQuota(quota, used, period)
}

// v2MemoryStat finds the cache that the kernel would drop first: it is in the usage, and no part of the
// working set. It stands behind memory.current in the list, so that the usage is known.
func v2MemoryStat(text []byte, c *figure.Cgroup) error {
	var err error
	c.Memory.WorkingSet, err = workingSet(text, filesOfV2.inactive, c.Memory.Usage)
	return err
}

func workingSet(text []byte, inactive string, usage figure.Count) (figure.Count, error) {
	var cache figure.Count
	fields.Each(text, func(name, rest []byte) {
		if string(name) == inactive {
			set(&cache, rest)
		}
	})
	dropped, ok := cache.Get()
	if !ok {
		return figure.Count{}, fields.ErrFormat
	}
	used, known := usage.Get()
	if !known {
		return figure.Count{}, nil
	}
	return figure.Of(used - min(used, dropped)), nil
}

func v2MemoryEvents(text []byte, c *figure.Cgroup) error {
	fields.Each(text, func(name, rest []byte) {
		switch string(name) {
		case "high":
			set(&c.Memory.HighEvents, rest)
		case "max":
			set(&c.Memory.MaxEvents, rest)
		case "oom":
			set(&c.Memory.OOMEvents, rest)
		case "oom_kill":
			set(&c.Memory.OOMKills, rest)
		}
	})
	return expect(c.Memory.MaxEvents.Known())
}

func v2CPUStat(text []byte, cpu *figure.CgroupCPU) error {
	var used, throttled figure.Count
	fields.Each(text, func(name, rest []byte) {
		switch string(name) {
		case "usage_usec":
			set(&used, rest)
		case "nr_periods":
			set(&cpu.Periods, rest)
		case "nr_throttled":
			set(&cpu.ThrottledPeriods, rest)
		case "throttled_usec":
			set(&throttled, rest)
		}
	})
	cpu.Usage = lasting(used, time.Microsecond)
	cpu.Throttled = lasting(throttled, time.Microsecond)
	return expect(used.Known())
}

func pidsEvents(text []byte, c *figure.Cgroup) error {
	fields.Each(text, func(name, rest []byte) {
		if string(name) == "max" {
			set(&c.PIDs.MaxEvents, rest)
		}
	})
	return expect(c.PIDs.MaxEvents.Known())
}
