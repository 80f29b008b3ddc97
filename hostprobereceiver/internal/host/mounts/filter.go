package mounts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// Filter chooses filesystems. The zero Filter takes what holds data of this host: not what the kernel
// makes up, what another filesystem shows again, what cannot be written to, nor what a network serves.
type Filter struct {
	// Where one of these is set, only what a pattern of it matches is taken, and what the zero Filter
	// would leave out is taken too.
	IncludeTypes, IncludeMountpoints []*regexp.Regexp
	// What a pattern matches is left out, whatever else is said.
	ExcludeTypes, ExcludeMountpoints []*regexp.Regexp
	// Network takes filesystems that a network serves.
	Network bool
}

// automatic filesystems mount something as soon as they are looked at, so nothing can ask for them.
const automatic = "autofs"

// madeUp are types without a limit of their own: of the kernel, images that are always full, and views
// of other filesystems.
var madeUp = map[string]bool{
	"proc": true, "sysfs": true, "cgroup": true, "cgroup2": true, "devpts": true, "devtmpfs": true,
	"securityfs": true, "tracefs": true, "debugfs": true, "pstore": true, "bpf": true, "mqueue": true,
	"hugetlbfs": true, "nsfs": true, "rpc_pipefs": true, "fusectl": true, "configfs": true,
	"binfmt_misc": true, "efivarfs": true, "selinuxfs": true, "fuse.lxcfs": true, "ramfs": true,
	"squashfs": true, "erofs": true, "iso9660": true, "udf": true, "cramfs": true,
	"overlay": true, "aufs": true, "fuse.gvfsd-fuse": true, "fuse.portal": true, "fuse.snapfuse": true,
	"devfs": true, "nullfs": true,
}

var network = map[string]bool{
	"nfs": true, "nfs4": true, "cifs": true, "smb3": true, "smbfs": true, "9p": true, "afs": true,
	"ceph": true, "fuse.ceph": true, "glusterfs": true, "fuse.glusterfs": true, "lustre": true,
	"fuse.sshfs": true, "fuse.s3fs": true, "fuse.gcsfuse": true, "fuse.rclone": true, "ncpfs": true,
	"gfs2": true, "ocfs2": true, "gpfs": true, "beegfs": true, "davfs": true, "fuse.davfs2": true,
}

// small is the size of a tmpfs up to which nobody fills it with data.
const small = 64 << 20

// inMemory are the places where programs leave data in a tmpfs.
var inMemory = []string{"/tmp", "/dev/shm", "/run"}

// takes tells whether a mount is to be read, and whether it was asked for.
func (f Filter) takes(m mountinfo.Mount) (taken, asked bool) {
	if m.Type == automatic || matches(f.ExcludeTypes, m.Type) || matches(f.ExcludeMountpoints, m.Point) {
		return false, false
	}
	if len(f.IncludeTypes)+len(f.IncludeMountpoints) > 0 {
		asked = (len(f.IncludeTypes) == 0 || matches(f.IncludeTypes, m.Type)) &&
			(len(f.IncludeMountpoints) == 0 || matches(f.IncludeMountpoints, m.Point))
		return asked, asked
	}
	switch {
	case madeUp[m.Type]:
		return false, false
	case network[m.Type]:
		return f.Network, f.Network
	case m.Type == "tmpfs":
		return slices.Contains(inMemory, m.Point), false
	default:
		return true, false
	}
}

func matches(patterns []*regexp.Regexp, text string) bool {
	return slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

// visible leaves one mount for each filesystem: the one that is no bind mount, else the one with the
// shortest path. Of several at one place, only the last can be seen.
func visible(all []mountinfo.Mount) []mountinfo.Mount {
	top := map[string]int{}
	for i, m := range all {
		top[m.Point] = i
	}
	best := map[string]int{}
	for i, m := range all {
		if top[m.Point] != i {
			continue
		}
		if other, seen := best[m.Device]; !seen || better(m, all[other]) {
			best[m.Device] = i
		}
	}
	var mounts []mountinfo.Mount
	for i, m := range all {
		if at, seen := best[m.Device]; seen && at == i {
			mounts = append(mounts, m)
		}
	}
	return mounts
}

func better(a, b mountinfo.Mount) bool {
	if whole := a.Root == "/"; whole != (b.Root == "/") {
		return whole
	}
	return len(a.Point) < len(b.Point)
}

func below(root, point string) bool {
	return root == "/" || point == root || strings.HasPrefix(point, root+"/")
}

// under puts a mountpoint of the host below the root path, unless it is there already, as it is where the
// table of mounts is that of the container.
func under(root, point string) string {
	if below(root, point) {
		return point
	}
	if point == "/" {
		return root
	}
	return root + point
}
