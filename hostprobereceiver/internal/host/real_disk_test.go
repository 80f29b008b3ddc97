//go:build linux && hosttest

package host

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mounts"
)

// These tests mount filesystems and fill them. make test-host runs them, as root and with mounts of their own.

// mountPoint mounts something on a new folder.
func mountPoint(t *testing.T, source, kind string, flags uintptr, options string) string {
	t.Helper()
	point := t.TempDir()
	require.NoError(t, unix.Mount(source, point, kind, flags, options), "make test-host runs this as root")
	t.Cleanup(func() { require.NoError(t, unix.Unmount(point, unix.MNT_DETACH)) })
	return point
}

// readerOf reads the filesystems at these places only.
func readerOf(t *testing.T, points ...string) *Reader {
	t.Helper()
	var patterns []*regexp.Regexp
	for _, point := range points {
		patterns = append(patterns, regexp.MustCompile("^"+regexp.QuoteMeta(point)+"$"))
	}
	return newReader(t, Options{Filesystems: mounts.Filter{IncludeMountpoints: patterns}})
}

// only returns the one filesystem that is read.
func only(t *testing.T, r *Reader) figure.Filesystem {
	t.Helper()
	s := scan(t, r, 0)
	require.Len(t, s.Filesystems, 1)
	return s.Filesystems[0]
}

func utilisation(t *testing.T, fs figure.Filesystem) (space, inodes float64) {
	t.Helper()
	s, known := fs.Space.Get()
	require.True(t, known)
	i, known := fs.Inodes.Get()
	require.True(t, known)
	space, _ = s.Utilisation()
	inodes, _ = i.Utilisation()
	return space, inodes
}

func TestRealTmpfsFullOfBytes(t *testing.T) {
	point := mountPoint(t, "tmpfs", "tmpfs", 0, "size=8m")
	r := readerOf(t, point)
	space, _ := utilisation(t, only(t, r))
	require.Zero(t, space)

	err := os.WriteFile(filepath.Join(point, "data"), make([]byte, 16<<20), 0o600)
	require.ErrorIs(t, err, unix.ENOSPC)
	space, inodes := utilisation(t, only(t, r))
	require.InDelta(t, 1, space, 0)
	require.Less(t, inodes, 0.1)
}

func TestRealTmpfsFullOfInodes(t *testing.T) {
	point := mountPoint(t, "tmpfs", "tmpfs", 0, "size=8m,nr_inodes=64")
	r := readerOf(t, point)
	fillInodes(t, point)
	space, inodes := utilisation(t, only(t, r))
	require.InDelta(t, 1, inodes, 0)
	require.Less(t, space, 0.1)
}

// fillInodes makes empty files until there can be no more.
func fillInodes(t *testing.T, point string) {
	t.Helper()
	for i := range 10_000 {
		err := os.WriteFile(filepath.Join(point, strconv.Itoa(i)), nil, 0o600)
		if errors.Is(err, unix.ENOSPC) {
			return
		}
		require.NoError(t, err)
	}
	require.Fail(t, "the filesystem takes any number of files")
}

// ext4 makes a filesystem in a file and mounts it.
func ext4(t *testing.T, options ...string) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "image")
	require.NoError(t, os.WriteFile(image, nil, 0o600))
	require.NoError(t, os.Truncate(image, 32<<20))
	run(t, "mkfs.ext4", append(options, "-q", "-F", image)...)
	point := t.TempDir()
	run(t, "mount", "-o", "loop", image, point)
	t.Cleanup(func() { run(t, "umount", "-l", point) })
	return point
}

func run(t *testing.T, name string, arguments ...string) {
	t.Helper()
	// The context of a test ends before what it cleans up.
	output, err := exec.Command(name, arguments...).CombinedOutput() //nolint:noctx // As the comment says.
	require.NoError(t, err, "%s %s: %s", name, strings.Join(arguments, " "), output)
}

func TestRealExt4IsFullBeforeTheReserveOfRootIs(t *testing.T) {
	point := ext4(t, "-m", "20")
	r := readerOf(t, point)
	file, err := os.Create(filepath.Join(point, "data"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	for {
		_, err := file.Write(make([]byte, 256<<10))
		require.NoError(t, err, "root can go on, others cannot")
		require.NoError(t, file.Sync())
		space, known := only(t, r).Space.Get()
		require.True(t, known)
		if space.Available > 0 {
			continue
		}
		used, _ := space.Utilisation()
		require.InDelta(t, 1, used, 0)
		require.Greater(t, float64(space.Free)/float64(space.Total), 0.1)
		return
	}
}

func TestRealExt4FullOfInodes(t *testing.T) {
	point := ext4(t, "-N", "256")
	fillInodes(t, point)
	space, inodes := utilisation(t, only(t, readerOf(t, point)))
	require.InDelta(t, 1, inodes, 0)
	require.Less(t, space, 0.1)
}

func TestRealFilesystemThatBecomesReadOnly(t *testing.T) {
	point := ext4(t)
	r := readerOf(t, point)
	require.False(t, only(t, r).ReadOnly)
	run(t, "mount", "-o", "remount,ro", point)
	require.True(t, only(t, r).ReadOnly)
	run(t, "mount", "-o", "remount,rw", point)
	require.False(t, only(t, r).ReadOnly)
}

func TestRealErrorMakesAFilesystemReadOnly(t *testing.T) {
	point := ext4(t, "-e", "remount-ro")
	r := readerOf(t, point)
	fs := only(t, r)
	require.False(t, fs.ReadOnly)
	// ext4 lets itself be told that it has found an error.
	trigger := "/sys/fs/ext4/" + filepath.Base(fs.Device) + "/trigger_fs_error"
	require.NoError(t, os.WriteFile(trigger, []byte("a test\n"), 0o600))
	require.True(t, only(t, r).ReadOnly)
}

func TestRealBindMountIsTheSameFilesystem(t *testing.T) {
	point := mountPoint(t, "tmpfs", "tmpfs", 0, "size=8m")
	require.NoError(t, os.Mkdir(filepath.Join(point, "folder"), 0o700))
	bound := mountPoint(t, filepath.Join(point, "folder"), "", unix.MS_BIND, "")
	require.Equal(t, point, only(t, readerOf(t, point, bound)).Mountpoint)
}

func TestRealMountsThatComeAndGo(t *testing.T) {
	point := t.TempDir()
	r := readerOf(t, point)
	require.Empty(t, scan(t, r, 0).Filesystems)
	require.NoError(t, unix.Mount("tmpfs", point, "tmpfs", 0, "size=8m"))
	require.Equal(t, point, only(t, r).Mountpoint)
	require.NoError(t, unix.Unmount(point, 0))
	require.Empty(t, scan(t, r, 0).Filesystems)
}
