//go:build linux

package held

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestReadsAnewWithoutOpeningAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stat")
	require.NoError(t, os.WriteFile(path, []byte("first"), 0o600))
	file := File{Path: path}
	t.Cleanup(file.Close)
	var buffer Buffer
	text, err := file.Read(&buffer)
	require.NoError(t, err)
	require.Equal(t, "first", string(text))

	require.NoError(t, os.WriteFile(path, []byte("2nd"), 0o600))
	require.NoError(t, os.Remove(path))
	text, err = file.Read(&buffer)
	require.NoError(t, err)
	require.Equal(t, "2nd", string(text))
}

func TestFileThatComesLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nf_conntrack_count")
	file := File{Path: path}
	t.Cleanup(file.Close)
	_, err := file.Read(&Buffer{})
	require.ErrorIs(t, err, unix.ENOENT)
	require.NoError(t, os.WriteFile(path, []byte("7"), 0o600))
	for range patience {
		_, err := file.Read(&Buffer{})
		require.ErrorIs(t, err, unix.ENOENT, "it is not looked for each time")
	}
	text, err := file.Read(&Buffer{})
	require.NoError(t, err)
	require.Equal(t, "7", string(text))
}

func TestFileLargerThanTheBuffer(t *testing.T) {
	long := strings.Repeat("x", 3*enough+1)
	path := filepath.Join(t.TempDir(), "mountinfo")
	require.NoError(t, os.WriteFile(path, []byte(long), 0o600))
	file := File{Path: path}
	t.Cleanup(file.Close)
	text, err := file.Read(&Buffer{})
	require.NoError(t, err)
	require.Equal(t, long, string(text))
}

func TestEndlessFileIsCut(t *testing.T) {
	file := File{Path: "/dev/zero"}
	t.Cleanup(file.Close)
	text, err := file.Read(&Buffer{})
	require.NoError(t, err)
	require.LessOrEqual(t, len(text), 2*tooMuch)
}

func TestReadingAgainAllocatesNothing(t *testing.T) {
	file := File{Path: "/proc/self/mountinfo", Paged: true}
	t.Cleanup(file.Close)
	var buffer Buffer
	_, err := file.Read(&buffer)
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = file.Read(&buffer) }))
}

func TestFolderIsAnError(t *testing.T) {
	file := File{Path: t.TempDir()}
	_, err := file.Read(&Buffer{})
	require.ErrorIs(t, err, unix.EISDIR)
	require.Zero(t, file.fd, "it is not kept open")
}
