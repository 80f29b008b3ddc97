package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// patience is how long a test waits for what should happen within a second:
	// machines that test are busy.
	patience = 60 * time.Second
	// glance is how often a test looks meanwhile.
	glance = 25 * time.Millisecond
)

// root is the root of the repository, where the examples expect to be started.
var root = filepath.Join("..", "..")

// program gives the path of a built program.
func program(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	require.NotEmpty(t, path, "%s is not set: run make test, which builds the programs", variable)
	return path
}

// output collects what a program writes while others read it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// setup is what a collector is started with.
type setup struct {
	// example is the folder under examples whose configuration is used.
	example string
	// overlays are YAML texts that are laid over it.
	overlays []string
	// env are further variables, as NAME=value.
	env []string
	// stdout gets what the exporter prints; nil throws it away.
	stdout io.Writer
}

// collector is a running collector.
type collector struct {
	t       *testing.T
	command *exec.Cmd
	log     *output
	ended   chan error
}

// startCollector runs the built collector and waits until it is ready.
func startCollector(t *testing.T, s setup) *collector {
	t.Helper()
	args := []string{"--config", filepath.Join("examples", s.example, "collector.yaml")}
	for _, overlay := range s.overlays {
		args = append(args, "--config", "yaml:"+overlay)
	}
	c := &collector{t: t, log: &output{}, ended: make(chan error, 1)}
	c.command = exec.CommandContext(t.Context(), "sh", append([]string{"-c", `trap "" INT; exec "$0" "$@"`, program(t, "OTELCOL_BINARY")}, args...)...)
	c.command.Dir = root
	c.command.Env = append(os.Environ(), s.env...)
	c.command.Stdout, c.command.Stderr = s.stdout, c.log
	require.NoError(t, c.command.Start())
	go func() { c.ended <- c.command.Wait() }()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the collector complained:\n%s", c.complaints())
		}
	})
	require.Eventually(t, func() bool { return c.logged("Everything is ready.") && c.listensToSignals() || c.stopped() }, patience, glance)
	require.False(t, c.stopped(), "the collector ended:\n%s", c.log)
	return c
}

// listensToSignals tells whether a signal ends the collector in order. It says
// that it is ready a moment before, when a signal still kills it. SIGINT, which it
// was started with ignored, is no longer ignored once it listens.
func (c *collector) listensToSignals() bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.command.Process.Pid))
	if err != nil {
		return true // No such file outside of Linux, nor of a process that ended.
	}
	_, rest, found := strings.Cut(string(status), "\nSigIgn:")
	mask, _, _ := strings.Cut(rest, "\n")
	ignored, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
	require.True(c.t, found && err == nil, "the kernel does not tell which signals are ignored:\n%s", status)
	return ignored&(1<<(syscall.SIGINT-1)) == 0
}

func (c *collector) logged(text string) bool { return strings.Contains(c.log.String(), text) }

// complaints gives the log without what is merely told.
func (c *collector) complaints() string {
	lines := strings.SplitAfter(c.log.String(), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "\tinfo\t") }), "")
}

func (c *collector) stopped() bool {
	select {
	case err := <-c.ended:
		c.ended <- err
		return true
	default:
		return false
	}
}

// stop ends the collector as a service manager does, and requires that it goes
// in order.
func (c *collector) stop() {
	c.t.Helper()
	require.NoError(c.t, c.command.Process.Signal(syscall.SIGTERM))
	require.Eventually(c.t, c.stopped, patience, glance, "SIGTERM does not end the collector")
	require.NoError(c.t, <-c.ended)
	require.True(c.t, c.logged("Shutdown complete."))
	require.False(c.t, c.logged("panic:"))
}

// freePort gives a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().(*net.TCPAddr).Port
}

// otlpOn is the overlay that lets the OTLP receiver listen where nothing else
// does; the fixed ports of the examples may be taken.
func otlpOn(port int) string {
	return fmt.Sprintf("{receivers: {otlp: {protocols: {grpc: {endpoint: '127.0.0.1:0'}, http: {endpoint: '127.0.0.1:%d'}}}}}", port)
}

// noMetrics is the overlay that keeps the collector's own metrics off their fixed port.
const noMetrics = "{service: {telemetry: {metrics: {level: none}}}}"

// feedOn is the overlay that lets the failure feed listen where nothing else does.
func feedOn(port int) string {
	return fmt.Sprintf("{exporters: {failure_feed: {endpoint: '127.0.0.1:%d'}}}", port)
}

// post sends an OTLP request in JSON.
func post(t *testing.T, port int, signal string, body []byte) {
	t.Helper()
	url := fmt.Sprintf("http://127.0.0.1:%d/v1/%s", port, signal)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode, "%s", answer)
}

// postFile sends a file of testdata/otlp.
func postFile(t *testing.T, port int, signal, name string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, "testdata", "otlp", name))
	require.NoError(t, err)
	post(t, port, signal, body)
}

// logRequest is an OTLP request with one log record that has nothing but a body.
func logRequest(body string) []byte {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // A string is always JSON.
	}
	return fmt.Appendf(nil, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":%s}}]}]}]}`, text)
}
