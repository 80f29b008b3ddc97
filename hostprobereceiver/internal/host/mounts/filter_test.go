package mounts

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

func patterns(expressions ...string) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, e := range expressions {
		all = append(all, regexp.MustCompile("^(?:"+e+")$"))
	}
	return all
}

func mount(kind, point string) mountinfo.Mount {
	return mountinfo.Mount{Device: "8:1", Root: "/", Point: point, Options: "rw", SuperOptions: "rw", Type: kind, Source: "/dev/x"}
}

func TestFilterTakes(t *testing.T) {
	tests := []struct {
		name         string
		filter       Filter
		mount        mountinfo.Mount
		taken, asked bool
	}{
		{"a disk", Filter{}, mount("ext4", "/"), true, false},
		{"ZFS, which needs no device", Filter{}, mount("zfs", "/tank"), true, false},
		{"a filesystem of a program", Filter{}, mount("fuse.mergerfs", "/pool"), true, false},
		{"a type that nobody knows", Filter{}, mount("bcachefs", "/data"), true, false},
		{"tmpfs where data is left", Filter{}, mount("tmpfs", "/dev/shm"), true, false},
		{"no tmpfs elsewhere", Filter{}, mount("tmpfs", "/run/user/1000"), false, false},
		{"no image, which is always full", Filter{}, mount("squashfs", "/snap/core"), false, false},
		{"no CD", Filter{}, mount("iso9660", "/media/cd"), false, false},
		{"no overlay, which shows another", Filter{}, mount("overlay", "/"), false, false},
		{"nothing made up", Filter{}, mount("cgroup2", "/sys/fs/cgroup"), false, false},
		{"no network", Filter{}, mount("nfs4", "/home"), false, false},
		{"the network on demand", Filter{Network: true}, mount("nfs4", "/home"), true, true},
		{"overlay on demand", Filter{IncludeTypes: patterns("overlay")}, mount("overlay", "/"), true, true},
		{"nothing else then", Filter{IncludeTypes: patterns("overlay")}, mount("ext4", "/data"), false, false},
		{"a place on demand", Filter{IncludeMountpoints: patterns("/snap/.*")}, mount("squashfs", "/snap/core"), true, true},
		{
			"what both includes name",
			Filter{IncludeTypes: patterns("ext4"), IncludeMountpoints: patterns("/data")},
			mount("ext4", "/"), false, false,
		},
		{"not what is excluded by place", Filter{ExcludeMountpoints: patterns("/mnt/.*")}, mount("ext4", "/mnt/x"), false, false},
		{"not what is excluded by type", Filter{ExcludeTypes: patterns("ext.")}, mount("ext4", "/"), false, false},
		{
			"exclusion before inclusion",
			Filter{IncludeTypes: patterns("ext4"), ExcludeMountpoints: patterns("/")},
			mount("ext4", "/"), false, false,
		},
		{"never autofs", Filter{IncludeTypes: patterns(".*")}, mount("autofs", "/net"), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			taken, asked := tt.filter.takes(tt.mount)
			require.Equal(t, tt.taken, taken)
			require.Equal(t, tt.asked, asked)
		})
	}
}

func TestOneMountForEachFilesystem(t *testing.T) {
	at := func(device, root, point string) mountinfo.Mount {
		return mountinfo.Mount{Device: device, Root: root, Point: point}
	}
	points := func(mounts []mountinfo.Mount) []string {
		var all []string
		for _, m := range visible(mounts) {
			all = append(all, m.Device+" "+m.Point)
		}
		return all
	}
	require.Equal(t, []string{"8:1 /var"}, points([]mountinfo.Mount{
		at("8:1", "/lib/docker", "/d"), at("8:1", "/", "/var"), at("8:1", "/x", "/y"),
	}), "the one that is no bind mount")
	require.Equal(t, []string{"8:1 /etc/hosts"}, points([]mountinfo.Mount{
		at("8:1", "/c/hostname", "/etc/hostname"), at("8:1", "/c/hosts", "/etc/hosts"),
	}), "of bind mounts the shortest")
	require.Equal(t, []string{"8:1 /", "0:5 /data"}, points([]mountinfo.Mount{
		at("8:1", "/", "/"), at("8:2", "/", "/data"), at("0:5", "/", "/data"),
	}), "of those at one place the last, which hides the others")
}

func TestMountpointsGoBelowTheRootPathOnce(t *testing.T) {
	for _, tt := range []struct{ root, point, want string }{
		{"/", "/", "/"},
		{"/", "/data", "/data"},
		{"/hostfs", "/", "/hostfs"},
		{"/hostfs", "/data", "/hostfs/data"},
		{"/hostfs", "/hostfs/data", "/hostfs/data"},
		{"/hostfs", "/hostfs", "/hostfs"},
		{"/hostfs", "/hostfs2", "/hostfs/hostfs2"},
	} {
		require.Equal(t, tt.want, under(tt.root, tt.point), tt)
	}
}
