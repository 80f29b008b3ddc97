package manifests

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// folder is where the manifests are.
var folder = filepath.Join("..", "..", "examples", "kubernetes")

// manifest is what a file of manifests has of each kind.
type manifest struct {
	namespaces   []corev1.Namespace
	configs      []corev1.ConfigMap
	services     []corev1.Service
	daemonSets   []appsv1.DaemonSet
	statefulSets []appsv1.StatefulSet
}

// readManifest decodes the objects of a file into the types of the Kubernetes API, which refuse what
// they do not know.
func readManifest(t *testing.T, name string) manifest {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	var m manifest
	for document := range bytes.SplitSeq(content, []byte("\n---\n")) {
		var head metav1.TypeMeta
		require.NoError(t, yaml.Unmarshal(document, &head))
		switch head.APIVersion + " " + head.Kind {
		case "v1 Namespace":
			m.namespaces = append(m.namespaces, strict[corev1.Namespace](t, document))
		case "v1 ConfigMap":
			m.configs = append(m.configs, strict[corev1.ConfigMap](t, document))
		case "v1 Service":
			m.services = append(m.services, strict[corev1.Service](t, document))
		case "apps/v1 DaemonSet":
			m.daemonSets = append(m.daemonSets, strict[appsv1.DaemonSet](t, document))
		case "apps/v1 StatefulSet":
			m.statefulSets = append(m.statefulSets, strict[appsv1.StatefulSet](t, document))
		default:
			require.Fail(t, "a kind that no manifest needs", "%s", document)
		}
	}
	return m
}

func strict[T any](t *testing.T, document []byte) T {
	t.Helper()
	var object T
	require.NoError(t, yaml.UnmarshalStrict(document, &object), "%s", document)
	return object
}

func TestKubernetesManifests(t *testing.T) {
	agent, gateway := readManifest(t, "agent.yaml"), readManifest(t, "gateway.yaml")
	require.Len(t, agent.daemonSets, 1)
	require.Len(t, gateway.statefulSets, 1)
	require.Len(t, gateway.services, 1)
	require.Len(t, gateway.namespaces, 1)

	daemonSet, statefulSet, service := agent.daemonSets[0], gateway.statefulSets[0], gateway.services[0]
	requirePod(t, daemonSet.Spec.Selector, daemonSet.Spec.Template, nil, agent.configs)
	requirePod(t, statefulSet.Spec.Selector, statefulSet.Spec.Template, statefulSet.Spec.VolumeClaimTemplates, gateway.configs)
	require.EqualValues(t, 1, *statefulSet.Spec.Replicas, "one has to see all records of a service")
	require.Equal(t, service.Name, statefulSet.Spec.ServiceName)
	require.Equal(t, service.Spec.Selector, statefulSet.Spec.Template.Labels)
	require.Equal(t, service.Spec.Ports[0].TargetPort.StrVal, statefulSet.Spec.Template.Spec.Containers[0].Ports[0].Name)
	require.Contains(t, agent.configs[0].Data["config.yaml"], service.Name+"."+gateway.namespaces[0].Name+".svc:4317", "the agent finds the gateway")
}

// requirePod requires that what refers to something in a workload finds it.
func requirePod(t *testing.T, selector *metav1.LabelSelector, pod corev1.PodTemplateSpec, claims []corev1.PersistentVolumeClaim, configs []corev1.ConfigMap) {
	t.Helper()
	require.Equal(t, selector.MatchLabels, pod.Labels)
	volumes := map[string]bool{}
	for i := range claims {
		volumes[claims[i].Name] = true
	}
	for i := range pod.Spec.Volumes {
		volume := &pod.Spec.Volumes[i]
		volumes[volume.Name] = true
		if volume.ConfigMap != nil {
			require.Equal(t, configs[0].Name, volume.ConfigMap.Name)
		}
	}
	container := &pod.Spec.Containers[0]
	for _, mount := range container.VolumeMounts {
		require.Contains(t, volumes, mount.Name)
	}
	require.Contains(t, configs[0].Data, filepath.Base(container.Args[1]))
	require.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
	require.False(t, *container.SecurityContext.AllowPrivilegeEscalation)
	require.NotContains(t, container.Resources.Limits, corev1.ResourceCPU, "a collector that is throttled loses data")
	require.Contains(t, container.Resources.Limits, corev1.ResourceMemory)
}

// chartValues are the values of the community's chart that the example sets.
type chartValues struct {
	Mode               string                            `json:"mode"`
	FullnameOverride   string                            `json:"fullnameOverride"`
	ReplicaCount       int                               `json:"replicaCount"`
	Image              struct{ Repository, Tag string }  `json:"image"`
	Command            struct{ Name string }             `json:"command"`
	Presets            map[string]struct{ Enabled bool } `json:"presets"`
	Config             map[string]any                    `json:"config"`
	Resources          corev1.ResourceRequirements       `json:"resources"`
	PodSecurityContext corev1.PodSecurityContext         `json:"podSecurityContext"`
	SecurityContext    corev1.SecurityContext            `json:"securityContext"`
	ExtraVolumeMounts  []corev1.VolumeMount              `json:"extraVolumeMounts"`
	StatefulSet        struct {
		VolumeClaimTemplates []corev1.PersistentVolumeClaim `json:"volumeClaimTemplates"`
	} `json:"statefulset"`
}

func TestHelmValues(t *testing.T) {
	for name, mode := range map[string]string{"values-agent.yaml": "daemonset", "values-gateway.yaml": "statefulset"} {
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(folder, name))
			require.NoError(t, err)
			values := strict[chartValues](t, content)
			require.Equal(t, mode, values.Mode)
			for i, mount := range values.ExtraVolumeMounts {
				require.Equal(t, values.StatefulSet.VolumeClaimTemplates[i].Name, mount.Name)
			}
		})
	}
}
