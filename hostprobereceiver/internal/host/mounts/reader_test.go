package mounts

import (
	"errors"
	"path"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

var room = Answer{
	Space:  figure.Of(figure.Space{Total: 1 << 30, Used: 1 << 29, Free: 1 << 29, Available: 1 << 28}),
	Inodes: figure.Of(figure.Inodes{Total: 256, Free: 0}),
}

func reader(t *testing.T, root string, filter Filter, ask func(path string) (Answer, error)) *Reader {
	t.Helper()
	r := New(root, filter, patience, ask)
	t.Cleanup(r.Close)
	return r
}

func scan(t *testing.T, r *Reader) (list []figure.Filesystem, reported []string) {
	t.Helper()
	list = r.Read(t.Context(), nil, func(source string, err error) { reported = append(reported, source+": "+err.Error()) })
	return list, reported
}

// disks are n filesystems: /disk0 and so on.
func disks(n int) []mountinfo.Mount {
	var all []mountinfo.Mount
	for i := range n {
		m := mount("ext4", "/disk"+strconv.Itoa(i))
		m.Device = "8:" + strconv.Itoa(i)
		all = append(all, m)
	}
	return all
}

func TestReadsWhatFilesystemsSay(t *testing.T) {
	r := reader(t, "/", Filter{}, func(string) (Answer, error) { return room, nil })
	r.Follow(disks(1))
	list, reported := scan(t, r)
	require.Empty(t, reported)
	require.Equal(t, []figure.Filesystem{
		{Mountpoint: "/disk0", Device: "/dev/x", Type: "ext4", Space: room.Space, Inodes: room.Inodes},
	}, list)
}

func TestMoreFilesystemsThanWorkers(t *testing.T) {
	r := reader(t, "/", Filter{}, func(p string) (Answer, error) {
		n, err := strconv.ParseUint(path.Base(p)[len("disk"):], 10, 64)
		return Answer{Space: figure.Of(figure.Space{Total: n + 1})}, err
	})
	r.Follow(disks(5 * atOnce))
	for range 100 {
		list, reported := scan(t, r)
		require.Empty(t, reported)
		require.Len(t, list, 5*atOnce)
		for i, fs := range list {
			space, _ := fs.Space.Get()
			require.EqualValues(t, i+1, space.Total, fs.Mountpoint)
		}
	}
}

func TestFailureOfOneFilesystemIsItsOwn(t *testing.T) {
	r := reader(t, "/", Filter{}, func(path string) (Answer, error) {
		if path == "/disk0" {
			return Answer{}, errors.New("transport endpoint is not connected")
		}
		return room, nil
	})
	r.Follow(disks(2))
	list, reported := scan(t, r)
	require.Equal(t, []string{"/disk0: transport endpoint is not connected"}, reported)
	require.False(t, list[0].Space.Known())
	require.False(t, list[0].NotAnswering)
	require.Equal(t, room.Space, list[1].Space)
}

func TestBelowARootPath(t *testing.T) {
	var asked []string
	r := reader(t, "/hostfs", Filter{ExcludeMountpoints: patterns("/boot")}, func(path string) (Answer, error) {
		asked = append(asked, path)
		return room, nil
	})
	all := disks(3)
	all[0].Point, all[1].Point, all[2].Point = "/hostfs/data", "/hostfs/boot", "/hostfs"
	r.Follow(all[:1])
	list, _ := scan(t, r)
	require.Equal(t, "/data", list[0].Mountpoint, "as it is called on the host")
	require.Equal(t, []string{"/hostfs/data"}, asked)

	asked = nil
	r.Follow(all)
	list, _ = scan(t, r)
	require.Len(t, list, 2)
	require.Equal(t, "/", list[1].Mountpoint)
}

func TestNamesAreMadePrintable(t *testing.T) {
	var asked string
	r := reader(t, "/", Filter{}, func(path string) (Answer, error) {
		asked = path
		return room, nil
	})
	m := mount("fuse.x", "/home/\xffbad\nname")
	m.Source = "\x1b"
	r.Follow([]mountinfo.Mount{m})
	list, _ := scan(t, r)
	require.Equal(t, "/home/?bad?name", list[0].Mountpoint)
	require.Equal(t, "?", list[0].Device)
	require.Equal(t, "/home/\xffbad\nname", asked, "by its real name")
}

func TestFilesystemThatBecomesReadOnlyStays(t *testing.T) {
	r := reader(t, "/", Filter{}, func(string) (Answer, error) { return room, nil })
	all := disks(2)
	all[1].SuperOptions = "ro"
	r.Follow(all)
	list, _ := scan(t, r)
	require.Len(t, list, 1, "one that never could be written to cannot fill up")
	require.False(t, list[0].ReadOnly)

	all[0].SuperOptions = "ro,errors=remount-ro"
	r.Follow(all)
	list, _ = scan(t, r)
	require.Len(t, list, 1)
	require.True(t, list[0].ReadOnly)

	r.Follow(all[1:])
	list, _ = scan(t, r)
	require.Empty(t, list)
}

func TestSmallTmpfsIsLeftOutUnlessAskedFor(t *testing.T) {
	ask := func(path string) (Answer, error) {
		return Answer{Space: figure.Of(figure.Space{Total: map[string]uint64{"/run": small, "/tmp": small + 1}[path]})}, nil
	}
	all := []mountinfo.Mount{mount("tmpfs", "/run"), mount("tmpfs", "/tmp")}
	all[1].Device = "0:9"
	r := reader(t, "/", Filter{}, ask)
	r.Follow(all)
	list, _ := scan(t, r)
	require.Len(t, list, 1)
	require.Equal(t, "/tmp", list[0].Mountpoint)

	r = reader(t, "/", Filter{IncludeTypes: patterns("tmpfs")}, ask)
	r.Follow(all)
	list, _ = scan(t, r)
	require.Len(t, list, 2)
}

func TestWhatHasNoSizeIsLeftOut(t *testing.T) {
	r := reader(t, "/", Filter{}, func(string) (Answer, error) {
		return Answer{Space: figure.Of(figure.Space{})}, nil
	})
	r.Follow(disks(1))
	list, _ := scan(t, r)
	require.Empty(t, list)
}

func TestHostWithTooManyFilesystems(t *testing.T) {
	r := reader(t, "/", Filter{}, func(string) (Answer, error) { return room, nil })
	r.Follow(disks(most + 1))
	list, reported := scan(t, r)
	require.Len(t, list, most)
	require.Equal(t, []string{"mounts: there are more than 1024 filesystems: the rest are not read"}, reported)
}
