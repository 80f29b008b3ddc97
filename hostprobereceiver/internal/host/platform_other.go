//go:build !linux

package host

import (
	"context"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/portable"
)

// other reads what gopsutil has of CPU, memory and filesystems. All else stays unknown.
type other struct {
	host   portable.Host
	mounts *mounts.Reader
}

func newPlatform(options Options) platform {
	host := portable.New(options.RootPath)
	return &other{
		host:   host,
		mounts: mounts.New(options.RootPath, options.Filesystems, options.Patience, host.Filesystem),
	}
}

func identify(root string) figure.Identity { return portable.New(root).Identity() }

func (o *other) read(ctx context.Context, s *Snapshot, _ Parts, report func(source string, err error)) {
	var err error
	if s.CPU, err = o.host.CPU(ctx); err != nil {
		report("cpu", err)
	}
	if s.Memory, err = o.host.Memory(ctx); err != nil {
		report("memory", err)
	}
	table, err := o.host.Mounts(ctx)
	if err != nil {
		report("mounts", err)
		return
	}
	o.mounts.Follow(table)
	s.Listed = true
	s.Filesystems = o.mounts.Read(ctx, s.Filesystems, report)
}

func (o *other) close() error {
	o.mounts.Close()
	return nil
}
