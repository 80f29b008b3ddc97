package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// prometheus is a running Prometheus with the configuration of the example.
type prometheus struct {
	t    *testing.T
	port int
}

// debianProgram gives a program of a Debian package that the tests need.
func debianProgram(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	require.NoError(t, err, "apt-get install %s", pkg)
	return path
}

// startServer starts a program that is killed when the test ends, and gives what it says.
func startServer(t *testing.T, command *exec.Cmd) *output {
	t.Helper()
	log := &output{}
	command.Stdout, command.Stderr = log, log
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, command.Process.Kill())
		require.Error(t, command.Wait(), "it was killed")
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(command.Path), log)
		}
	})
	return log
}

func startPrometheus(t *testing.T) *prometheus {
	t.Helper()
	p := &prometheus{t: t, port: freePort(t)}
	command := exec.CommandContext(t.Context(), debianProgram(t, "prometheus", "prometheus"),
		"--config.file", filepath.Join("examples", "prometheus", "prometheus.yml"),
		"--storage.tsdb.path", t.TempDir(),
		"--web.listen-address", fmt.Sprintf("127.0.0.1:%d", p.port),
		"--web.enable-remote-write-receiver",
	)
	command.Dir = root
	log := startServer(t, command)
	require.Eventually(t, func() bool { return p.get("/-/ready", nil, nil) }, patience, glance, "%s", log)
	return p
}

// get asks Prometheus, and reports whether it answers.
func (p *prometheus) get(path string, query url.Values, answer any) bool {
	p.t.Helper()
	return getJSON(p.t, fmt.Sprintf("http://127.0.0.1:%d%s?%s", p.port, path, query.Encode()), answer)
}

// getJSON reads an answer in JSON, or any where none is wanted, and reports whether there is one.
func getJSON(t *testing.T, address string, answer any) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { require.NoError(t, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return false
	}
	return answer == nil || json.NewDecoder(response.Body).Decode(answer) == nil
}

// sample is a value at a time, as Prometheus writes it.
type sample [2]any

func (s sample) at() float64 { return s[0].(float64) }

