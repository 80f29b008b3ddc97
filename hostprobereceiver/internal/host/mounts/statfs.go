//go:build linux

package mounts

import (
	"errors"
	"math"

	"golang.org/x/sys/unix"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// Statfs asks the kernel, and computes what df shows.
func Statfs(path string) (Answer, error) {
	var reply unix.Statfs_t
	for {
		err := unix.Statfs(path, &reply)
		if err == nil {
			return measure(&reply), nil
		}
		if !errors.Is(err, unix.EINTR) {
			return Answer{}, err
		}
	}
}

func measure(reply *unix.Statfs_t) Answer {
	var answer Answer
	unit := uint64(reply.Bsize)
	if reply.Frsize > 0 {
		unit = uint64(reply.Frsize)
	}
	// A filesystem of a user can say anything.
	if unit > 0 && reply.Blocks <= math.MaxUint64/unit {
		free := min(reply.Bfree, reply.Blocks)
		answer.Space = figure.Of(figure.Space{
			Total:     reply.Blocks * unit,
			Used:      (reply.Blocks - free) * unit,
			Free:      free * unit,
			Available: min(reply.Bavail, free) * unit,
		})
	}
	// Filesystems that make inodes as they need them say that they have none.
	if reply.Files > 0 {
		answer.Inodes = figure.Of(figure.Inodes{Total: reply.Files, Free: min(reply.Ffree, reply.Files)})
	}
	return answer
}
