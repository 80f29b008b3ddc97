package failurefeedexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadata"
)

func (h *harness) post(path, kind, body string, change ...func(*http.Request)) answer {
	h.t.Helper()
	return h.do(http.MethodPost, path, func(r *http.Request) {
		r.Header.Set("Content-Type", kind)
		r.Body = io.NopCloser(strings.NewReader(body))
		for _, apply := range change {
			apply(r)
		}
	})
}

func TestDetect(t *testing.T) {
	h := newHarness(t, nil)
	for _, tc := range []struct {
		name, body, failureType, rule string
	}{
		{"a message", `{"message": "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=7)"}`, "CONNECTION_POOL_EXHAUSTION", "pool-hikari-timeout"},
		{"a code in the context", `{"message": "call failed", "context": {"http.response.status_code": 429, "nested": {"a": [1]}, "nothing": null}}`, "API_RATE_LIMIT_EXCEEDED", ""},
		{"nothing", `{"message": "user 7 logged in"}`, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			response := h.post("/api/v1/detect", "application/json; charset=utf-8", tc.body)
			require.Equal(t, http.StatusOK, response.status)
			var got *detection
			require.NoError(t, json.NewDecoder(response.body).Decode(&got))
			if tc.failureType == "" {
				require.Nil(t, got)
				return
			}
			require.Equal(t, tc.failureType, got.FailureType)
			require.Contains(t, got.Rule, tc.rule)
			require.NotEmpty(t, got.RootCause)
			require.NotEmpty(t, got.RecoverySteps)
			require.NotEmpty(t, got.Severity)
			require.NotEmpty(t, got.Fingerprint)
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	h := newHarness(t, nil)
	foreign := func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }
	for _, tc := range []struct {
		name, kind, body string
		status           int
		detail           string
		change           []func(*http.Request)
	}{
		{"a form, which any page can send", "text/plain", `{"message": "x"}`, 415, "application/json", nil},
		{"a page of others", "application/json", `{"message": "x"}`, 403, "cors::allowed_origins", []func(*http.Request){foreign}},
		{"what is no JSON", "application/json", `{"message": `, 400, "body: unexpected EOF", nil},
		{"more than one value", "application/json", `{"message": "x"}{}`, 400, "more than one value", nil},
		{"an unknown key", "application/json", `{"massage": "x"}`, 400, `unknown field "massage"`, nil},
		{"no message", "application/json", `{}`, 400, "message: is missing", nil},
		{"deep nesting", "application/json", `{"context": {"a": ` + strings.Repeat("[", 20000), 400, "body: ", nil},
		{"too much", "application/json", `{"message": "` + strings.Repeat("x", 256<<10) + `"}`, 413, "larger than 262144 bytes", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			response := h.post("/api/v1/detect", tc.kind, tc.body, tc.change...)
			require.Equal(t, tc.status, response.status)
			var got problem
			require.NoError(t, json.NewDecoder(response.body).Decode(&got))
			require.Contains(t, got.Detail, tc.detail)
		})
	}
}

func TestRulesThatCannotBeUsedFailTheStart(t *testing.T) {
	config := defaultConfig()
	config.HTTP.NetAddr.Endpoint = "localhost:0"
	config.Rules.Files = []string{"testdata/none.yaml"}
	f, err := newFeed(config, exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.ErrorContains(t, f.start(t.Context(), componenttest.NewNopHost()), "none.yaml")
	require.NoError(t, f.shutdown(context.Background()), "without a start")
}

const ownRule = "pack: own\ntypes: [{type: WIDGET_BROKEN, category: own, severity: low, explain: {cause: It broke., actions: [{do: Mend it., risk: safe}]}}]\nrules:\n  - {id: own-%[1]s, type: WIDGET_BROKEN, confidence: 0.5, match: {patterns: [qwidget %[1]s]}}\n"

func TestChangedRuleFilesAreTakenIntoUse(t *testing.T) {
	name := filepath.Join(t.TempDir(), "own.yaml")
	write := func(content string) { require.NoError(t, os.WriteFile(name, []byte(content), 0o600)) }
	write(fmt.Sprintf(ownRule, "sings"))
	h := newHarness(t, func(c *Config) { c.Rules.Files = []string{name} })
	knows := func(message string) bool {
		response := h.post("/api/v1/detect", "application/json", `{"message": "`+message+`"}`)
		var got *detection
		require.NoError(t, json.NewDecoder(response.body).Decode(&got))
		return got != nil && got.FailureType == "WIDGET_BROKEN"
	}
	hash := func() any { return h.get("/api/v1/stats")["rule_set"].(map[string]any)["hash"] }
	require.True(t, knows("qwidget sings"))
	require.False(t, knows("qwidget dances"))
	before := hash()

	write(fmt.Sprintf(ownRule, "dances"))
	require.Eventually(t, func() bool { return h.logs.FilterMessage("rules reloaded").Len() == 1 }, patience, time.Millisecond)
	require.True(t, knows("qwidget dances"))
	require.NotEqual(t, before, hash())

	write("pack: [")
	require.Eventually(t, func() bool { return h.logs.FilterLevelExact(zap.ErrorLevel).Len() == 1 }, patience, time.Millisecond)
	require.True(t, knows("qwidget dances"), "the last good rules stay in use")
}

func TestATakenPortFailsTheStart(t *testing.T) {
	h := newHarness(t, nil)
	config := defaultConfig()
	config.HTTP.NetAddr = h.feed.config.HTTP.NetAddr
	f, err := newFeed(config, exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.ErrorContains(t, f.start(t.Context(), componenttest.NewNopHost()), "endpoint: ")
	require.NoError(t, f.shutdown(context.Background()))
}
