package failurefeedexporter

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

func TestListFailures(t *testing.T) {
	h := newHarness(t, nil)
	at := func(hour string) func(map[string]any) {
		return func(m map[string]any) { m[failure.AttrFirstSeen] = "2026-01-31T" + hour + ":00:00Z" }
	}
	for id, change := range map[string][]func(map[string]any){
		"a": {at("10")},
		"b": {at("11"), func(m map[string]any) { m[failure.AttrSeverity], m[failure.AttrType] = "critical", "NETWORK_ERROR" }},
		"c": {at("12"), func(m map[string]any) { m[failure.AttrCategory] = "network" }},
	} {
		attributes := map[string]any{}
		for _, apply := range change {
			apply(attributes)
		}
		h.send(incident(id, 1, failure.EventOpened, with(attributes)))
	}
	h.send(incident("d", 5, failure.EventResolved, with(map[string]any{failure.AttrFirstSeen: "2026-01-31T09:00:00Z"})))

	for _, tc := range []struct {
		name, query string
		want        []string
	}{
		{"all, the youngest first", "", []string{"c", "b", "a", "d"}},
		{"by status", "?status=resolved", []string{"d"}},
		{"by one of two statuses", "?status=resolved,active&limit=2", []string{"c", "b"}},
		{"by severity", "?severity=critical", []string{"b"}},
		{"by type", "?type=NETWORK_ERROR", []string{"b"}},
		{"by category", "?category=network", []string{"c"}},
		{"by service", "?service=checkout&service=other&limit=1", []string{"c"}},
		{"by a service that is not there", "?service=other", []string{}},
		{"since a time", "?since=2026-01-31T12:05:00Z", []string{"d"}},
		{"since a while ago", "?since=1m", []string{}},
		{"by two things", "?severity=critical&status=resolved", []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := *h
			h.t = t
			require.Equal(t, tc.want, h.ids("/api/v1/failures"+tc.query))
		})
	}
}

// The names of by_service are what a client has to ask by.
func TestAServiceIsAskedForByTheNameThatIsCounted(t *testing.T) {
	h := newHarness(t, nil)
	logs := probe(failure.EventObserved, "high", time.Now())
	logs.ResourceLogs().At(0).Resource().Attributes().Clear()
	h.send(logs)
	names := h.get("/api/v1/stats")["by_service"].(map[string]any)
	require.Len(t, names, 1)
	for name := range names {
		require.Len(t, h.ids("/api/v1/failures?service="+url.QueryEscape(name)), 1, name)
	}
}

func TestPagingGivesEachFailureOnce(t *testing.T) {
	h := newHarness(t, nil)
	for i := range 25 {
		h.send(incident(fmt.Sprintf("%02d", i), 1, failure.EventOpened)) // All at the same time.
	}
	var all []string
	path := "/api/v1/failures?limit=10"
	for pages := 1; ; pages++ {
		all = append(all, h.ids(path)...)
		next, more := h.get(path)["next_cursor"].(string)
		if !more {
			require.Equal(t, 3, pages)
			break
		}
		// What happens between two pages moves nothing.
		h.send(incident("00", int64(pages+1), failure.EventOngoing))
		path = "/api/v1/failures?limit=10&cursor=" + url.QueryEscape(next)
	}
	require.Len(t, all, 25)
	require.IsIncreasing(t, all)
}

func TestShowFailure(t *testing.T) {
	h := newHarness(t, nil)
	h.send(
		incident("victim", 1, failure.EventOpened, with(map[string]any{failure.AttrSuppressedBy: "origin"})),
		incident("origin", 1, failure.EventOpened, with(map[string]any{failure.AttrOrigin: "orders", failure.AttrVictims: []any{"victim", "gone"}})),
		incident("origin", 2, failure.EventResolved),
	)
	origin := h.get("/api/v1/failures/origin")
	require.Equal(t, "resolved", origin["status"])
	require.Len(t, origin["timeline"], 2)
	require.Equal(t, map[string]any{
		"event": "failure.opened", "sequence": 1.0, "time": "2026-01-31T12:01:00Z", "status": "active",
		"severity": "high", "count": 1.0, "message": "failure.opened is told",
	}, origin["timeline"].([]any)[0])

	victim := h.get("/api/v1/failures/victim")
	require.Equal(t, "origin", victim["cascade"].([]any)[0].(map[string]any)["id"])
}

