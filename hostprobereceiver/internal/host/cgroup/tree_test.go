//go:build linux

package cgroup

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
)

const (
	dockerID = "8a1f0c2b3d4e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd"

	v2Mount = "31 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 none rw,nsdelegate\n"
	v1Mount = "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs none rw,mode=755\n" +
		"32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup none rw,cpu,cpuacct\n" +
		"35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup none rw,memory\n" +
		"39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup none rw,pids\n"
	unifiedMount = "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 none rw\n"

	quiet = "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=2\n"
)

// read takes one reading of the tree below root, which has no problems.
func read(t *testing.T, root string) figure.Cgroup {
	t.Helper()
	r := New(root)
	t.Cleanup(r.Close)
	return again(t, r)
}

func again(t *testing.T, r *Reader) figure.Cgroup {
	t.Helper()
	var c figure.Cgroup
	r.Read(&held.Buffer{}, &c, true, func(source string, err error) { require.NoError(t, err, source) })
	return c
}

// problems takes one reading and returns what was reported.
func problems(r *Reader) (c figure.Cgroup, reported []string) {
	r.Read(&held.Buffer{}, &c, true, func(source string, err error) { reported = append(reported, source+": "+err.Error()) })
	return c, reported
}

func count(n uint64) figure.Count { return figure.Of(n) }
