//go:build linux

package cgroup

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

// containerV2 is what a container with a cgroup namespace sees.
func containerV2() map[string]string {
	return map[string]string{
		"proc/self/cgroup": "0::/\n",
		"proc/self/mountinfo": v2Mount +
			"50 1 8:1 /var/lib/docker/containers/" + dockerID + "/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n",
		"sys/fs/cgroup/memory.max":          "536870912\n",
		"sys/fs/cgroup/memory.high":         "max\n",
		"sys/fs/cgroup/memory.current":      "400000000\n",
		"sys/fs/cgroup/memory.stat":         "anon 250000000\nfile 150000000\ninactive_anon 1\ninactive_file 100000000\n",
		"sys/fs/cgroup/memory.swap.current": "0\n",
		"sys/fs/cgroup/memory.swap.max":     "0\n",
		"sys/fs/cgroup/memory.events":       "low 0\nhigh 276\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n",
		"sys/fs/cgroup/cpu.max":             "20000 100000\n",
		"sys/fs/cgroup/cpu.stat":            "usage_usec 9000000\nuser_usec 1\nsystem_usec 1\nnr_periods 500\nnr_throttled 285\nthrottled_usec 7000000\n",
		"sys/fs/cgroup/pids.max":            "100\n",
		"sys/fs/cgroup/pids.current":        "42\n",
		"sys/fs/cgroup/pids.events":         "max 7\n",
		"sys/fs/cgroup/cpu.pressure":        quiet,
		"sys/fs/cgroup/memory.pressure":     quiet,
		"sys/fs/cgroup/io.pressure":         quiet,
	}
}

func TestContainerOfV2(t *testing.T) {
	c := read(t, testkit.Tree(t, containerV2()))
	stalls := figure.Stalls{
		Some: figure.Of(figure.Stall{Total: 5 * time.Microsecond}),
		Full: figure.Of(figure.Stall{Total: 2 * time.Microsecond}),
	}
	require.Equal(t, figure.Cgroup{
		Mode: figure.CgroupV2, Path: "/", InContainer: true, ContainerID: dockerID,
		CPU: figure.CgroupCPU{
			Quota: figure.Of(0.2), Usage: figure.Of(9 * time.Second),
			Periods: count(500), ThrottledPeriods: count(285), Throttled: figure.Of(7 * time.Second),
		},
		Memory: figure.CgroupMemory{
			Limit: count(536870912), High: count(figure.NoLimit), Usage: count(400000000), WorkingSet: count(300000000),
			Swap: count(0), SwapLimit: count(0),
			HighEvents: count(276), MaxEvents: count(12), OOMEvents: count(3), OOMKills: count(2),
		},
		PIDs:     figure.CgroupPIDs{Current: count(42), Limit: count(100), MaxEvents: count(7)},
		Pressure: figure.Pressure{CPU: stalls, Memory: stalls, IO: stalls},
	}, c)
}

func TestLimitsOfV2BindFromAbove(t *testing.T) {
	service := "sys/fs/cgroup/user.slice/app.slice/otel.service/"
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup":     "0::/user.slice/app.slice/otel.service\n",
		"proc/self/mountinfo":  v2Mount,
		service + "memory.max": "max\n", service + "memory.high": "8000\n", service + "memory.current": "100\n",
		service + "memory.stat": "inactive_file 500\n", service + "cpu.max": "max 100000\n", service + "pids.max": "9000\n",
		"sys/fs/cgroup/user.slice/app.slice/memory.max": "4096\n", "sys/fs/cgroup/user.slice/app.slice/cpu.max": "150000 100000\n",
		"sys/fs/cgroup/user.slice/memory.max": "8192\n", "sys/fs/cgroup/user.slice/memory.high": "2000\n",
		"sys/fs/cgroup/user.slice/cpu.max": "50000 25000\n", "sys/fs/cgroup/user.slice/pids.max": "77\n",
		"sys/fs/cgroup/cgroup.controllers": "cpu memory pids\n",
	}))
	require.Equal(t, "/user.slice/app.slice/otel.service", c.Path)
	require.False(t, c.InContainer)
	require.Equal(t, count(4096), c.Memory.Limit)
	require.Equal(t, count(2000), c.Memory.High)
	require.Equal(t, count(0), c.Memory.WorkingSet, "more cache than memory in use is no negative number")
	require.Equal(t, figure.Of(1.5), c.CPU.Quota)
	require.Equal(t, count(77), c.PIDs.Limit)
	require.False(t, c.PIDs.Current.Known(), "a controller that is not there has no figures")
}

