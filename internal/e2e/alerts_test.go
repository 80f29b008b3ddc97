package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// TestAlertOfTwoSenders lets two collectors tell a real Alertmanager of the same failure.
func TestAlertOfTwoSenders(t *testing.T) {
	people := newNotified(t)
	a := startAlertmanager(t, people.URL, people.URL+"/repair")
	one, two := startSender(t, a, "resolve: by_expiry, resend_interval: 1s"), startSender(t, a, "resolve: by_expiry, resend_interval: 1s")
	for _, s := range []*sender{one, two} {
		s.tell(t, "a", 1, failure.EventOpened, nil)
	}
	fired := a.until(number(1), "it does not fire")[0]
	require.Equal(t, "checkout", fired.Labels["service_name"])
	stays := func(since time.Time, why string) {
		list := a.until(func(list []alertOf) bool {
			return len(list) != 1 || list[0].UpdatedAt.After(since.Add(5*time.Second))
		}, why)
		require.Len(t, list, 1, why)
		require.Equal(t, fired.Fingerprint, list[0].Fingerprint, why)
	}
	stays(time.Now(), "it stays, though five times resolve_timeout passed, and longer than one telling lasts")

	one.tell(t, "a", 2, failure.EventResolved, nil)
	stays(time.Now(), "it stays while one of two says so")
	two.tell(t, "a", 2, failure.EventResolved, nil)
	a.until(number(0), "it does not end when neither says so")
	require.Eventually(t, func() bool { return len(people.of("NETWORK_ERROR")) == 2 }, patience, glance)
	require.Equal(t, []string{"firing", "resolved"}, people.of("NETWORK_ERROR"), "people are told once that it fails and once that it is over")

	for _, s := range []*sender{one, two} {
		s.tell(t, "a", 3, failure.EventRegressed, nil)
	}
	a.until(number(1), "it does not fire again")
	require.NoError(t, one.command.Process.Kill())
	stays(time.Now(), "it stays when one of two dies")
	require.NoError(t, two.command.Process.Kill())
	a.until(number(0), "it does not end by itself when nobody tells of it")
}

// TestAlertEndsAtOnce has one sender, as most do, that goes and comes back in between.
func TestAlertEndsAtOnce(t *testing.T) {
	people := newNotified(t)
	a := startAlertmanager(t, people.URL, people.URL+"/repair")
	s := startSender(t, a, "resend_interval: 1h")
	s.tell(t, "a", 1, failure.EventOpened, nil)
	fired := a.until(number(1), "it does not fire")[0]
	require.Greater(t, time.Until(fired.EndsAt), 2*time.Hour)
	s.tell(t, "a", 2, failure.EventEscalated, map[string]string{failure.AttrSeverity: "critical"})
	worse := a.until(func(list []alertOf) bool { return len(list) == 1 && list[0].Labels["severity"] == "critical" }, "it does not get worse")[0]
	require.Equal(t, fired.StartsAt, worse.StartsAt)
	s.tell(t, "a", 3, failure.EventResolved, map[string]string{failure.AttrSeverity: "critical"})
	a.until(number(0), "it does not end")
	s.stop()
}

// TestOriginInhibitsItsVictims announces a failure, and then that it comes from another.
func TestOriginInhibitsItsVictims(t *testing.T) {
	people := newNotified(t)
	a := startAlertmanager(t, people.URL, people.URL+"/repair")
	s := startSender(t, a, "resend_interval: 1s")
	s.tell(t, "victim", 1, failure.EventOpened, nil)
	a.until(number(1), "it does not fire")
	s.tell(t, "cascade", 1, failure.EventOpened, map[string]string{failure.AttrType: failure.TypeCascade, failure.AttrOrigin: "stock"})
	s.tell(t, "victim", 2, failure.EventOngoing, map[string]string{failure.AttrSuppressedBy: "cascade"})
	states := func(list []alertOf) map[string]string {
		told := map[string]string{}
		for _, alert := range list {
			told[alert.Labels["failure_cascade"]] = alert.Status.State
		}
		return told
	}
	list := a.until(func(list []alertOf) bool { return states(list)["victim"] == "suppressed" }, "the victim is not inhibited")
	require.Len(t, list, 2, "what it was before it was known where it comes from has ended")
	require.Equal(t, map[string]string{"origin": "active", "victim": "suppressed"}, states(list))
	for _, alert := range list {
		require.Equal(t, "stock", alert.Labels["failure_origin"])
		if alert.Labels["failure_cascade"] == "victim" {
			require.Len(t, alert.Status.InhibitedBy, 1)
		}
	}
	s.tell(t, "victim", 3, failure.EventOngoing, map[string]string{failure.AttrSuppressedBy: "cascade"})
	a.until(func(list []alertOf) bool { return states(list)[""] == "active" }, "it is not told that it goes on without its origin")
	s.stop()
}

// TestAlertmanagerExample does what its page tells a newcomer to.
func TestAlertmanagerExample(t *testing.T) {
	folder := filepath.Join("examples", "alertmanager")
	run(t, root, debianProgram(t, "amtool", "prometheus-alertmanager"), "check-config", filepath.Join(folder, "alertmanager.yml"))
	said, address := startRepair(t, folder)
	people := newNotified(t)
	a, port, page := startAlertmanager(t, people.URL, "http://"+address+"/alerts"), freePort(t), freePort(t)
	c := startCollector(t, setup{
		example: "alertmanager",
		env:     []string{"STATE_DIR=" + t.TempDir()},
		overlays: []string{
			otlpOn(port), feedOn(page), fmt.Sprintf("{exporters: {failure_feed: {notify: {alertmanager: [{endpoint: '%s'}]}}}}", a.url()),
		},
	})
	resets, err := os.ReadFile(filepath.Join(root, folder, "resets.json"))
	require.NoError(t, err)
	post(t, port, "logs", resets)
	alert := a.until(number(1), "it does not fire")[0]
	require.Equal(t, map[string]string{
		"alertname": "NETWORK_ERROR", "severity": "medium", "failure_type": "NETWORK_ERROR", "failure_category": "network",
		"failure_transient": "true", "failure_fingerprint": alert.Labels["failure_fingerprint"],
		"service_name": "checkout", "service_namespace": "shop", "deployment_environment_name": "production",
	}, alert.Labels)
	require.Equal(t, "3", alert.Annotations["count"])
	require.Contains(t, alert.Annotations["recovery_steps"], "safe: ")
	require.Equal(t, "http://localhost:8686/#"+alert.Annotations["incident_id"], alert.GeneratorURL)

	example, err := os.ReadFile(filepath.Join(root, folder, "README.md"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return strings.Contains(said.String(), shown(t, string(example))) }, patience, glance, "%s", said)
	require.Eventually(t, func() bool { return len(people.of("NETWORK_ERROR")) == 1 }, patience, glance, "people are told as well")
	c.stop()
}
