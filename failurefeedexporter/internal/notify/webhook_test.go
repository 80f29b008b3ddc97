package notify

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWebhookIsToldOfAnEvent(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`/hook", secret: whsec_c2VjcmV0, headers: {X-Team: shop}}]}`)
	e := detected("a-1")
	h.Tell(e)
	got := r.next(t)
	require.Equal(t, "/hook", got.path)
	require.Equal(t, string(e.Message), got.body, "what the stream says")
	require.Equal(t, "application/json", got.header.Get("Content-Type"))
	require.Equal(t, "shop", got.header.Get("X-Team"))
	require.Equal(t, "a-1", got.header.Get("Webhook-Id"))
	requireSigned(t, &got)
}

// requireSigned checks a request as a receiver does.
func requireSigned(t *testing.T, got *request) {
	t.Helper()
	require.Equal(t, got.header.Get(headerSignature), signatureOf("secret", got.header.Get(headerID), got.header.Get(headerTimestamp), got.body))
}

func TestWebhookGetsWhatItWants(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", min_severity: high, events: [failure_detected, failure_resolved]}]}`)
	ongoing := detected("a-2")
	ongoing.Type = eventOngoing
	h.Tell(ongoing)
	h.Tell(detected("b-1", severe("low")))
	h.Tell(detected("c-1"))
	require.Equal(t, "c-1", r.next(t).header.Get(headerID))
	h.stop(t)
	require.Empty(t, r.got)
}

func TestWebhookTemplate(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `
webhooks:
  - endpoint: `+r.URL+`
    template: |-
      {"text": {{json (printf "%s: %s" (upper .Severity) .Message)}}, "id": {{json .EventID}}{{with .URL}}, "link": {{json .}}{{end}},
       "steps": {{json .RecoverySteps}}, "service": {{json (index .Resource "service.name")}}, "short": {{json (truncate 3 .RootCause)}}}
`)
	h.Tell(detected("a-1", func(f *Failure) { f.Message = "<script>\"\n\u2028" }))
	require.JSONEq(t, `{"text": "HIGH: <script>\"\n\u2028", "id": "a-1", "steps": [{"Do": "Look for slow statements.", "Risk": "safe"}],
		"service": "checkout", "short": "A s"}`, r.next(t).body)
}

func TestWebhookBodyThatIsNoJSON(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", template: "{{.Severity}} {{.Message}}", headers: {Content-Type: text/plain}}]}`)
	h.Tell(detected("a-1"))
	got := r.next(t)
	require.Equal(t, "high DATABASE_TIMEOUT in checkout (high).", got.body)
	require.Equal(t, "text/plain", got.header.Get("Content-Type"))
}

func TestWhatATemplateMakesNothingOf(t *testing.T) {
	r := newReceiver(t, nil)
	h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", template: '{"n": {{if gt .Count 5}}{{index .Path 9}}{{else}}1{{end}}}'}]}`)
	h.Tell(detected("a-1", func(f *Failure) { f.Count = 6 }))
	h.Tell(detected("a-2", func(f *Failure) { f.Count = 7 }))
	h.Tell(detected("a-3"))
	require.Equal(t, "a-3", r.next(t).header.Get(headerID))
	require.Equal(t, []string{"failure_feed/webhooks/0 template", "failure_feed/webhooks/0 template"}, h.dropped)
	require.Equal(t, 1, h.log.FilterMessage("the template makes nothing of an event").Len(), "it is said once")
}

func TestRetries(t *testing.T) {
	const retry = "retry_on_failure: {initial_interval: 1ms, max_interval: 1ms}"
	status := func(code int) func(int, http.ResponseWriter) {
		return func(n int, w http.ResponseWriter) {
			if n == 0 {
				w.WriteHeader(code)
			}
		}
	}
	for _, code := range []int{408, 429, 500, 502, 503} {
		t.Run(fmt.Sprintf("after %d it comes again", code), func(t *testing.T) {
			r := newReceiver(t, status(code))
			h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", `+retry+`}]}`)
			h.Tell(detected("a-1"))
			h.Tell(detected("a-2"))
			require.Equal(t, "a-1", r.next(t).header.Get(headerID))
			require.Equal(t, "a-1", r.next(t).header.Get(headerID), "with the same id")
			require.Equal(t, "a-2", r.next(t).header.Get(headerID), "and what follows waits")
		})
	}
	for _, code := range []int{301, 302, 400, 401, 404, 410} {
		t.Run(fmt.Sprintf("after %d it does not", code), func(t *testing.T) {
			r := newReceiver(t, func(n int, w http.ResponseWriter) {
				w.Header().Set("Location", "/elsewhere")
				status(code)(n, w)
			})
			h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", `+retry+`}]}`)
			h.Tell(detected("a-1"))
			h.Tell(detected("a-2"))
			require.Equal(t, "a-1", r.next(t).header.Get(headerID))
			got := r.next(t)
			require.Equal(t, "a-2", got.header.Get(headerID))
			require.Equal(t, "/", got.path)
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		r := newReceiver(t, nil)
		r.Close()
		h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`", retry_on_failure: {initial_interval: 1ms, max_interval: 1ms, max_elapsed_time: 20ms}}]}`)
		h.Tell(detected("a-1"))
		require.Eventually(t, func() bool { return h.log.FilterMessageSnippet("Dropping data").Len() == 1 }, patience, patience/1000)
	})
}

