package cgroup

import (
	"path"
	"strings"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// place is where a process is in one hierarchy: its folder, and the one where the hierarchy is mounted,
// above which nothing can be seen. The zero place is nowhere.
type place struct {
	folder, top string
}

// location is where a process is.
type location struct {
	mode figure.CgroupMode
	path string
	// unified is the hierarchy of v2, the others are those of the controllers of v1.
	unified, memory, cpu, cpuacct, pids place
}

// locate finds a process by its /proc/PID/cgroup and the mounts that it sees.
func locate(membership string, mounts []mountinfo.Mount) location {
	var at location
	var paths [5]string
	at.unified, paths[0] = find(membership, mounts, "")
	at.memory, paths[1] = find(membership, mounts, "memory")
	at.cpu, paths[2] = find(membership, mounts, "cpu")
	at.cpuacct, paths[3] = find(membership, mounts, "cpuacct")
	at.pids, paths[4] = find(membership, mounts, "pids")

	none := place{}
	divided := at.memory != none || at.cpu != none || at.cpuacct != none || at.pids != none
	switch {
	case divided && at.unified != none:
		at.mode = figure.CgroupHybrid
	case divided:
		at.mode = figure.CgroupV1
	case at.unified != none:
		at.mode = figure.CgroupV2
	}
	if divided {
		// The path in the hierarchy that has the limits, which that of v2 is not then.
		paths = [5]string{paths[1], paths[2], paths[3], paths[4], paths[0]}
	}
	for _, p := range paths {
		if p != "" {
			at.path = p
			break
		}
	}
	return at
}

// find looks the hierarchy of a controller up, or that of v2 where the controller is empty.
func find(membership string, mounts []mountinfo.Mount, controller string) (place, string) {
	within, ok := memberPath(membership, controller)
	if !ok {
		return place{}, ""
	}
	for _, mount := range mounts {
		if controller == "" && mount.Type != "cgroup2" || controller != "" && (mount.Type != "cgroup" || !mount.Has(controller)) {
			continue
		}
		if folder, ok := folder(mount, within); ok {
			return place{folder: folder, top: path.Clean(mount.Point)}, within
		}
	}
	return place{}, ""
}

// memberPath finds the line of a controller, ID:controllers:path, or that without one.
func memberPath(membership, controller string) (string, bool) {
	for line := range strings.Lines(membership) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) < 3 || !strings.HasPrefix(parts[2], "/") || strings.HasPrefix(parts[2], "/..") {
			// What begins with dots is outside of the cgroup namespace and cannot be seen.
			continue
		}
		if controller == "" && parts[1] == "" {
			return parts[2], true
		}
		for one := range strings.SplitSeq(parts[1], ",") {
			if controller != "" && one == controller {
				return parts[2], true
			}
		}
	}
	return "", false
}

// folder tells where a path of a hierarchy is under its mount, which may show a part of it only.
func folder(mount mountinfo.Mount, within string) (string, bool) {
	within = path.Clean(within)
	root := path.Clean(mount.Root)
	switch {
	case root == "/":
		return path.Join(mount.Point, within), true
	case within == root:
		return path.Clean(mount.Point), true
	case strings.HasPrefix(within, root+"/"):
		return path.Join(mount.Point, within[len(root):]), true
	case within == "/":
		// Both are seen from different cgroup namespaces; what is mounted is what there is.
		return path.Clean(mount.Point), true
	default:
		return "", false
	}
}

// deepest bounds how many levels are looked at. systemd and Kubernetes make six.
const deepest = 32

// within is the path below the top.
func (p place) within() string { return strings.TrimPrefix(p.folder, p.top) }

// levels are the folders from the own one up to the top.
func (p place) levels() []string {
	if p.folder == "" {
		return nil
	}
	levels := []string{p.folder}
	for at := p.folder; at != p.top && len(at) > len(p.top) && len(levels) < deepest; {
		at = path.Dir(at)
		levels = append(levels, at)
	}
	return levels
}
