package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// TestWebhookThatIsAwayOverARestart tells nobody at first: what waits in a queue with a storage is sent by the
// collector that comes after.
func TestWebhookThatIsAwayOverARestart(t *testing.T) {
	port := freePort(t)
	s := &sender{otlp: freePort(t)}
	config := setup{
		example: "alertmanager",
		env:     []string{"STATE_DIR=" + t.TempDir()},
		overlays: []string{
			otlpOn(s.otlp), feedOn(freePort(t)),
			"{service: {pipelines: {logs/failures: {receivers: [otlp, failure_detector]}}}}",
			fmt.Sprintf("{exporters: {failure_feed: {notify: {alertmanager: [], webhooks: [{endpoint: 'http://127.0.0.1:%d/correct-horse', secret: correct-horse, "+
				"sending_queue: {storage: file_storage}, retry_on_failure: {initial_interval: 100ms}}]}}}}", port),
		},
	}
	s.collector = startCollector(t, config)
	s.tell(t, "a", 1, failure.EventOpened, nil)
	require.Eventually(t, func() bool { return s.logged("Will retry the request") }, patience, glance)
	s.stop()
	require.False(t, s.logged("correct-horse"))

	got := make(chan http.Header, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			got <- r.Header
		}
	}))
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	require.NoError(t, err)
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	s.collector = startCollector(t, config)
	var header http.Header
	require.Eventually(t, func() bool {
		select {
		case header = <-got:
			return true
		default:
			return false
		}
	}, patience, glance)
	require.Equal(t, "a-1", header.Get("Webhook-Id"))
	require.Regexp(t, "^v1,", header.Get("Webhook-Signature"))
	s.stop()
}