// TestSecretsAreNotSaid lets all go wrong with an address, a secret and a header that are secrets.
func TestSecretsAreNotSaid(t *testing.T) {
	refuse := newReceiver(t, func(_ int, w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) })
	gone := newReceiver(t, nil)
	gone.Close()
	const secret = "correct-horse"
	var text strings.Builder
	text.WriteString("webhooks:\n")
	for _, address := range []string{refuse.URL, gone.URL, "http://nobody.invalid"} {
		fmt.Fprintf(&text, "- {endpoint: '%s/%s', secret: %s, headers: {Authorization: %s}, retry_on_failure: {enabled: false}}\n", address, secret, secret, secret)
	}
	h := newHarness(t, text.String())
	h.Tell(detected("a-1"))
	require.Eventually(t, func() bool { return h.log.FilterMessageSnippet("Dropping data").Len() == 3 }, patience, patience/1000)
	for _, entry := range h.log.All() {
		require.NotContains(t, fmt.Sprintf("%s %v", entry.Message, entry.ContextMap()), secret)
	}
}

func TestIDsThatMayStandInAHeader(t *testing.T) {
	for _, id := range []string{"0123456789abcdef0123456789abcdef-17", "QK4T2M7B-17"} {
		require.Equal(t, id, headerSafe(id))
	}
	for _, id := range []string{"", "a\r\nX-Evil: 1", "a.b", "ä", strings.Repeat("a", 129)} {
		require.Regexp(t, "^[0-9a-f]{32}$", headerSafe(id))
	}
	require.NotEqual(t, headerSafe("a b"), headerSafe("a c"))
}

// TestADeadDestinationDelaysNothing lets one destination of each kind take a request and never answer.
func TestADeadDestinationDelaysNothing(t *testing.T) {
	dead, taken := hole(t)
	alive := newReceiver(t, nil)
	h := newHarness(t, fmt.Sprintf(`
alertmanager:
  - {endpoint: '%[1]s', resend_interval: 10ms}
webhooks:
  - {endpoint: '%[1]s', sending_queue: {queue_size: 1}}
  - {endpoint: '%[1]s', sending_queue: {enabled: false}}
  - {endpoint: '%[1]s', sending_queue: {block_on_overflow: true, queue_size: 1}}
  - {endpoint: '%[2]s'}
`, dead, alive.URL))
	h.become(timeout("a"))
	h.Tell(detected("a-0"))
	for range 4 {
		<-taken // Each of them has a request that it does not answer.
	}
	require.Equal(t, "a-0", alive.next(t).header.Get(headerID))
	const more = 3 * maxWaiting
	for i := range more {
		h.Tell(detected(fmt.Sprintf("b-%d", i))) // It would not come back if it waited for one of them.
		require.Equal(t, fmt.Sprintf("b-%d", i), alive.next(t).header.Get(headerID))
	}
	h.mu.Lock()
	lost := map[string]int{}
	for _, drop := range h.dropped {
		lost[drop]++
	}
	h.mu.Unlock()
	require.Equal(t, more-maxWaiting, lost["failure_feed/webhooks/1 overflow"], "what has no room is counted")
	require.Contains(t, lost, "failure_feed/webhooks/2 overflow")
	require.Zero(t, lost["failure_feed/webhooks/0 overflow"], "here it is the queue that has no room, and counts it")
	require.NotZero(t, h.log.FilterMessageSnippet("Rejecting data").Len())
	h.abandon(t)
}

func TestShutdownSendsWhatWaits(t *testing.T) {
	release := make(chan struct{})
	r := newReceiver(t, func(n int, _ http.ResponseWriter) {
		if n == 0 {
			<-release
		}
	})
	h := newHarness(t, `{webhooks: [{endpoint: "`+r.URL+`"}]}`)
	for i := range 5 {
		h.Tell(detected(fmt.Sprintf("a-%d", i)))
	}
	close(release)
	h.stop(t)
	for i := range 5 {
		require.Equal(t, fmt.Sprintf("a-%d", i), r.next(t).header.Get(headerID))
	}
}
