package procfs

import (
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// Meminfo reads /proc/meminfo. A host without memory is not believed.
func Meminfo(text []byte, memory *figure.Memory) error {
	fields.Each(text, func(name, rest []byte) {
		var count *figure.Count
		switch string(name) {
		case "MemTotal:":
			count = &memory.Total
		case "MemAvailable:":
			count = &memory.Available
		case "MemFree:":
			count = &memory.Free
		case "Buffers:":
			count = &memory.Buffers
		case "Cached:":
			count = &memory.Cached
		case "Shmem:":
			count = &memory.Shmem
		case "SwapTotal:":
			count = &memory.SwapTotal
		case "SwapFree:":
			count = &memory.SwapFree
		default:
			return
		}
		// The unit is always kB, which are KiB; 2^54 of them do not fit.
		if n, ok := fields.First(rest); ok && n < 1<<54 {
			*count = figure.Of(n << 10)
		}
	})
	if total, ok := memory.Total.Get(); !ok || total == 0 {
		*memory = figure.Memory{}
		return fields.ErrFormat
	}
	return nil
}

// VMStat reads /proc/vmstat. Kernels before 4.13 do not count kills.
func VMStat(text []byte, paging *figure.Paging) error {
	fields.Each(text, func(name, rest []byte) {
		switch string(name) {
		case "oom_kill":
			set(&paging.OOMKills, rest)
		case "pswpin":
			set(&paging.SwappedIn, rest)
		case "pswpout":
			set(&paging.SwappedOut, rest)
		case "pgmajfault":
			set(&paging.MajorFaults, rest)
		}
	})
	if !paging.MajorFaults.Known() {
		return fields.ErrFormat
	}
	return nil
}

// ARCStats reads /proc/spl/kstat/zfs/arcstats: the cache of ZFS shrinks down to its c_min.
func ARCStats(text []byte, memory *figure.Memory) error {
	var size, least figure.Count
	fields.Each(text, func(name, rest []byte) {
		// The second field is the type of the third.
		_, rest = fields.Next(rest)
		switch string(name) {
		case "size":
			set(&size, rest)
		case "c_min":
			set(&least, rest)
		}
	})
	now, ok := size.Get()
	floor, known := least.Get()
	if !ok || !known {
		return fields.ErrFormat
	}
	memory.ARC = figure.Of(now - min(now, floor))
	return nil
}

// set makes a count known if a number comes first.
func set(count *figure.Count, text []byte) {
	if n, ok := fields.First(text); ok {
		*count = figure.Of(n)
	}
}
