//go:build linux

package cgroup

import (
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/procfs"
)

// memoryFiles are the names of a version of cgroups.
type memoryFiles struct {
	limit, usage string
	// inactive is the key in memory.stat of the cache that is dropped first.
	inactive string
	// met counts how often the limit of the level itself was met, and read reads that.
	met  string
	read func(text []byte, met *figure.Count) error
}

var (
	filesOfV1 = memoryFiles{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "memory.failcnt", procfs.Count}
	filesOfV2 = memoryFiles{"memory.max", "memory.current", "inactive_file", "memory.events.local", metOfV2}
)

// limitOf reads the limit of a level above the own one and, where it has one, how near to it are all that share it.
func limitOf(level string, files *memoryFiles) []source {
	var limit, usage figure.Count
	sources := []source{
		from(level, files.limit, func(text []byte, c *figure.Cgroup) error {
			limit, usage = figure.Count{}, figure.Count{}
			if err := lower(&limit, text); err != nil {
				return err
			}
			return lower(&c.Memory.Limit, text)
		}),
		from(level, files.usage, func(text []byte, _ *figure.Cgroup) error { return procfs.Count(text, &usage) }),
		from(level, "memory.stat", func(text []byte, c *figure.Cgroup) error {
			used, err := workingSet(text, files.inactive, usage)
			c.Memory.Above.Add(used, limit)
			return err
		}),
		from(level, files.met, func(text []byte, c *figure.Cgroup) error {
			var met figure.Count
			err := files.read(text, &met)
			n, _ := met.Get()
			before, _ := c.Memory.Above.Met.Get()
			c.Memory.Above.Met = figure.Of(before + n)
			return err
		}),
	}
	for i := range sources[1:] {
		sources[1+i].wanted = func() bool {
			n, known := limit.Get()
			return known && n != figure.NoLimit
		}
	}
	return sources
}

func metOfV2(text []byte, met *figure.Count) error {
	fields.Each(text, func(name, rest []byte) {
		if string(name) == "max" {
			set(met, rest)
		}
	})
	return expect(met.Known())
}
