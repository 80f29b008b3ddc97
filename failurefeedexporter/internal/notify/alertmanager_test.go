package notify

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func alertsOf(t *testing.T, got request) []alert {
	t.Helper()
	require.Equal(t, "application/json", got.header.Get("Content-Type"))
	var list []alert
	require.NoError(t, json.Unmarshal([]byte(got.body), &list), got.body)
	return list
}

func TestAlertmanagerIsTold(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{alertmanager: [{endpoint: "`+r.URL+`/prefix", headers: {X-Scope-OrgID: shop}}]}`)
	before := time.Now()
	h.become(timeout("a"))
	got := r.next(t)
	require.Equal(t, "/prefix/api/v2/alerts", got.path)
	require.Equal(t, "shop", got.header.Get("X-Scope-OrgID"))
	told := alertsOf(t, got)
	require.Len(t, told, 1)
	require.Equal(t, labelsOf(timeout("a")), told[0].Labels)
	require.Equal(t, start, told[0].StartsAt)
	require.WithinRange(t, told[0].EndsAt, before.Add(3*time.Minute), time.Now().Add(3*time.Minute))

	h.become()
	ended := alertsOf(t, r.next(t))
	require.Len(t, ended, 1)
	require.Equal(t, told[0].Labels, ended[0].Labels)
	require.WithinRange(t, ended[0].EndsAt, before, time.Now())
}

func TestAlertmanagerIsToldAgain(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{alertmanager: [{endpoint: "`+r.URL+`", resend_interval: 1ms}]}`)
	h.become(timeout("a"))
	last := time.Time{}
	for range 5 {
		told := alertsOf(t, r.next(t))
		require.Len(t, told, 1)
		require.True(t, told[0].EndsAt.After(last), "each time it lasts longer")
		last = told[0].EndsAt
	}
}

func TestAlertsComeInBatches(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{alertmanager: [{endpoint: "`+r.URL+`"}]}`)
	var failures []*Failure
	for i := range 2*maxAlerts + 1 {
		failures = append(failures, timeout("a", func(f *Failure) { f.Entity = fmt.Sprintf("db:%d", i) }))
	}
	h.become(failures...)
	var sizes []int
	for range 3 {
		sizes = append(sizes, len(alertsOf(t, r.next(t))))
	}
	require.Equal(t, []int{maxAlerts, maxAlerts, 1}, sizes)
}

func TestShutdownSaysWhatEndedAndNoMore(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{alertmanager: [{endpoint: "`+r.URL+`"}]}`)
	h.become(timeout("a"), timeout("b", severe("low")))
	require.Len(t, alertsOf(t, r.next(t)), 2)
	h.mu.Lock()
	h.failures = []*Failure{timeout("a")} // The event of it waits while changes are gathered.
	h.mu.Unlock()
	h.stop(t)
	ended := alertsOf(t, r.next(t))
	require.Len(t, ended, 1, "what goes on is left as it is: who runs next tells of it")
	require.Equal(t, "low", ended[0].Labels["severity"])
	require.Empty(t, r.got)
}

func TestWhatAlertmanagerRefusesIsSaid(t *testing.T) {
	r := newReceiver(t, func(_ int, w http.ResponseWriter) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte("\"bad\x1b label\"")) // The test is about what becomes of it.
	})
	h := newHarness(t, `{alertmanager: [{endpoint: "`+r.URL+`"}]}`)
	h.become(timeout("a"))
	require.Eventually(t, func() bool { return h.log.FilterMessageSnippet("Dropping data").Len() == 1 }, patience, patience/1000)
	require.Contains(t, fmt.Sprint(h.log.FilterMessageSnippet("Dropping data").All()[0].ContextMap()["error"]), `answer: status 400: "\"bad\x1b label\""`)
}
