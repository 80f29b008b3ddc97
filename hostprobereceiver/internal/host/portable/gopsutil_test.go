//go:build linux

package portable

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

func fakeHost(t *testing.T) Host {
	t.Helper()
	return New(testkit.Tree(t, map[string]string{
		"proc/stat":    "cpu 100 0 100 800 50 0 0 0\ncpu0 100 0 100 800 50 0 0 0\n",
		"proc/meminfo": "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\nCached: 700 kB\nShmem: 600 kB\n",
		"proc/cpuinfo": "processor : 0\n",
	}))
}

func TestReadsBelowARootPath(t *testing.T) {
	h := fakeHost(t)
	cpu, err := h.CPU(t.Context())
	require.NoError(t, err)
	require.Equal(t, figure.Of(figure.CPUTimes{User: 1, System: 1, Idle: 8, IOWait: 0.5}), cpu.Times)
	memory, err := h.Memory(t.Context())
	require.NoError(t, err)
	used, ok := memory.Utilisation()
	require.True(t, ok)
	require.InDelta(t, 0.75, used, 1e-9, "shared memory is used")
	require.False(t, memory.SwapTotal.Known(), "it would be that of the machine that reads")
}

func TestZerosWithoutAnErrorAreNotBelieved(t *testing.T) {
	nothing := New(t.TempDir())
	_, err := nothing.CPU(t.Context())
	require.Error(t, err)
	_, err = nothing.Memory(t.Context())
	require.Error(t, err)
}

func TestHostThatCannotBeReadDoesNotSpoilAnother(t *testing.T) {
	nothing, h := New(t.TempDir()), fakeHost(t)
	for range 3 {
		_, err := nothing.CPU(t.Context())
		require.Error(t, err)
		cpu, err := h.CPU(t.Context())
		require.NoError(t, err)
		require.True(t, cpu.Times.Known())
	}
}

func TestThisMachine(t *testing.T) {
	h := New("/")
	cpu, err := h.CPU(t.Context())
	require.NoError(t, err)
	require.True(t, cpu.Online.Known())
	require.NotEmpty(t, h.Identity().Name)
	mounts, err := h.Mounts(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, mounts)
	answer, err := h.Filesystem(t.TempDir())
	require.NoError(t, err)
	require.True(t, answer.Space.Known())
}
