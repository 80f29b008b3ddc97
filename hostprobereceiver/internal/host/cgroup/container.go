package cgroup

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

// idLength is that of the ids of Docker, containerd, CRI-O and Podman: 64 hex digits.
const idLength = 64

// containers ends the folder that has one for each container: /var/lib/docker/containers, overlay-containers.
const containers = "containers/"

// containerID finds the id of the container in the path of a cgroup, or, where a cgroup namespace hides
// it, in where files like /etc/hostname are mounted from. It is empty where neither has it.
func containerID(membership string, mounts []mountinfo.Mount) string {
	for line := range strings.Lines(membership) {
		if id := idIn(strings.TrimSpace(line)); id != "" {
			return id
		}
	}
	for _, mount := range mounts {
		// Kubernetes mounts these files from the pod's sandbox, which is not the container.
		at := strings.LastIndex(mount.Root, containers)
		if at < 0 {
			continue
		}
		if id, _, _ := strings.Cut(mount.Root[at+len(containers):], "/"); isID(id) {
			return id
		}
	}
	return ""
}

// idIn finds the innermost id of a path such as /docker/ID or /kubepods.slice/cri-containerd-ID.scope.
func idIn(within string) string {
	for {
		slash := strings.LastIndexByte(within, '/')
		if slash < 0 {
			return ""
		}
		name := strings.TrimSuffix(within[slash+1:], ".scope")
		name = name[strings.LastIndexByte(name, '-')+1:]
		// containerd without systemd joins with colons: /kubepods-pod1.slice:cri-containerd:ID.
		name = name[strings.LastIndexByte(name, ':')+1:]
		if isID(name) {
			return name
		}
		within = within[:slash]
	}
}

func isID(name string) bool {
	if len(name) != idLength {
		return false
	}
	return strings.Trim(name, "0123456789abcdef") == ""
}

// marked tells whether an engine has left its sign that this is a container: Docker, Podman, Kubernetes.
func marked(root string) bool {
	for _, sign := range []string{".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io"} {
		if _, err := os.Lstat(filepath.Join(root, sign)); err == nil {
			return true
		}
	}
	return false
}
