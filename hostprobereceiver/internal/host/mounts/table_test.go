//go:build linux

package mounts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/held"
	"github.com/failuredetector/failuredetector/internal/testkit"
)

const line = "27 1 254:0 / / rw - ext4 /dev/vda rw\n"

func TestTableIsThatOfTheHost(t *testing.T) {
	require.Equal(t, "/proc/self/mountinfo", NewTable("/").Path, "what the collector can reach")
	require.Equal(t, "/hostfs/proc/1/mountinfo", NewTable("/hostfs/").Path, "that of the collector lists the mounts of its container")
}

func TestTableIsTakenWhenItChanges(t *testing.T) {
	root := testkit.Tree(t, map[string]string{"proc/1/mountinfo": line})
	table := NewTable(root)
	t.Cleanup(table.Close)
	var buffer held.Buffer
	mounts, changed, err := table.Read(&buffer)
	require.NoError(t, err)
	require.True(t, changed)
	require.Len(t, mounts, 1)

	_, changed, err = table.Read(&buffer)
	require.NoError(t, err)
	require.False(t, changed)

	testkit.Write(t, root, map[string]string{"proc/1/mountinfo": line + "28 27 254:1 / /boot rw - ext4 /dev/vdb rw\n"})
	mounts, changed, err = table.Read(&buffer)
	require.NoError(t, err)
	require.True(t, changed)
	require.Len(t, mounts, 2)
}

func TestTableOfTheCollectorWhereTheFirstProcessIsHidden(t *testing.T) {
	root := t.TempDir()
	testkit.Write(t, root, map[string]string{"proc/self/mountinfo": line +
		"28 27 254:1 / " + root + " rw - ext4 /dev/vdb rw\n29 27 254:2 / " + root + "/data rw - ext4 /dev/vdc rw\n"})
	table := NewTable(root)
	t.Cleanup(table.Close)
	mounts, changed, err := table.Read(&held.Buffer{})
	require.NoError(t, err)
	require.True(t, changed)
	require.Len(t, mounts, 2, "what is not below the root path is the container's")
	require.Equal(t, "/dev/vdb", mounts[0].Source)
}

func TestTableThatIsMissing(t *testing.T) {
	_, changed, err := NewTable(t.TempDir()).Read(&held.Buffer{})
	require.Error(t, err)
	require.False(t, changed)
}
