//go:build linux && hosttest

package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// joined is a new cgroup that this process has moved into until the test ends.
type joined struct {
	folder string
	v2     bool
}

// join makes a cgroup that limits what a controller is for.
func join(t *testing.T, controller string) joined {
	t.Helper()
	top := "/sys/fs/cgroup"
	_, err := os.Stat(filepath.Join(top, "cgroup.controllers"))
	c := joined{v2: err == nil}
	var own string
	if c.v2 {
		own = membership(t, "")
		c.set(t, filepath.Join(top, "cgroup.subtree_control"), "+"+controller)
	} else {
		own = membership(t, controller)
		top = filepath.Join(top, controller)
	}
	c.folder = filepath.Join(top, "failuredetector-"+strconv.Itoa(os.Getpid()))
	require.NoError(t, os.Mkdir(c.folder, 0o700), "make test-host runs this as root")
	t.Cleanup(func() {
		c.set(t, filepath.Join(top, own, "cgroup.procs"), strconv.Itoa(os.Getpid()))
		require.Eventually(t, func() bool { return os.Remove(c.folder) == nil }, 10*time.Second, 10*time.Millisecond)
	})
	c.set(t, filepath.Join(c.folder, "cgroup.procs"), strconv.Itoa(os.Getpid()))
	return c
}

// membership returns where this process is, in v2 where the controller is empty.
func membership(t *testing.T, controller string) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/cgroup")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) == 3 && strings.Contains(","+parts[1]+",", ","+controller+",") {
			return parts[2]
		}
	}
	require.Fail(t, "there is no cgroup", controller)
	return ""
}

func (joined) set(t *testing.T, file, value string) {
	t.Helper()
	require.NoError(t, os.WriteFile(file, []byte(value), 0o600))
}

// limit writes a file that has another name in v1.
func (c joined) limit(t *testing.T, v1, v2, value string) {
	t.Helper()
	name := v1
	if c.v2 {
		name = v2
	}
	c.set(t, filepath.Join(c.folder, name), value)
}

func rise(t *testing.T, before, after figure.Count) uint64 {
	t.Helper()
	from, known := before.Get()
	require.True(t, known)
	to, known := after.Get()
	require.True(t, known)
	return to - from
}

func TestRealOOMKill(t *testing.T) {
	const most = 64 << 20
	c := join(t, "memory")
	c.limit(t, "memory.limit_in_bytes", "memory.max", strconv.Itoa(most))
	if c.v2 {
		c.limit(t, "", "memory.swap.max", "0")
	} else {
		c.limit(t, "memory.swappiness", "", "0")
	}
	r := newReader(t, Options{})
	before := scan(t, r, Cgroup)
	require.Equal(t, figure.Of[uint64](most), before.Cgroup.Memory.Limit)
	require.Equal(t, "/"+filepath.Base(c.folder), before.Cgroup.Path)

	// A line without an end is kept whole. If nothing kills it, it ends by itself.
	eater := exec.CommandContext(t.Context(), "sh", "-c", "echo 1000 >/proc/self/oom_score_adj; head -c 256M /dev/zero | tail >/dev/null; exit $?")
	eater.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.Error(t, eater.Run(), "it was killed")

	after := scan(t, r, Cgroup)
	require.GreaterOrEqual(t, rise(t, before.Paging.OOMKills, after.Paging.OOMKills), uint64(1))
	require.GreaterOrEqual(t, rise(t, before.Cgroup.Memory.OOMKills, after.Cgroup.Memory.OOMKills), uint64(1))
	require.Positive(t, rise(t, before.Cgroup.Memory.MaxEvents, after.Cgroup.Memory.MaxEvents))
	used, known := after.Cgroup.Memory.WorkingSet.Get()
	require.True(t, known)
	require.LessOrEqual(t, used, uint64(most))
}

func TestRealThrottling(t *testing.T) {
	c := join(t, "cpu")
	if c.v2 {
		c.limit(t, "", "cpu.max", "20000 100000")
	} else {
		c.limit(t, "cpu.cfs_period_us", "", "100000")
		c.limit(t, "cpu.cfs_quota_us", "", "20000")
	}
	r := newReader(t, Options{})
	before := scan(t, r, Cgroup)
	require.Equal(t, figure.Of(0.2), before.Cgroup.CPU.Quota)
	burn(200 * time.Millisecond)
	after := scan(t, r, Cgroup)
	require.Positive(t, rise(t, before.Cgroup.CPU.ThrottledPeriods, after.Cgroup.CPU.ThrottledPeriods))
	require.Positive(t, rise(t, before.Cgroup.CPU.Periods, after.Cgroup.CPU.Periods))
	from, _ := before.Cgroup.CPU.Throttled.Get()
	to, known := after.Cgroup.CPU.Throttled.Get()
	require.True(t, known)
	require.Greater(t, to, from)
}

