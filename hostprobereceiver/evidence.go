package hostprobereceiver

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// fastestMounts is how many filesystems are named that are filled fastest.
const fastestMounts = 3

// evidence says what else a scan saw, in words. Nothing of it is made unless an event is written.
type evidence struct {
	now    *host.Snapshot
	shares *shares
	growth growth
}

func (e *evidence) ofCPU() []string {
	var list []string
	if modes, ok := e.shares.modes.Get(); ok {
		list = append(list, fmt.Sprintf("CPU time: user %s, system %s, waiting for disks %s, taken by other machines %s",
			probe.Percent(modes.User+modes.Nice), probe.Percent(modes.System+modes.IRQ+modes.SoftIRQ), probe.Percent(modes.IOWait), probe.Percent(modes.Steal)))
	}
	list = appendShare(list, "some tasks waited for a CPU in %s of the time", e.shares.pressure.cpu)
	if load, ok := e.now.Load.One.Get(); ok {
		cpus, _ := e.now.CPU.Online.Get()
		list = append(list, fmt.Sprintf("load %.2f on %d CPUs", load, cpus))
	}
	return append(list, e.byCPU()...)
}

func (e *evidence) ofOwnCPU() []string {
	var list []string
	if quota := e.shares.own.quota; quota > 0 {
		text := fmt.Sprintf("the limit is %g CPUs", quota)
		if e.shares.own.quotaShared {
			text += " for all that share it"
		}
		list = append(list, text)
	}
	list = appendShare(list, "throttled in %s of the periods", e.shares.own.throttled)
	list = appendShare(list, "some tasks waited for a CPU in %s of the time", e.shares.own.pressure.cpu)
	return append(list, e.byCPU()...)
}

func (e *evidence) ofMemory() []string {
	var list []string
	total, ok := e.now.Memory.Total.Get()
	if obtainable, known := e.now.Memory.Obtainable(); ok && known {
		list = append(list, size(obtainable)+" of "+size(total)+" are available")
	}
	list = appendShare(list, "swap space: %s used", e.shares.swap)
	list = appendShare(list, "some tasks waited for memory in %s of the time", e.shares.pressure.memory)
	return append(list, e.byMemory()...)
}

func (e *evidence) ofOwnMemory() []string {
	var list []string
	workingSet, most, shared := e.now.Cgroup.Memory.Nearest()
	used, ok := workingSet.Get()
	if limit, known := most.Get(); ok && known {
		text := size(used) + " of " + size(limit) + " are used"
		if shared {
			text += " by all that share a limit with it"
		}
		list = append(list, text)
	}
	list = appendShare(list, "some tasks waited for memory in %s of the time", e.shares.own.pressure.memory)
	return append(list, e.byMemory()...)
}

func (e *evidence) ofDisk(space figure.Space) func() []string {
	return func() []string {
		list := []string{size(space.Available) + " of " + size(space.Used+space.Available) + " are free"}
		return append(list, e.fastest()...)
	}
}

func (e *evidence) ofInodes(inodes figure.Inodes) func() []string {
	return func() []string {
		list := []string{fmt.Sprintf("%d of %d inodes are free", inodes.Free, inodes.Total)}
		return append(list, e.fastest()...)
	}
}

func (e *evidence) fastest() []string {
	var list []string
	for _, mount := range e.growth.fastest(fastestMounts) {
		hourly := e.growth[mount].speed * time.Hour.Seconds()
		list = append(list, printable(mount)+" is filled by "+size(uint64(hourly))+" an hour")
	}
	return appendShare(list, "all tasks waited for disks in %s of the time", e.shares.pressure.ioFull)
}

func (e *evidence) byCPU() []string {
	var list []string
	for _, p := range e.now.Processes.ByCPU {
		list = append(list, fmt.Sprintf("%s (process %d) uses %.2f CPUs", printable(p.Name), p.PID, p.CPU))
	}
	return list
}

func (e *evidence) byMemory() []string {
	var list []string
	for _, p := range e.now.Processes.ByMemory {
		list = append(list, fmt.Sprintf("%s (process %d) has %s", printable(p.Name), p.PID, size(p.Memory)))
	}
	return list
}

func appendShare(list []string, form string, value figure.Number) []string {
	if v, ok := value.Get(); ok {
		return append(list, fmt.Sprintf(form, probe.Percent(v)))
	}
	return list
}

// size writes bytes as people do.
func size(bytes uint64) string {
	value, unit := float64(bytes), 0
	units := [...]string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	for value >= 1024 && unit < len(units)-1 {
		value /= 1024
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

// printable leaves out what would deceive who reads a name that any program may give itself.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
}
