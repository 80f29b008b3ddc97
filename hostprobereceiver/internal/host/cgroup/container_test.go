package cgroup

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/mountinfo"
)

const someID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestContainerID(t *testing.T) {
	for name, membership := range map[string]string{
		"docker":                   "4:memory:/docker/" + someID + "\n",
		"docker with systemd":      "0::/system.slice/docker-" + someID + ".scope\n",
		"containerd in Kubernetes": "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + someID + ".scope\n",
		"containerd with colons":   "1:cpu:/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" + someID + "\n",
		"CRI-O":                    "0::/kubepods.slice/crio-" + someID + ".scope/container\n",
		"Kubernetes of v1":         "2:cpu:/kubepods/besteffort/pod1/" + someID + "\n",
		"podman":                   "0::/user.slice/libpod-" + someID + ".scope\n",
	} {
		require.Equal(t, someID, containerID(membership, nil), name)
	}
	for name, membership := range map[string]string{
		"namespace":   "0::/\n",
		"service":     "0::/system.slice/otel.service\n",
		"short id":    "0::/docker/" + someID[:32] + "\n",
		"upper case":  "0::/docker/" + someID[:63] + "A\n",
		"pod sandbox": "",
	} {
		require.Empty(t, containerID(membership, nil), name)
	}
}

func TestContainerIDFromMounts(t *testing.T) {
	for name, root := range map[string]string{
		"docker": "/var/lib/docker/containers/" + someID + "/hostname",
		"podman": "/var/lib/containers/storage/overlay-containers/" + someID + "/userdata/hostname",
	} {
		require.Equal(t, someID, containerID("0::/\n", []mountinfo.Mount{{Root: "/"}, {Root: root}}), name)
	}
	sandbox := mountinfo.Mount{Root: "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/" + someID + "/hostname"}
	require.Empty(t, containerID("0::/\n", []mountinfo.Mount{sandbox}), "a sandbox is another container")
}
