// Package host reads how full a host and the collector's own cgroup are.
package host

import (
	"cmp"
	"context"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
)

// Options say what a Reader reads.
type Options struct {
	// RootPath is where the filesystem of the host is mounted: "/hostfs" in a container that has it there.
	// Empty is "/". Proc, sys and the mounts of the host are found under it.
	RootPath string
	// SelfPath is the root under which the collector finds itself, /proc/self and its cgroup. Empty is "/",
	// in a container too; only tests have another.
	SelfPath string
	// Filesystems chooses those that are read.
	Filesystems mounts.Filter
	// Patience is how long a scan waits for filesystems to answer. 0 is 2 s.
	Patience time.Duration
}

// Parts are what a scan reads beside everything that costs little.
type Parts uint8

const (
	// Cgroup reads what the collector's own cgroup uses and may use. Where it is, is told in any case.
	Cgroup Parts = 1 << iota
	// Processes reads all processes, for those that use most. It costs more than all else together.
	Processes
)

// Reader reads a host. It keeps files open between scans; several readers do not disturb each other. Its
// methods are not for concurrent use.
type Reader struct {
	identity figure.Identity
	platform platform
	told     map[problem]struct{}
}

// problem tells one problem from another. An error cannot, since it is made anew each time.
type problem struct {
	source, text string
}

// remembered bounds the problems that are not told again. Mounts come and go, and each can have one.
const remembered = 1024

// platform reads what an operating system offers. What it cannot read it leaves unknown and reports.
type platform interface {
	read(ctx context.Context, s *Snapshot, parts Parts, report func(source string, err error))
	close() error
}

// patience is how long a disk that has to wake up may take.
const patience = 2 * time.Second

// New returns a reader. It reads nothing yet but which host it is.
func New(options Options) *Reader {
	options.RootPath = cmp.Or(options.RootPath, "/")
	options.SelfPath = cmp.Or(options.SelfPath, "/")
	options.Patience = cmp.Or(options.Patience, patience)
	return &Reader{
		identity: identify(options.RootPath),
		platform: newPlatform(options),
		told:     map[problem]struct{}{},
	}
}

// Read takes a scan. What s held before is overwritten, its lists included. It takes not much longer than
// the patience of the reader, and does not wait any more once the context ends.
func (r *Reader) Read(ctx context.Context, s *Snapshot, parts Parts) {
	s.reset(time.Now(), r.identity)
	r.platform.read(ctx, s, parts, func(source string, err error) {
		if r.isNew(problem{source: source, text: err.Error()}) {
			s.Problems = append(s.Problems, Problem{Source: source, Err: err})
		}
	})
}

func (r *Reader) isNew(p problem) bool {
	if _, told := r.told[p]; told {
		return false
	}
	if len(r.told) == remembered {
		clear(r.told)
	}
	r.told[p] = struct{}{}
	return true
}

// Close lets go of the files and ends what waits for filesystems, except calls into filesystems that do
// not answer: they end when those do.
func (r *Reader) Close() error { return r.platform.close() }
