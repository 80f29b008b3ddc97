//go:build linux

package cgroup

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

// nested reads a tree below a folder twice, since what a scan read must not stay for the next.
func nested(t *testing.T, membership, mount, top string, files map[string]string, check func(c figure.Cgroup)) {
	t.Helper()
	all := map[string]string{"proc/self/cgroup": membership, "proc/self/mountinfo": mount}
	for file, text := range files {
		all[top+file] = text
	}
	r := New(testkit.Tree(t, all))
	t.Cleanup(r.Close)
	for range 2 {
		check(again(t, r))
	}
}

func TestQuotasThatOthersShareAreComparedWithWhatAllUse(t *testing.T) {
	for name, tc := range map[string]struct {
		membership, mount, top string
		files                  map[string]string
	}{
		"v2": {"0::/a.slice/b.slice/own\n", v2Mount, "sys/fs/cgroup/", map[string]string{
			"a.slice/b.slice/own/cpu.max": "max 100000\n", "a.slice/b.slice/own/cpu.stat": "usage_usec 1000000\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n",
			"a.slice/b.slice/cpu.max": "200000 100000\n", "a.slice/b.slice/cpu.stat": "usage_usec 9000000\nnr_periods 500\nnr_throttled 285\nthrottled_usec 7000000\n",
			"a.slice/cpu.max": "800000 100000\n", "a.slice/cpu.stat": "usage_usec 12000000\nnr_periods 600\nnr_throttled 6\nthrottled_usec 1\n",
			"cpu.stat": "not read\n",
		}},
		"v1": {"2:cpu,cpuacct:/a.slice/b.slice/own\n", v1Mount, "sys/fs/cgroup/cpu,cpuacct/", map[string]string{
			"a.slice/b.slice/own/cpu.cfs_quota_us": "-1\n", "a.slice/b.slice/own/cpu.cfs_period_us": "100000\n",
			"a.slice/b.slice/own/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n", "a.slice/b.slice/own/cpuacct.usage": "1000000000\n",
			"a.slice/b.slice/cpu.cfs_quota_us": "200000\n", "a.slice/b.slice/cpu.cfs_period_us": "100000\n",
			"a.slice/b.slice/cpu.stat": "nr_periods 500\nnr_throttled 285\nthrottled_time 7\n", "a.slice/b.slice/cpuacct.usage": "9000000000\n",
			"a.slice/cpu.cfs_quota_us": "800000\n", "a.slice/cpu.cfs_period_us": "100000\n",
			"a.slice/cpu.stat": "nr_periods 600\nnr_throttled 6\nthrottled_time 1\n", "a.slice/cpuacct.usage": "12000000000\n",
			"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n", "cpu.stat": "not read\n", "cpuacct.usage": "not read\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			nested(t, tc.membership, tc.mount, tc.top, tc.files, func(c figure.Cgroup) {
				require.Equal(t, figure.Of(2.0), c.CPU.Quota)
				require.Equal(t, figure.Of(time.Second), c.CPU.Usage)
				require.Equal(t, []figure.SharedCPU{
					{Level: 1, Quota: 2, Usage: figure.Of(9 * time.Second), Periods: count(500), ThrottledPeriods: count(285)},
					{Level: 2, Quota: 8, Usage: figure.Of(12 * time.Second), Periods: count(600), ThrottledPeriods: count(6)},
				}, c.CPU.Above.All())
			})
		})
	}
}

func TestUsageOfAnotherHierarchyIsNotThatOfAQuota(t *testing.T) {
	mounts := "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup none rw,cpu\n33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup none rw,cpuacct\n"
	nested(t, "2:cpu:/a/b\n3:cpuacct:/c/d\n", mounts, "sys/fs/cgroup/", map[string]string{
		"cpu/a/b/cpu.cfs_quota_us": "-1\n", "cpu/a/b/cpu.cfs_period_us": "100000\n", "cpu/a/cpu.cfs_quota_us": "200000\n", "cpu/a/cpu.cfs_period_us": "100000\n",
		"cpu/a/cpu.stat":          "nr_periods 500\nnr_throttled 285\nthrottled_time 7\n",
		"cpuacct/c/cpuacct.usage": "9000000000\n", "cpuacct/c/d/cpuacct.usage": "1000000000\n",
	}, func(c figure.Cgroup) {
		require.Equal(t, figure.Of(2.0), c.CPU.Quota)
		require.Equal(t, []figure.SharedCPU{{Level: 1, Quota: 2, Periods: count(500), ThrottledPeriods: count(285)}}, c.CPU.Above.All())
	})
}

func TestThreadsThatOthersShareAreThoseOfAll(t *testing.T) {
	files := map[string]string{
		"a.slice/b.slice/own/pids.max": "100\n", "a.slice/b.slice/own/pids.current": "10\n", "a.slice/b.slice/own/pids.events": "max 0\n",
		"a.slice/b.slice/pids.max": "max\n", "a.slice/b.slice/pids.current": "not read\n",
		"a.slice/pids.max": "500\n", "a.slice/pids.current": "490\n", "a.slice/pids.events.local": "max 7\n",
	}
	for name, tc := range map[string]struct{ membership, mount, top string }{
		"v2": {"0::/a.slice/b.slice/own\n", v2Mount, "sys/fs/cgroup/"},
		"v1": {"4:pids:/a.slice/b.slice/own\n", v1Mount, "sys/fs/cgroup/pids/"},
	} {
		t.Run(name, func(t *testing.T) {
			nested(t, tc.membership, tc.mount, tc.top, files, func(c figure.Cgroup) {
				require.Equal(t, figure.Shared{Used: count(490), Limit: count(500), Met: count(7)}, c.PIDs.Above)
				require.Equal(t, count(100), c.PIDs.Limit)
				used, limit, shared := c.PIDs.Nearest()
				require.Equal(t, []any{count(490), count(500), true}, []any{used, limit, shared})
			})
		})
	}
}

func TestMemoryThatAllAreSlowedFor(t *testing.T) {
	nested(t, "0::/a.slice/own\n", v2Mount, "sys/fs/cgroup/", map[string]string{
		"a.slice/own/memory.max": "4000\n", "a.slice/own/memory.high": "max\n", "a.slice/own/memory.current": "100\n", "a.slice/own/memory.stat": "inactive_file 50\n",
		"a.slice/memory.high": "3000\n", "a.slice/memory.max": "max\n", "a.slice/memory.current": "not read\n", "a.slice/memory.events.local": "low 0\nhigh 40\nmax 2\n",
	}, func(c figure.Cgroup) {
		require.Equal(t, figure.Shared{Met: count(42)}, c.Memory.Above)
		require.Equal(t, count(3000), c.Memory.High)
	})
}
