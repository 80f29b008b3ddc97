//go:build linux && hosttest

package host

import (
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRealProcessesThatBurnTheCPUs has one for each CPU, which compress nothing for a second.
func TestRealProcessesThatBurnTheCPUs(t *testing.T) {
	r := newReader(t, Options{})
	for range runtime.NumCPU() {
		burner := exec.CommandContext(t.Context(), "gzip", "--best", "--stdout", "/dev/zero")
		require.NoError(t, burner.Start())
		t.Cleanup(func() {
			_ = burner.Process.Kill()
			_ = burner.Wait()
		})
	}
	before := scan(t, r, Processes)
	burn(time.Second)
	after := scan(t, r, Processes)

	spent, known := after.CPU.Since(before.CPU)
	require.True(t, known)
	require.Greater(t, spent.Busy()/spent.Total(), 0.9)
	var names []string
	for _, p := range after.Processes.ByCPU {
		names = append(names, p.Name)
	}
	require.Contains(t, names, "gzip")
}
