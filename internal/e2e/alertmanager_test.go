package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// alertmanager is a running Alertmanager with the routes and the inhibition of the example, at another pace.
type alertmanager struct {
	t    *testing.T
	port int
}

// alertOf is an alert as Alertmanager's API and its webhook have it.
type alertOf struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	UpdatedAt    time.Time         `json:"updatedAt"`
	Fingerprint  string            `json:"fingerprint"`
	GeneratorURL string            `json:"generatorURL"`
	Status       struct {
		State       string   `json:"state"`
		InhibitedBy []string `json:"inhibitedBy"`
	} `json:"status"`
}

func startAlertmanager(t *testing.T, people, repair string) *alertmanager {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(root, "examples", "alertmanager", "alertmanager.yml"))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "alertmanager.yml")
	require.NoError(t, os.WriteFile(file, []byte("global: {resolve_timeout: 1s}\n"+strings.NewReplacer(
		"group_wait: 10s", "group_wait: 50ms", "group_interval: 1m", "group_interval: 200ms", "http://localhost:9095/alerts", repair,
		"  - name: people\n", "  - name: people\n    webhook_configs: [{url: '"+people+"'}]\n",
	).Replace(string(config))), 0o600))

	a := &alertmanager{t: t, port: freePort(t)}
	log := startServer(t, exec.CommandContext(t.Context(), debianProgram(t, "prometheus-alertmanager", "prometheus-alertmanager"),
		"--config.file", file, "--storage.path", t.TempDir(), "--cluster.listen-address=",
		"--web.listen-address", fmt.Sprintf("127.0.0.1:%d", a.port)))
	require.Eventually(t, func() bool { return getJSON(t, a.url()+"/-/ready", nil) }, patience, glance, "%s", log)
	return a
}

func (a *alertmanager) url() string { return fmt.Sprintf("http://127.0.0.1:%d", a.port) }

// until waits until the alerts that go on are as wanted, and gives them.
func (a *alertmanager) until(wanted func([]alertOf) bool, message string) []alertOf {
	a.t.Helper()
	var list []alertOf
	require.Eventually(a.t, func() bool {
		list = nil
		return getJSON(a.t, a.url()+"/api/v2/alerts", &list) && wanted(list)
	}, patience, glance, message)
	return list
}

func number(n int) func([]alertOf) bool {
	return func(list []alertOf) bool { return len(list) == n }
}

// notified is who Alertmanager notifies.
type notified struct {
	*httptest.Server
	mu sync.Mutex
	// states are whether the alert of a type fired or was resolved, as it was told, without repetitions.
	states map[string][]string
}

func newNotified(t *testing.T) *notified {
	t.Helper()
	n := &notified{states: map[string][]string{}}
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent struct {
			Alerts []struct {
				Status string            `json:"status"`
				Labels map[string]string `json:"labels"`
			} `json:"alerts"`
		}
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		for _, told := range sent.Alerts {
			name := told.Labels["alertname"]
			if list := n.states[name]; len(list) == 0 || list[len(list)-1] != told.Status {
				n.states[name] = append(list, told.Status)
			}
		}
	}))
	t.Cleanup(n.Close)
	return n
}

func (n *notified) of(name string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.states[name]...)
}

// sender is a collector of the example whose feed takes events of incidents, as a test sends them.
type sender struct {
	*collector
	otlp  int
	since time.Time
}

func startSender(t *testing.T, a *alertmanager, keys string) *sender {
	t.Helper()
	s := &sender{otlp: freePort(t), since: time.Now().UTC()}
	s.collector = startCollector(t, setup{
		example: "alertmanager",
		env:     []string{"STATE_DIR=" + t.TempDir()},
		overlays: []string{
			otlpOn(s.otlp), feedOn(freePort(t)),
			"{service: {pipelines: {logs/failures: {receivers: [otlp, failure_detector]}}}}",
			fmt.Sprintf("{exporters: {failure_feed: {notify: {alertmanager: [{endpoint: '%s', %s}]}}}}", a.url(), keys),
		},
	})
	return s
}

// tell sends an event of an incident of checkout.
func (s *sender) tell(t *testing.T, id string, sequence int, name string, attributes map[string]string) {
	t.Helper()
	status := map[string]string{failure.EventResolved: failure.StatusResolved}[name]
	if status == "" {
		status = failure.StatusActive
	}
	all := []string{fmt.Sprintf(`{"key": %q, "value": {"intValue": "%d"}}`, failure.AttrSequence, sequence)}
	text := func(key, value string) {
		all = append(all, fmt.Sprintf(`{"key": %q, "value": {"stringValue": %q}}`, key, value))
	}
	for key, value := range map[string]string{
		failure.AttrIncidentID: id, failure.AttrStatus: status, failure.AttrType: "NETWORK_ERROR", failure.AttrSeverity: "high",
		failure.AttrFingerprint: "v1:" + id, failure.AttrFirstSeen: s.since.Format(time.RFC3339Nano),
	} {
		if attributes[key] == "" {
			text(key, value)
		}
	}
	for key, value := range attributes {
		text(key, value)
	}
	post(t, s.otlp, "logs", fmt.Appendf(nil, `{"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "checkout"}}]},
		"scopeLogs": [{"logRecords": [{"eventName": %q, "body": {"stringValue": "it fails"}, "attributes": [%s]}]}]}]}`, name, strings.Join(all, ",")))
}

// startRepair runs the receiver of the example, and gives what it says and where it listens.
func startRepair(t *testing.T, folder string) (said *output, address string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "repair")
	run(t, root, "go", "build", "-o", binary, "./"+filepath.Join(folder, "repair"))
	command := exec.CommandContext(t.Context(), binary, "-listen", "127.0.0.1:0", "-actions", filepath.Join(folder, "actions.yaml"))
	command.Dir = root
	said = startServer(t, command)
	listens := regexp.MustCompile(`msg="repair listens" address=(\S+)`)
	require.Eventually(t, func() bool { return listens.MatchString(said.String()) }, patience, glance, "%s", said)
	return said, listens.FindStringSubmatch(said.String())[1]
}
