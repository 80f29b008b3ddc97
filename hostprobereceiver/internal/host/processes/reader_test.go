//go:build linux

package processes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

func read(t *testing.T, r *Reader) figure.Processes {
	t.Helper()
	var found figure.Processes
	r.Read(t.Context(), &found, func(source string, err error) { require.NoError(t, err, source) })
	return found
}

func names(list []figure.Process) []string {
	var all []string
	for _, p := range list {
		all = append(all, p.Name)
	}
	return all
}

func TestThoseThatUseMostSinceTheLastRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := map[string]string{"self/stat": "", "meminfo": "", "20/stat": "", "21/stat": "no process\n"}
		for pid := 1; pid <= 9; pid++ {
			// All but one have used much before, and the larger the number is, the more memory.
			files[strconv.Itoa(pid)+"/stat"] = stat("old-"+strconv.Itoa(pid), "90000", "0", "5", strconv.Itoa(pid))
		}
		root := testkit.Tree(t, files)
		r := New(root)
		found := read(t, r)
		require.Empty(t, found.ByCPU, "there is nothing to compare with")
		require.Equal(t, []string{"old-9", "old-8", "old-7", "old-6", "old-5"}, names(found.ByMemory))
		require.EqualValues(t, 9*os.Getpagesize(), found.ByMemory[0].Memory)
		require.Equal(t, 9, found.ByMemory[0].PID)

		<-time.After(10 * time.Second)
		testkit.Write(t, root, map[string]string{
			"3/stat":  stat("busy", "90900", "100", "5", "3"),
			"4/stat":  stat("another with this number", "500", "0", "6", "4"),
			"10/stat": stat("new", "0", "700", "7", "1"),
		})
		require.NoError(t, os.RemoveAll(filepath.Join(root, "9")))
		found = read(t, r)
		require.Equal(t, []string{"busy", "new", "another with this number"}, names(found.ByCPU))
		require.InDelta(t, 1.0, found.ByCPU[0].CPU, 1e-9, "10 s in 10 s are one CPU")
		require.InDelta(t, 0.7, found.ByCPU[1].CPU, 1e-9)
		require.InDelta(t, 0.5, found.ByCPU[2].CPU, 1e-9)
		require.NotContains(t, names(found.ByMemory), "old-9")
	})
}

func TestNoProc(t *testing.T) {
	var found figure.Processes
	var reported error
	missing := filepath.Join(t.TempDir(), "missing")
	New(missing).Read(t.Context(), &found, func(source string, err error) {
		require.Equal(t, missing, source)
		reported = err
	})
	require.ErrorIs(t, reported, os.ErrNotExist)
}

func TestProcessThatBurnsCPUIsFound(t *testing.T) {
	r := New("/proc")
	read(t, r)
	burner := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
	require.NoError(t, burner.Start())
	t.Cleanup(func() { _ = burner.Wait() })
	require.Eventually(t, func() bool {
		for _, p := range read(t, r).ByCPU {
			if p.PID == burner.Process.Pid {
				require.Equal(t, "sh", p.Name, "and not its command line")
				return true
			}
		}
		return false
	}, 20*time.Second, 250*time.Millisecond)
}
