// Package portable reads a host by gopsutil, where there is no proc filesystem to read.
//
// It is the only place that knows gopsutil, version 3 of which gives zeros without an error where it
// could not read: no figure of it is taken without looking whether it can be one.
package portable

import (
	"context"
	"errors"
	"runtime"
	"strings"

	"github.com/shirou/gopsutil/v3/common"
	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/disk"
	"github.com/shirou/gopsutil/v3/host"
	"github.com/shirou/gopsutil/v3/mem"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
)

var errNothing = errors.New("nothing was read")

// Host is a host that gopsutil reads.
type Host struct {
	environment common.EnvMap
}

// New returns the host whose root is mounted at root. The root goes along with each call; a variable of
// the environment would be one for all readers.
func New(root string) Host {
	if root == "/" {
		return Host{}
	}
	root = strings.TrimSuffix(root, "/")
	return Host{environment: common.EnvMap{
		common.HostRootEnvKey: root,
		common.HostProcEnvKey: root + "/proc",
		common.HostSysEnvKey:  root + "/sys",
		common.HostEtcEnvKey:  root + "/etc",
	}}
}

func (h Host) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, common.EnvKey, h.environment)
}

// CPU reads the times that the CPUs have spent. Not by cpu.Percent, which keeps one last reading for all callers.
func (h Host) CPU(ctx context.Context) (figure.CPU, error) {
	ctx = h.within(ctx)
	all, err := cpu.TimesWithContext(ctx, false)
	if err != nil {
		return figure.CPU{}, err
	}
	if len(all) == 0 {
		return figure.CPU{}, errNothing
	}
	t := all[0]
	times := figure.CPUTimes{
		User: t.User, Nice: t.Nice, System: t.System, Idle: t.Idle,
		IOWait: t.Iowait, IRQ: t.Irq, SoftIRQ: t.Softirq, Steal: t.Steal,
	}
	if times.Total() == 0 {
		return figure.CPU{}, errNothing
	}
	read := figure.CPU{Times: figure.Of(times)}
	if n, err := cpu.CountsWithContext(ctx, true); err == nil && n > 0 {
		read.Online = figure.Of(uint64(n))
	}
	return read, nil
}

// Memory reads the memory. What gopsutil calls used depends on its version and counts shared memory as
// free, so only what is available is taken.
func (h Host) Memory(ctx context.Context) (figure.Memory, error) {
	ctx = h.within(ctx)
	m, err := mem.VirtualMemoryWithContext(ctx)
	if err != nil {
		return figure.Memory{}, err
	}
	if m.Total == 0 || m.Available > m.Total {
		return figure.Memory{}, errNothing
	}
	read := figure.Memory{
		Total:     figure.Of(m.Total),
		Available: figure.Of(m.Available),
		Free:      figure.Of(m.Free),
	}
	// On Linux it asks the kernel of the collector, whatever the root is.
	if runtime.GOOS != "linux" {
		if swap, err := mem.SwapMemoryWithContext(ctx); err == nil {
			read.SwapTotal, read.SwapFree = figure.Of(swap.Total), figure.Of(swap.Free)
		}
	}
	return read, nil
}

// Mounts lists the filesystems, network drives included.
func (h Host) Mounts(ctx context.Context) ([]mountinfo.Mount, error) {
	partitions, err := disk.PartitionsWithContext(h.within(ctx), true)
	if err != nil {
		return nil, err
	}
	table := make([]mountinfo.Mount, 0, len(partitions))
	for _, p := range partitions {
		table = append(table, mountinfo.Mount{
			Device:  p.Device + " on " + p.Mountpoint,
			Root:    "/",
			Point:   p.Mountpoint,
			Options: strings.Join(p.Opts, ","),
			Type:    strings.ToLower(p.Fstype),
			Source:  p.Device,
		})
	}
	return table, nil
}

// Filesystem asks one filesystem. It has no context, since gopsutil would not heed it.
func (h Host) Filesystem(path string) (mounts.Answer, error) {
	usage, err := disk.UsageWithContext(h.within(context.Background()), path)
	if err != nil {
		return mounts.Answer{}, err
	}
	answer := mounts.Answer{Space: figure.Of(figure.Space{
		Total: usage.Total, Used: usage.Used, Free: usage.Free, Available: usage.Free,
	})}
	if usage.InodesTotal > 0 {
		answer.Inodes = figure.Of(figure.Inodes{Total: usage.InodesTotal, Free: usage.InodesFree})
	}
	return answer, nil
}

// Identity tells which host it is. What cannot be read is empty.
func (h Host) Identity() figure.Identity {
	ctx := h.within(context.Background())
	var id figure.Identity
	if info, err := host.InfoWithContext(ctx); err == nil {
		id = figure.Identity{Name: info.Hostname, ID: info.HostID, OSName: info.Platform, OSVersion: info.PlatformVersion}
	}
	return id
}