// divide makes two cgroups of one, this process in the first of them, and gives what a shell begins with that is to be
// in the other.
func (c joined) divide(t *testing.T, controller string) (inSibling string) {
	t.Helper()
	own, sibling := filepath.Join(c.folder, "own"), filepath.Join(c.folder, "sibling")
	back := c.folder
	if c.v2 {
		back = filepath.Dir(c.folder)
	}
	for _, folder := range []string{own, sibling} {
		require.NoError(t, os.Mkdir(folder, 0o700))
		t.Cleanup(func() {
			require.Eventually(t, func() bool { return os.Remove(folder) == nil }, 10*time.Second, 10*time.Millisecond)
		})
	}
	c.set(t, filepath.Join(own, "cgroup.procs"), strconv.Itoa(os.Getpid()))
	t.Cleanup(func() { c.set(t, filepath.Join(back, "cgroup.procs"), strconv.Itoa(os.Getpid())) })
	if c.v2 {
		c.set(t, filepath.Join(c.folder, "cgroup.subtree_control"), "+"+controller)
	}
	return "echo 1000 >/proc/self/oom_score_adj; echo $$ >" + filepath.Join(sibling, "cgroup.procs") + "; "
}

// TestRealQuotaThatASiblingUses limits a cgroup in which this process is one of two; the other has the CPUs.
func TestRealQuotaThatASiblingUses(t *testing.T) {
	c := join(t, "cpu")
	if c.v2 {
		c.limit(t, "", "cpu.max", "20000 100000")
	} else {
		c.limit(t, "cpu.cfs_period_us", "", "100000")
		c.limit(t, "cpu.cfs_quota_us", "", "20000")
	}
	inSibling := c.divide(t, "cpu")
	r := newReader(t, Options{})
	above := func() figure.SharedCPU {
		read := scan(t, r, Cgroup)
		all := read.Cgroup.CPU.Above.All()
		require.Len(t, all, 1)
		require.Equal(t, 1, all[0].Level)
		require.InDelta(t, 0.2, all[0].Quota, 1e-9)
		return all[0]
	}
	before := above()
	_ = exec.CommandContext(t.Context(), "sh", "-c", inSibling+"exec timeout 1 sh -c 'while :; do :; done'").Run()
	after := above()
	require.Positive(t, rise(t, before.ThrottledPeriods, after.ThrottledPeriods))
	if c.v2 { // In v1 the time is that of another hierarchy, in which this process was not moved.
		from, _ := before.Usage.Get()
		to, _ := after.Usage.Get()
		require.Greater(t, to-from, 100*time.Millisecond)
	}
}

// TestRealThreadsThatASiblingHas does so with threads.
func TestRealThreadsThatASiblingHas(t *testing.T) {
	c := join(t, "pids")
	c.set(t, filepath.Join(c.folder, "pids.max"), "100")
	inSibling := c.divide(t, "pids")
	r := newReader(t, Options{})
	many := exec.CommandContext(t.Context(), "sh", "-c", inSibling+"for i in $(seq 60); do sleep 60 & done; echo ready; wait")
	many.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := many.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, many.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-many.Process.Pid, syscall.SIGKILL)
		_ = many.Wait()
	})
	_, err = output.Read(make([]byte, 8))
	require.NoError(t, err)
	figures := scan(t, r, Cgroup).Cgroup.PIDs
	together, limit, shared := figures.Nearest()
	require.True(t, shared)
	require.Equal(t, figure.Of[uint64](100), limit)
	n, _ := together.Get()
	require.Greater(t, n, uint64(60))
	own, _ := figures.Current.Get()
	require.Less(t, own, uint64(60))
}

// TestRealLimitThatASiblingUses limits a cgroup in which this process is one of two; the other has the memory.
func TestRealLimitThatASiblingUses(t *testing.T) {
	const most, used = 64 << 20, 40 << 20
	c := join(t, "memory")
	c.limit(t, "memory.limit_in_bytes", "memory.max", strconv.Itoa(most))
	inSibling := c.divide(t, "memory")
	r := newReader(t, Options{})
	before := scan(t, r, Cgroup)

	// What is in a tmpfs belongs to the cgroup of the process that wrote it.
	file := filepath.Join(mountPoint(t, "none", "tmpfs", 0, "size=64m"), "file")
	run(t, "sh", "-c", inSibling+"head -c "+strconv.Itoa(used)+" /dev/zero >"+file)
	after := scan(t, r, Cgroup)
	together, limit, shared := after.Cgroup.Memory.Nearest()
	require.True(t, shared)
	require.Equal(t, figure.Of[uint64](most), limit)
	n, _ := together.Get()
	require.GreaterOrEqual(t, n, uint64(used))

	// Whether it is killed or swapped depends on the machine.
	_ = exec.CommandContext(t.Context(), "sh", "-c", inSibling+"head -c 256M /dev/zero | tail >/dev/null").Run()
	require.Positive(t, rise(t, before.Cgroup.Memory.Above.Met, scan(t, r, Cgroup).Cgroup.Memory.Above.Met))
}