func TestLimitThatOthersShare(t *testing.T) {
	for name, tc := range map[string]struct {
		membership, mount, top string
		files                  map[string]string
	}{
		"v2": {"0::/a.slice/b.slice/own\n", v2Mount, "sys/fs/cgroup/", map[string]string{
			"a.slice/b.slice/own/memory.max": "4000\n", "a.slice/b.slice/own/memory.current": "100\n", "a.slice/b.slice/own/memory.stat": "inactive_file 50\n",
			"a.slice/b.slice/memory.max": "max\n", "a.slice/b.slice/memory.current": "not read\n",
			"a.slice/memory.max": "8000\n", "a.slice/memory.current": "7900\n", "a.slice/memory.stat": "inactive_file 100\n",
			"a.slice/memory.events.local": "low 0\nhigh 0\nmax 3\noom 1\n",
			"memory.max":                  "20000\n", "memory.current": "9000\n", "memory.stat": "inactive_file 100\n", "memory.events.local": "max 4\n",
		}},
		"v1": {"4:memory:/a.slice/b.slice/own\n", v1Mount, "sys/fs/cgroup/memory/", map[string]string{
			"a.slice/b.slice/own/memory.limit_in_bytes": "4000\n", "a.slice/b.slice/own/memory.usage_in_bytes": "100\n", "a.slice/b.slice/own/memory.stat": "total_inactive_file 50\n",
			"a.slice/b.slice/memory.limit_in_bytes": unlimitedV1, "a.slice/b.slice/memory.usage_in_bytes": "not read\n",
			"a.slice/memory.limit_in_bytes": "8000\n", "a.slice/memory.usage_in_bytes": "7900\n", "a.slice/memory.stat": "total_inactive_file 100\n",
			"a.slice/memory.failcnt": "3\n",
			"memory.limit_in_bytes":  "20000\n", "memory.usage_in_bytes": "9000\n", "memory.stat": "total_inactive_file 100\n", "memory.failcnt": "4\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"proc/self/cgroup": tc.membership, "proc/self/mountinfo": tc.mount}
			for file, text := range tc.files {
				files[tc.top+file] = text
			}
			r := New(testkit.Tree(t, files))
			t.Cleanup(r.Close)
			for range 2 {
				c := again(t, r)
				require.Equal(t, figure.Shared{Used: count(7800), Limit: count(8000), Met: count(7)}, c.Memory.Above)
				require.Equal(t, count(4000), c.Memory.Limit)
				require.Equal(t, count(50), c.Memory.WorkingSet)
			}
		})
	}
}

func TestNoLimitIsKnown(t *testing.T) {
	files := containerV2()
	files["sys/fs/cgroup/memory.max"], files["sys/fs/cgroup/cpu.max"] = "max\n", "max 100000\n"
	c := read(t, testkit.Tree(t, files))
	require.Equal(t, count(figure.NoLimit), c.Memory.Limit)
	quota, ok := c.CPU.Quota.Get()
	require.True(t, ok)
	require.True(t, math.IsInf(quota, 1))
}

func TestRootOfV2HasNoLimits(t *testing.T) {
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup":           "0::/\n",
		"proc/self/mountinfo":        v2Mount,
		"sys/fs/cgroup/cpu.stat":     "usage_usec 9\n",
		"sys/fs/cgroup/cpu.pressure": quiet,
	}))
	require.Equal(t, figure.CgroupV2, c.Mode)
	require.False(t, c.Memory.Limit.Known())
	require.False(t, c.Memory.WorkingSet.Known())
	require.False(t, c.CPU.Quota.Known())
	require.False(t, c.CPU.Periods.Known())
}

func TestProcessThatIsMovedIsFollowed(t *testing.T) {
	root := testkit.Tree(t, map[string]string{
		"proc/self/cgroup":             "0::/a\n",
		"proc/self/mountinfo":          v2Mount,
		"sys/fs/cgroup/a/pids.current": "1\n",
		"sys/fs/cgroup/b/pids.current": "2\n",
	})
	r := New(root)
	t.Cleanup(r.Close)
	require.Equal(t, count(1), again(t, r).PIDs.Current)
	testkit.Write(t, root, map[string]string{"proc/self/cgroup": "0::/b\n"})
	c := again(t, r)
	require.Equal(t, count(2), c.PIDs.Current)
	require.Equal(t, "/b", c.Path)
}

func TestFiguresAreReadIfTheyAreWanted(t *testing.T) {
	r := New(testkit.Tree(t, containerV2()))
	t.Cleanup(r.Close)
	var c figure.Cgroup
	r.Read(&held.Buffer{}, &c, false, func(source string, err error) { require.NoError(t, err, source) })
	require.Equal(t, figure.Cgroup{Mode: figure.CgroupV2, Path: "/", InContainer: true, ContainerID: dockerID}, c)
}

func TestProcessOutsideOfItsNamespaceIsNowhere(t *testing.T) {
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup":           "0::/../other\n",
		"proc/self/mountinfo":        v2Mount,
		"sys/fs/cgroup/pids.current": "1\n",
	}))
	require.Equal(t, figure.Cgroup{}, c)
}

func TestFilesOfAnotherShapeAreReportedAndTheRestIsRead(t *testing.T) {
	files := containerV2()
	files["sys/fs/cgroup/memory.max"] = "a lot\n"
	files["sys/fs/cgroup/cpu.stat"] = ""
	root := testkit.Tree(t, files)
	r := New(root)
	t.Cleanup(r.Close)
	c, reported := problems(r)
	require.Equal(t, []string{
		root + "/sys/fs/cgroup/memory.max" + ": not in the format that is expected",
		root + "/sys/fs/cgroup/cpu.stat" + ": not in the format that is expected",
	}, reported)
	require.False(t, c.Memory.Limit.Known())
	require.Equal(t, count(42), c.PIDs.Current)
}
