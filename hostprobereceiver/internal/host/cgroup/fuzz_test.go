//go:build linux

package cgroup

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

func FuzzLocate(f *testing.F) {
	f.Add("0::/user.slice/otel.service\n", v2Mount)
	f.Add("4:memory:/docker/"+dockerID+"\n2:cpu,cpuacct:/x/../..\n", v1Mount+unifiedMount)
	f.Add("4:memory:/a/b\n", "35 31 0:32 /a /sys/fs/cgroup/memory ro - cgroup none rw,memory\n")
	f.Fuzz(func(t *testing.T, membership, table string) {
		mounts := mountinfo.Parse(table)
		containerID(membership, mounts)
		at := locate(membership, mounts)
		for _, p := range []place{at.unified, at.memory, at.cpu, at.cpuacct, at.pids} {
			levels := p.levels()
			require.LessOrEqual(t, len(levels), deepest)
			for _, level := range levels {
				require.True(t, strings.HasPrefix(level, strings.TrimSuffix(p.top, "/")), "%s is above %s", level, p.top)
			}
		}
	})
}

func FuzzFiles(f *testing.F) {
	f.Add([]byte("max 100000\n"))
	f.Add([]byte("usage_usec 1\nnr_periods 2\nnr_throttled 3\nthrottled_usec 18446744073709551615\n"))
	f.Add([]byte("hierarchical_memory_limit 9223372036854771712\ntotal_inactive_file 5\n"))
	parents := place{folder: "/t/a/b", top: "/t"}
	sources := append(v2(parents), v1(location{memory: parents, cpu: parents, cpuacct: parents, pids: parents})...)
	f.Fuzz(func(t *testing.T, text []byte) {
		var c figure.Cgroup
		for _, s := range sources {
			_ = s.parse(text, &c)
		}
		if used, ok := c.CPU.Usage.Get(); ok {
			require.GreaterOrEqual(t, used, 0*used)
		}
		if quota, ok := c.CPU.Quota.Get(); ok {
			require.GreaterOrEqual(t, quota, 0.0)
		}
	})
}
