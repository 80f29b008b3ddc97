package host

import (
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// Snapshot is what one scan has read. Counters are as the kernel has them: a rate is the difference of two
// snapshots. CPU to Filesystems are those of the whole host, Cgroup is the collector's own.
type Snapshot struct {
	// Time is when the scan began, with the monotonic clock.
	Time time.Time
	// Identity is the same in every snapshot of a reader.
	Identity figure.Identity

	CPU         figure.CPU
	Load        figure.Load
	Memory      figure.Memory
	Paging      figure.Paging
	Pressure    figure.Pressure
	Files       figure.Files
	Tasks       figure.Tasks
	Conntrack   figure.Conntrack
	Filesystems []figure.Filesystem
	// Listed tells that it is known which filesystems there are: one that is not among them is gone.
	Listed bool
	Cgroup figure.Cgroup
	// Processes is filled where the scan was asked for them.
	Processes figure.Processes

	// Problems are those that no earlier scan of the reader has told. What could not be read is unknown.
	Problems []Problem
}

// Problem is something that could not be read: the file or the mount, and why.
type Problem struct {
	Source string
	Err    error
}

// reset makes everything unknown, and keeps the memory of the lists.
func (s *Snapshot) reset(now time.Time, id figure.Identity) {
	*s = Snapshot{
		Time:        now,
		Identity:    id,
		Filesystems: s.Filesystems[:0],
		Processes:   figure.Processes{ByCPU: s.Processes.ByCPU[:0], ByMemory: s.Processes.ByMemory[:0]},
		Problems:    s.Problems[:0],
	}
}