func TestStats(t *testing.T) {
	h := newHarness(t, nil)
	h.send(incident("a", 1, failure.EventOpened))
	got := h.get("/api/v1/stats")
	require.EqualValues(t, 1, got["active"])
	require.EqualValues(t, 1, got["opened_last_hour"])
	require.Equal(t, map[string]any{"checkout": 1.0}, got["by_service"])
	require.Nil(t, got["time_to_resolve"])
	require.Regexp(t, "^[0-9a-f]{16}$", got["rule_set"].(map[string]any)["hash"])
}

func TestProblems(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Stream.Enabled = false })
	long := strings.Repeat("x", maxParameter+1)
	for _, tc := range []struct {
		name, method, path string
		status             int
		detail             string
	}{
		{"an unknown failure", "GET", "/api/v1/failures/none", 404, "there is no failure of this id"},
		{"an unknown path", "GET", "/api/v2/failures", 404, "there is nothing under this path"},
		{"a path out of the tree", "GET", "/api/v1/failures/..%2f..%2fetc%2fpasswd", 404, "there is no failure of this id"},
		{"a stream that is switched off", "GET", "/api/v1/stream", 404, "the stream is switched off: stream::enabled says so"},
		{"a question without a body", "GET", "/api/v1/detect", 405, "this path takes POST"},
		{"a method that is not taken", "DELETE", "/api/v1/failures", 405, "this path takes GET"},
		{"an unknown parameter", "GET", "/api/v1/failures?stat=active", 400, `"stat": is no parameter: use status, severity,`},
		{"an unknown status", "GET", "/api/v1/failures?status=bad", 400, `status: "bad" is none: use active, resolved, stale, predicted`},
		{"an unknown severity", "GET", "/api/v1/failures?severity=HIGH", 400, `severity: "HIGH" is none`},
		{"no time", "GET", "/api/v1/failures?since=yesterday", 400, `since: "yesterday" is neither`},
		{"a time to come", "GET", "/api/v1/failures?since=-5m", 400, `since: "-5m" would be a time to come`},
		{"no number", "GET", "/api/v1/failures?limit=ten", 400, `limit: "ten" is no number from 1 to 500`},
		{"a number that is too large", "GET", "/api/v1/failures?limit=501", 400, `limit: "501"`},
		{"a foreign cursor", "GET", "/api/v1/failures?cursor=AAAA", 400, "cursor: \"AAAA\" is none of this server"},
		{"a huge cursor", "GET", "/api/v1/failures?cursor=" + long, 400, "cursor: is longer than 1024 bytes"},
		{"a huge filter", "GET", "/api/v1/failures?service=" + long, 400, "service: is longer than 1024 bytes"},
		{"a line break in a parameter", "GET", "/api/v1/failures?a%0d%0ab=1", 400, `"a\r\nb": is no parameter`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			response := h.do(tc.method, tc.path, nil)
			require.Equal(t, tc.status, response.status)
			require.Equal(t, "application/problem+json", response.header.Get("Content-Type"))
			var got problem
			require.NoError(t, json.NewDecoder(response.body).Decode(&got))
			require.Equal(t, tc.status, got.Status)
			require.Equal(t, http.StatusText(tc.status), got.Title)
			require.Contains(t, got.Detail, tc.detail)
		})
	}
}

func TestTextOfASenderCannotLeaveTheJSON(t *testing.T) {
	h := newHarness(t, nil)
	h.send(incident("a", 1, failure.EventOpened, with(map[string]any{failure.AttrCause: "</script><script>alert(1)</script>\x1b[31m\u202e"})))
	response := h.do(http.MethodGet, "/api/v1/failures", nil)
	content, err := io.ReadAll(response.body)
	require.NoError(t, err)
	require.NotContains(t, string(content), "<script>")
	require.NotContains(t, string(content), "\x1b")
	require.Equal(t, "nosniff", response.header.Get("X-Content-Type-Options"))
}
