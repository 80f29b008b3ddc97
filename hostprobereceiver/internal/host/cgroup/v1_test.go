//go:build linux

package cgroup

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

// unlimitedV1 is what v1 writes where there is no limit.
const unlimitedV1 = "9223372036854771712\n"

// hostV1 is a service below a slice that has the limits.
func hostV1() map[string]string {
	memory, cpu, pids := "sys/fs/cgroup/memory/a.slice/", "sys/fs/cgroup/cpu,cpuacct/a.slice/", "sys/fs/cgroup/pids/a.slice/"
	return map[string]string{
		"proc/self/cgroup":                            "5:pids:/a.slice/b\n4:memory:/a.slice/b\n2:cpu,cpuacct:/a.slice/b\n1:name=systemd:/a.slice/b\n",
		"proc/self/mountinfo":                         v1Mount,
		memory + "b/memory.limit_in_bytes":            unlimitedV1,
		memory + "b/memory.usage_in_bytes":            "5000\n",
		memory + "b/memory.stat":                      "inactive_file 1\nhierarchical_memory_limit 8192\ntotal_inactive_file 2000\n",
		memory + "b/memory.failcnt":                   "9\n",
		memory + "b/memory.oom_control":               "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
		memory + "memory.limit_in_bytes":              "8192\n",
		"sys/fs/cgroup/memory/memory.limit_in_bytes":  unlimitedV1,
		cpu + "b/cpu.cfs_quota_us":                    "-1\n",
		cpu + "b/cpu.cfs_period_us":                   "100000\n",
		cpu + "b/cpu.stat":                            "nr_periods 10\nnr_throttled 4\nthrottled_time 2000000000\n",
		cpu + "b/cpuacct.usage":                       "3000000000\n",
		cpu + "cpu.cfs_quota_us":                      "75000\n",
		cpu + "cpu.cfs_period_us":                     "50000\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us":  "-1\n",
		"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
		pids + "b/pids.current":                       "6\n",
		pids + "b/pids.max":                           "max\n",
		pids + "b/pids.events":                        "max 1\n",
		pids + "pids.max":                             "64\n",
	}
}

func TestLimitsOfV1BindFromAbove(t *testing.T) {
	c := read(t, testkit.Tree(t, hostV1()))
	require.Equal(t, figure.Cgroup{
		Mode: figure.CgroupV1, Path: "/a.slice/b",
		CPU: figure.CgroupCPU{
			Quota: figure.Of(1.5), Usage: figure.Of(3 * time.Second),
			Periods: count(10), ThrottledPeriods: count(4), Throttled: figure.Of(2 * time.Second),
		},
		Memory: figure.CgroupMemory{
			Limit: count(8192), Usage: count(5000), WorkingSet: count(3000), MaxEvents: count(9), OOMKills: count(3),
		},
		PIDs: figure.CgroupPIDs{Current: count(6), Limit: count(64), MaxEvents: count(1)},
	}, c)
}

func TestNoLimitOfV1(t *testing.T) {
	files := hostV1()
	for name, text := range files {
		files[name] = strings.ReplaceAll(text, "8192", strings.TrimSpace(unlimitedV1))
		if strings.HasSuffix(name, "cfs_quota_us") {
			files[name] = "-1\n"
		}
	}
	c := read(t, testkit.Tree(t, files))
	require.Equal(t, count(figure.NoLimit), c.Memory.Limit)
	require.Equal(t, figure.Of(math.Inf(1)), c.CPU.Quota)
}

func TestLimitAboveWhatAContainerOfV1Sees(t *testing.T) {
	// Without a cgroup namespace the path is that of the host, and the mounts show the container's part only.
	within := "/docker/" + dockerID
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup":                           "4:memory:" + within + "\n",
		"proc/self/mountinfo":                        "35 31 0:32 " + within + " /sys/fs/cgroup/memory ro - cgroup none rw,memory\n",
		"sys/fs/cgroup/memory/memory.limit_in_bytes": unlimitedV1,
		"sys/fs/cgroup/memory/memory.usage_in_bytes": "300\n",
		"sys/fs/cgroup/memory/memory.stat":           "hierarchical_memory_limit 1000\ntotal_inactive_file 100\n",
	}))
	require.Equal(t, count(1000), c.Memory.Limit)
	require.Equal(t, count(200), c.Memory.WorkingSet)
	require.Equal(t, dockerID, c.ContainerID)
	require.True(t, c.InContainer)
}

func TestCgroupBelowThatOfTheContainer(t *testing.T) {
	within := "/docker/" + dockerID
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup":                                "4:memory:" + within + "/init\n",
		"proc/self/mountinfo":                             "35 31 0:32 " + within + " /sys/fs/cgroup/memory ro - cgroup none rw,memory\n",
		"sys/fs/cgroup/memory/memory.limit_in_bytes":      "1000\n",
		"sys/fs/cgroup/memory/init/memory.limit_in_bytes": "3000\n",
		"sys/fs/cgroup/memory/init/memory.usage_in_bytes": "300\n",
	}))
	require.Equal(t, count(1000), c.Memory.Limit)
	require.Equal(t, count(300), c.Memory.Usage)
}

func TestHybridHasPressureOfV2(t *testing.T) {
	files := hostV1()
	files["proc/self/cgroup"] += "0::/a.slice/b\n"
	files["proc/self/mountinfo"] += unifiedMount
	files["sys/fs/cgroup/unified/a.slice/b/memory.pressure"] = quiet
	c := read(t, testkit.Tree(t, files))
	require.Equal(t, figure.CgroupHybrid, c.Mode)
	require.Equal(t, count(8192), c.Memory.Limit)
	some, ok := c.Pressure.Memory.Some.Get()
	require.True(t, ok)
	require.Equal(t, 5*time.Microsecond, some.Total)
	require.False(t, c.Pressure.IO.Some.Known())
}

func TestHybridMayHaveAControllerOfV2(t *testing.T) {
	files := hostV1()
	files["proc/self/cgroup"] = "5:pids:/a.slice/b\n0::/x\n"
	files["proc/self/mountinfo"] = "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup none rw,pids\n" + unifiedMount
	files["sys/fs/cgroup/unified/x/memory.max"] = "5\n"
	c := read(t, testkit.Tree(t, files))
	require.Equal(t, figure.CgroupHybrid, c.Mode)
	require.Equal(t, count(5), c.Memory.Limit)
	require.Equal(t, count(6), c.PIDs.Current)
}

func TestSystemdAloneOnV1IsV2(t *testing.T) {
	c := read(t, testkit.Tree(t, map[string]string{
		"proc/self/cgroup": "1:name=systemd:/x\n0::/x\n",
		"proc/self/mountinfo": v2Mount +
			"33 31 0:30 / /sys/fs/cgroup/systemd rw - cgroup none rw,name=systemd\n",
		"sys/fs/cgroup/x/memory.max": "5\n",
	}))
	require.Equal(t, figure.CgroupV2, c.Mode)
	require.Equal(t, count(5), c.Memory.Limit)
}

func TestNoCgroups(t *testing.T) {
	root := testkit.Tree(t, map[string]string{"proc/self/cgroup": "", "proc/self/mountinfo": ""})
	require.Equal(t, figure.Cgroup{}, read(t, root))

	_, reported := problems(New(t.TempDir()))
	require.Len(t, reported, 1, "proc itself is missing")
}
