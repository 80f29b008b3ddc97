package host

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/cgroup"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/processes"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/procfs"
)

// linux reads what the kernel writes itself. gopsutil opens every file anew, takes shared memory for
// cache and the sum of nothing for zero, and does not find swap and load under a root path.
type linux struct {
	buffer    held.Buffer
	files     []file
	cgroup    *cgroup.Reader
	table     *mounts.Table
	mounts    *mounts.Reader
	processes *processes.Reader
}

// file is a file of proc, and where what it says belongs.
type file struct {
	held.File

	parse func(text []byte, s *Snapshot) error
	// optional tells that most hosts do not have it.
	optional bool
}

func newPlatform(options Options) platform {
	proc := filepath.Join(options.RootPath, "proc")
	files := procFiles()
	for i := range files {
		files[i].Path = filepath.Join(proc, files[i].Path)
	}
	return &linux{
		files:     files,
		cgroup:    cgroup.New(options.SelfPath),
		table:     mounts.NewTable(options.RootPath),
		mounts:    mounts.New(options.RootPath, options.Filesystems, options.Patience, mounts.Statfs),
		processes: processes.New(proc),
	}
}

func procFiles() []file {
	at := func(path string, parse func(text []byte, s *Snapshot) error) file {
		return file{File: held.File{Path: path}, parse: parse}
	}
	paged := func(path string, parse func(text []byte, s *Snapshot) error) file {
		return file{File: held.File{Path: path, Paged: true}, parse: parse}
	}
	optional := func(path string, parse func(text []byte, s *Snapshot) error) file {
		return file{File: held.File{Path: path, Paged: true}, parse: parse, optional: true}
	}
	return []file{
		at("stat", func(text []byte, s *Snapshot) error { return procfs.Stat(text, &s.CPU) }),
		at("loadavg", func(text []byte, s *Snapshot) error { return procfs.LoadAvg(text, &s.Load, &s.Tasks) }),
		at("meminfo", func(text []byte, s *Snapshot) error { return procfs.Meminfo(text, &s.Memory) }),
		paged("vmstat", func(text []byte, s *Snapshot) error { return procfs.VMStat(text, &s.Paging) }),
		at("pressure/cpu", func(text []byte, s *Snapshot) error { return procfs.Pressure(text, &s.Pressure.CPU) }),
		at("pressure/memory", func(text []byte, s *Snapshot) error { return procfs.Pressure(text, &s.Pressure.Memory) }),
		at("pressure/io", func(text []byte, s *Snapshot) error { return procfs.Pressure(text, &s.Pressure.IO) }),
		at("sys/fs/file-nr", func(text []byte, s *Snapshot) error { return procfs.FileNR(text, &s.Files) }),
		at("sys/kernel/pid_max", func(text []byte, s *Snapshot) error { return procfs.Count(text, &s.Tasks.MaxPIDs) }),
		at("sys/kernel/threads-max", func(text []byte, s *Snapshot) error { return procfs.Count(text, &s.Tasks.MaxThreads) }),
		optional("sys/net/netfilter/nf_conntrack_count",
			func(text []byte, s *Snapshot) error { return procfs.Count(text, &s.Conntrack.Entries) }),
		optional("sys/net/netfilter/nf_conntrack_max",
			func(text []byte, s *Snapshot) error { return procfs.Count(text, &s.Conntrack.Limit) }),
		optional("spl/kstat/zfs/arcstats", func(text []byte, s *Snapshot) error { return procfs.ARCStats(text, &s.Memory) }),
	}
}

func (l *linux) read(ctx context.Context, s *Snapshot, parts Parts, report func(source string, err error)) {
	for i := range l.files {
		f := &l.files[i]
		text, err := f.Read(&l.buffer)
		if err == nil {
			err = f.parse(text, s)
		}
		if err != nil && (!f.optional || !errors.Is(err, fs.ErrNotExist)) {
			report(f.Path, err)
		}
	}
	l.cgroup.Read(&l.buffer, &s.Cgroup, parts&Cgroup != 0, report)
	l.readMounts(ctx, s, report)
	if parts&Processes != 0 {
		l.processes.Read(ctx, &s.Processes, report)
	}
}

func (l *linux) readMounts(ctx context.Context, s *Snapshot, report func(source string, err error)) {
	table, changed, err := l.table.Read(&l.buffer)
	if err != nil {
		report(l.table.Path, err)
		return
	}
	if changed {
		l.mounts.Follow(table)
	}
	s.Listed = true
	s.Filesystems = l.mounts.Read(ctx, s.Filesystems, report)
}

func (l *linux) close() error {
	for i := range l.files {
		l.files[i].Close()
	}
	l.cgroup.Close()
	l.table.Close()
	l.mounts.Close()
	return nil
}