type answer struct {
	Data struct {
		Result []struct {
			Metric map[string]string `json:"metric"`
			Value  sample            `json:"value"`
			Values []sample          `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

// samples gives the samples of the one series that a selector names, or none.
func (p *prometheus) samples(selector string) []sample {
	p.t.Helper()
	var a answer
	if !p.get("/api/v1/query", url.Values{"query": {selector + "[1h]"}}, &a) || len(a.Data.Result) == 0 {
		return nil
	}
	require.Len(p.t, a.Data.Result, 1, "%s is one series", selector)
	return a.Data.Result[0].Values
}

// last waits until the last sample of a series has a value, and gives the time of it.
func (p *prometheus) last(selector string, want int) float64 {
	p.t.Helper()
	var samples []sample
	require.Eventually(p.t, func() bool {
		samples = p.samples(selector)
		return len(samples) > 0 && samples[len(samples)-1][1] == strconv.Itoa(want)
	}, patience, glance, "%s does not become %d", selector, want)
	return samples[len(samples)-1].at()
}

// value evaluates an expression at a time.
func (p *prometheus) value(expression string, at float64) string {
	p.t.Helper()
	var a answer
	require.True(p.t, p.get("/api/v1/query", url.Values{"query": {expression}, "time": {strconv.FormatFloat(at, 'f', 3, 64)}}, &a))
	require.Len(p.t, a.Data.Result, 1, "%s", expression)
	return a.Data.Result[0].Value[1].(string)
}

// sendFailures sends log records that report the same failure.
func sendFailures(t *testing.T, port, n int) {
	t.Helper()
	for range n {
		post(t, port, "logs", []byte(`{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"payments"}}]},`+
			`"scopeLogs":[{"logRecords":[{"body":{"stringValue":"HikariPool-1 - Connection is not available, request timed out after 30000ms"}}]}]}]}`))
	}
}

// TestPrometheusHasTheExactCounts writes to a real Prometheus and queries it, as the README shows.
func TestPrometheusHasTheExactCounts(t *testing.T) {
	p, port, state := startPrometheus(t), freePort(t), t.TempDir()
	start := func() *collector {
		return startCollector(t, setup{
			example: "prometheus",
			env:     []string{"STATE_DIR=" + state},
			overlays: []string{
				otlpOn(port),
				fmt.Sprintf("{exporters: {prometheusremotewrite: {endpoint: 'http://127.0.0.1:%d/api/v1/write'}}}", p.port),
				"{connectors: {failure_detector: {metrics: {interval: 1s}, save_interval: 1s}}}",
			},
		})
	}
	const (
		series   = `failure_occurrences_total{service_name="payments",failure_type="CONNECTION_POOL_EXHAUSTION"}`
		increase = "increase(" + series + "[1h])"
		opened   = `failure_incident_transitions_total{failure_event="failure.opened"}`
	)
	c := start()
	sendFailures(t, port, 6)
	at := p.last(series, 6)
	require.Equal(t, "6", p.value(increase, at), "the first failures of a series are an increase")

	c.stop()
	openings := p.samples(opened)
	require.NotEmpty(t, openings)
	c = start()
	p.last(`failure_incident_active{service_name="payments",failure_severity="high"}`, 1)
	sendFailures(t, port, 5)
	at = p.last(series, 5)
	require.Equal(t, "11", p.value(increase, at), "those after a restart as well")
	require.Equal(t, openings, p.samples(opened), "the incident was opened once, before")

	require.NoError(t, c.command.Process.Kill())
	require.Eventually(t, c.stopped, patience, glance)
	c = start()
	sendFailures(t, port, 4)
	require.Equal(t, "15", p.value(increase, p.last(series, 4)), "and those after kill -9")
	p.last(`failure_threshold_utilization_ratio{service_name="payments"}`, 1)
	p.last(`failure_incident_active{service_name="payments",failure_severity="critical"}`, 1)
	c.stop()
}

// exceptionAttributes are those of an exception that a rule knows.
const exceptionAttributes = `[{"key":"exception.type","value":{"stringValue":"ValidationError"}},` +
	`{"key":"exception.message","value":{"stringValue":"OrchestrationContext field required"}}]`

// TestFourEdgesInOneService sends exceptions as span events, repeated on the parent span, and as log
// records of the same traces, and finds each counted once.
func TestFourEdgesInOneService(t *testing.T) {
	p, port := startPrometheus(t), freePort(t)
	c := startCollector(t, setup{
		example: "prometheus",
		env:     []string{"STATE_DIR=" + t.TempDir()},
		overlays: []string{
			otlpOn(port),
			fmt.Sprintf("{exporters: {prometheusremotewrite: {endpoint: 'http://127.0.0.1:%d/api/v1/write'}}}", p.port),
			"{connectors: {failure_detector: {metrics: {interval: 1s}}}}",
		},
	})
	const resource = `"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"assistant"}}]}`
	for i := range 20 {
		trace := fmt.Sprintf("5b8efff798038103d269b633813fc6%02x", i)
		span := func(id string) string {
			return fmt.Sprintf(`{"traceId":%q,"spanId":%q,"name":"x","status":{"code":2},"events":[{"name":"exception","attributes":%s}]}`,
				trace, id, exceptionAttributes)
		}
		post(t, port, "traces", fmt.Appendf(nil, `{"resourceSpans":[{%s,"scopeSpans":[{"spans":[%s,%s]}]}]}`,
			resource, span("eee19b7ec3c1b173"), span("eee19b7ec3c1b174")))
		post(t, port, "logs", fmt.Appendf(nil, `{"resourceLogs":[{%s,"scopeLogs":[{"logRecords":[{"eventName":"exception","traceId":"%s","attributes":%s}]}]}]}`,
			resource, trace, exceptionAttributes))
	}
	sendFailures(t, port, 3)
	p.last(`failure_occurrences_total{service_name="payments"}`, 3)
	p.last(`failure_occurrences_total{service_name="assistant",failure_type="ORCHESTRATION_CONTEXT_MISSING"}`, 20)
	p.last(`failure_incident_active{service_name="assistant"}`, 1)
	c.stop()
	require.Equal(t, "20", p.value(`sum(last_over_time(failure_occurrences_total{service_name="assistant"}[1h]))`,
		p.last(`failure_occurrences_total{service_name="assistant"}`, 20)))
}

// TestPrometheusRules runs the tests of the rules as the README tells people to.
func TestPrometheusRules(t *testing.T) {
	promtool := debianProgram(t, "promtool", "prometheus")
	folder := filepath.Join(root, "examples", "prometheus")
	run(t, folder, promtool, "test", "rules", "rules_test.yml")
	run(t, folder, promtool, "check", "config", "prometheus.yml")
}
