package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// said has the lines that the program writes.
type said chan string

func (s said) Write(p []byte) (int, error) {
	s <- string(p)
	return len(p), nil
}

// line waits for a line, and gives what the parentheses of the pattern match.
func (s said) line(t *testing.T, pattern string) string {
	t.Helper()
	for {
		select {
		case text := <-s:
			if found := regexp.MustCompile(pattern).FindStringSubmatch(text); found != nil {
				return found[1]
			}
		case <-time.After(30 * time.Second):
			require.FailNow(t, "it does not say "+pattern)
		}
	}
}

const payload = `{"version": "4", "status": "firing", "alerts": [{"status": "firing", "fingerprint": "1", "startsAt": "2026-01-31T12:00:00Z",
	"labels": {"alertname": "DATABASE_TIMEOUT", "failure_type": "DATABASE_TIMEOUT", "failure_transient": "true", "service_name": "checkout", "service_namespace": "shop"}}]}`

func post(t *testing.T, url, token, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		ran  bool
	}{
		"nothing is done unless asked for": {},
		"with -run it is done":             {args: []string{"-run"}, ran: true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			ran, actions := filepath.Join(folder, "ran"), filepath.Join(folder, "actions.yaml")
			require.NoError(t, os.WriteFile(actions, []byte(`
per_hour: 3
actions:
  - {name: touch, match: {failure_type: [DATABASE_TIMEOUT]}, command: [touch, `+ran+`], per_hour: 2}
`), 0o600))
			out, status := make(said, 100), make(chan int, 1)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				status <- run(ctx, append(c.args, "-listen", "127.0.0.1:0", "-actions", actions), "", out)
			}()
			address := out.line(t, `msg="repair listens" address=(\S+)`)
			require.Equal(t, http.StatusOK, post(t, "http://"+address+"/alerts", "", payload))
			if c.ran {
				out.line(t, "msg=(ran)")
				require.FileExists(t, ran)
			} else {
				out.line(t, `msg="(would run)"`)
				require.NoFileExists(t, ran)
			}
			cancel()
			require.Zero(t, <-status)
		})
	}
}

func TestRefusedStarts(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no plan":            {[]string{"-actions", "nowhere.yaml"}, "open nowhere.yaml"},
		"everybody may post": {[]string{"-actions", "../actions.yaml", "-listen", ":9095"}, "can be reached from other machines"},
		"no port":            {[]string{"-actions", "../actions.yaml", "-listen", "localhost"}, "missing port"},
		"unknown flag":       {[]string{"-force"}, "flag provided but not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			out := &strings.Builder{}
			require.NotZero(t, run(t.Context(), c.args, "", out))
			require.Contains(t, out.String(), c.want)
		})
	}
}

func TestHandler(t *testing.T) {
	r := newRepairer(testPlan(t), false, nil)
	server := httptest.NewServer(r.handler("right"))
	t.Cleanup(server.Close)
	require.Equal(t, http.StatusUnauthorized, post(t, server.URL+"/alerts", "wrong", payload))
	require.Equal(t, http.StatusBadRequest, post(t, server.URL+"/alerts", "right", "{"))
	require.Equal(t, http.StatusNotFound, post(t, server.URL+"/", "right", payload))
	require.Equal(t, http.StatusBadRequest, post(t, server.URL+"/alerts", "right", `{"alerts": [], "x": "`+strings.Repeat("a", maxRequest)+`"}`))
	for range maxWaiting {
		require.Equal(t, http.StatusOK, post(t, server.URL+"/alerts", "right", payload))
	}
	require.Equal(t, http.StatusServiceUnavailable, post(t, server.URL+"/alerts", "right", payload), "Alertmanager sends it again")
}
