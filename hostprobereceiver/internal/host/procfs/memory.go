package procfs

import (
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// Meminfo reads /proc/meminfo. A host without memory is not believed.
func Meminfo(text []byte, memory *figure.Memory) error {
	fields.Each(text, func(name, value []byte) {
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
		if n, ok := fields.Uint(value); ok && n < 1<<54 {
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
	fields.Each(text, func(name, value []byte) {
		switch string(name) {
		case "oom_kill":
			set(&paging.OOMKills, value)
		case "pswpin":
			set(&paging.SwappedIn, value)
		case "pswpout":
			set(&paging.SwappedOut, value)
		case "pgmajfault":
			set(&paging.MajorFaults, value)
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
	for len(text) > 0 {
		var line []byte
		line, text = fields.Line(text)
		name, rest := fields.Next(line)
		_, rest = fields.Next(rest)
		value, _ := fields.Next(rest)
		switch string(name) {
		case "size":
			set(&size, value)
		case "c_min":
			set(&least, value)
		}
	}
	now, ok := size.Get()
	floor, known := least.Get()
	if !ok || !known {
		return fields.ErrFormat
	}
	memory.ARC = figure.Of(now - min(now, floor))
	return nil
}

// set makes a count known if the field is a number.
func set(count *figure.Count, field []byte) {
	if n, ok := fields.Uint(field); ok {
		*count = figure.Of(n)
	}
}
