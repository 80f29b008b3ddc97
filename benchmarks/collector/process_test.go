package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProcessorTimeIsThatOfUserAndKernel(t *testing.T) {
	spent, err := parseProcessorTime("4711 (otel (col) x) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0")
	require.NoError(t, err)
	require.Equal(t, 3*time.Second, spent)
	_, err = parseProcessorTime("4711 (otelcol) S 1 2")
	require.ErrorContains(t, err, "too few fields")
}

func TestResidentMemoryIsInBytes(t *testing.T) {
	resident, err := parseResidentMemory("VmPeak:\t  200 kB\nVmRSS:\t  100 kB\n")
	require.NoError(t, err)
	require.InDelta(t, 102_400, resident, 0)
	_, err = parseResidentMemory("VmPeak:\t  200 kB\n")
	require.ErrorContains(t, err, "there is no VmRSS")
}

// TestOwnProcessIsRead holds that the files of the kernel look as expected.
func TestOwnProcessIsRead(t *testing.T) {
	stat, err := os.ReadFile("/proc/self/stat")
	require.NoError(t, err)
	_, err = parseProcessorTime(string(stat))
	require.NoError(t, err)
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	resident, err := parseResidentMemory(string(status))
	require.NoError(t, err)
	require.Greater(t, resident, 1e6)
}

func TestCollectorThatEndsAtOnceIsToldWithWhatItPrinted(t *testing.T) {
	folder := t.TempDir()
	binary := filepath.Join(folder, "collector")
	require.NoError(t, os.WriteFile(binary, []byte("#!/bin/sh\necho no apples\nexit 3\n"), 0o700))
	_, err := start(context.Background(), binary, folder, variant{name: "no processor"})
	require.ErrorContains(t, err, "ended before it listened: exit status 3\nno apples")
}
