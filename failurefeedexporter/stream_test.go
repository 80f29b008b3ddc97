package failurefeedexporter

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/failurefeedexporter/internal/metadatatest"
)

// listening is one client of the stream, and the next message to it.
type listening struct {
	next  func() map[string]any
	close func()
}

// patience is more than any message takes.
const patience = 20 * time.Second

// dial opens a WebSocket, which tests close by the way in which they end.
func (h *harness) dial(ctx context.Context, query string) *websocket.Conn {
	h.t.Helper()
	//nolint:bodyclose // The connection owns the body.
	connection, _, err := websocket.Dial(ctx, "http://localhost/api/v1/stream"+query, &websocket.DialOptions{HTTPClient: h.client})
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = connection.CloseNow() })
	return connection
}

func (h *harness) webSocket(query string) listening {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	h.t.Cleanup(cancel)
	connection := h.dial(ctx, query)
	return listening{
		close: func() { _ = connection.CloseNow() },
		next: func() map[string]any {
			h.t.Helper()
			kind, text, err := connection.Read(ctx)
			require.NoError(h.t, err)
			require.Equal(h.t, websocket.MessageText, kind)
			return decode(h.t, string(text))
		},
	}
}

func (h *harness) serverSent(query string) listening {
	h.t.Helper()
	response := h.do(http.MethodGet, "/api/v1/stream"+query, nil)
	require.Equal(h.t, http.StatusOK, response.status)
	require.Equal(h.t, "text/event-stream", response.header.Get("Content-Type"))
	lines := bufio.NewScanner(response.body)
	lines.Buffer(nil, 1<<20)
	return listening{
		close: func() { _ = response.body.Close() },
		next: func() map[string]any {
			h.t.Helper()
			for lines.Scan() {
				if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
					return decode(h.t, data)
				}
			}
			require.NoError(h.t, lines.Err())
			require.Fail(h.t, "the stream ended")
			return nil
		},
	}
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	var told map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &told))
	return told
}

var wires = map[string]func(h *harness, query string) listening{
	"WebSocket": (*harness).webSocket, "server-sent events": (*harness).serverSent,
}

func TestTheStreamTellsOfEvents(t *testing.T) {
	for name, listen := range wires {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, nil)
			l := listen(h, "")
			require.Equal(t, "ready", l.next()["type"])
			for i, tc := range []struct{ event, told string }{
				{failure.EventPredicted, "failure_predicted"},
				{failure.EventOpened, "failure_detected"},
				{failure.EventOngoing, "failure_ongoing"},
				{failure.EventEscalated, "failure_escalated"},
				{failure.EventResolved, "failure_resolved"},
				{failure.EventRegressed, "failure_regressed"},
			} {
				logs := incident("a", int64(i+1), tc.event)
				h.send(logs, logs)
				got := l.next()
				require.Equal(t, tc.told, got["type"])
				require.Equal(t, "DATABASE_TIMEOUT", got["failure_type"])
				require.Equal(t, "high", got["severity"])
				require.Equal(t, tc.event+" is told", got["message"])
				require.Equal(t, "a", got["id"])
			}
		})
	}
}

func TestTheStreamOutlivesTheDeadlinesOfTheServer(t *testing.T) {
	for name, listen := range wires {
		t.Run(name, func(t *testing.T) {
			const deadline = 30 * time.Millisecond
			h := newHarness(t, func(c *Config) {
				c.HTTP.ReadTimeout, c.HTTP.ReadHeaderTimeout, c.HTTP.WriteTimeout = deadline, deadline, deadline
			})
			l := listen(h, "")
			l.next()
			began := time.Now()
			for i := 0; time.Since(began) < 5*deadline; i++ {
				id := strconv.Itoa(i)
				h.send(incident(id, 1, failure.EventOpened))
				require.Equal(t, id, l.next()["id"])
			}
		})
	}
}

func TestASlowSenderIsCutOff(t *testing.T) {
	h := newHarness(t, func(c *Config) {
		c.HTTP.ReadTimeout, c.HTTP.ReadHeaderTimeout = 50*time.Millisecond, 50*time.Millisecond
	})
	for name, begun := range map[string]string{
		"in the headers": "GET /api/v1/failures HTTP/1.1\r\nHost: loc",
		"in the body":    "POST /api/v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			connection := h.connect()
			_, err := connection.Write([]byte(begun))
			require.NoError(t, err)
			_, err = io.ReadAll(connection)
			require.NoError(t, err, "the server closes the connection")
		})
	}
}

func TestTheStreamIsFiltered(t *testing.T) {
	for name, listen := range wires {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, nil)
			l := listen(h, "?severity=critical&type=DATABASE_TIMEOUT")
			l.next()
			h.send(incident("a", 1, failure.EventOpened), incident("b", 1, failure.EventOpened, with(map[string]any{failure.AttrSeverity: "critical"})))
			require.Equal(t, "b", l.next()["id"])
		})
	}
}

func TestAClientThatComesBackMissesNothing(t *testing.T) {
	for name, listen := range wires {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.Stream.Replay = 3 })
			l := listen(h, "")
			first := l.next()["event_id"].(string)
			h.send(incident("a", 1, failure.EventOpened))
			seen := l.next()["event_id"].(string)
			l.close()
			h.send(incident("b", 1, failure.EventOpened), incident("c", 1, failure.EventOpened))

			l = listen(h, "?last_event_id="+seen)
			require.Equal(t, "b", l.next()["id"])
			require.Equal(t, "c", l.next()["id"])
			h.send(incident("d", 1, failure.EventOpened))
			require.Equal(t, "d", l.next()["id"])

			// There were four since, and three are kept.
			l = listen(h, "?last_event_id="+first)
			missed := l.next()
			require.Equal(t, "missed", missed["type"])
			require.EqualValues(t, 1, missed["count"])
			require.Equal(t, "b", l.next()["id"])
		})
	}
}

func TestAClientFromBeforeARestartIsToldThatItMissedSomething(t *testing.T) {
	h := newHarness(t, nil)
	for _, last := range []string{"ABCDEFGH-3", "nonsense", h.feed.hub.run + "-99999"} {
		l := h.webSocket("?last_event_id=" + last)
		missed := l.next()
		require.Equal(t, "missed", missed["type"], last)
		require.NotContains(t, missed, "count", "it is not known how many")
		require.Equal(t, "ready", l.next()["type"])
	}
}

func TestListenersAreBounded(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Stream.Clients = 1 })
	l := h.webSocket("")
	l.next()
	response := h.do(http.MethodGet, "/api/v1/stream", nil)
	require.Equal(t, http.StatusServiceUnavailable, response.status)
	require.NotEmpty(t, response.header.Get("Retry-After"))
	l.close()
	require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
}

func TestPagesOfOthersMayNotListen(t *testing.T) {
	h := newHarness(t, nil)
	for _, upgrade := range []bool{true, false} {
		response := h.do(http.MethodGet, "/api/v1/stream", func(r *http.Request) {
			r.Header.Set("Origin", "https://evil.example")
			if upgrade {
				r.Header.Set("Connection", "Upgrade")
				r.Header.Set("Upgrade", "websocket")
				r.Header.Set("Sec-WebSocket-Version", "13")
				r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			}
		})
		require.Equal(t, http.StatusForbidden, response.status)
	}
}

func TestAClientThatTalksIsCutOff(t *testing.T) {
	h := newHarness(t, nil)
	connection := h.dial(t.Context(), "")
	require.NoError(t, connection.Write(t.Context(), websocket.MessageText, []byte("hello")))
	require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
}

// connect opens a connection without a client that knows HTTP.
func (h *harness) connect() net.Conn {
	h.t.Helper()
	connection, err := new(net.Dialer).DialContext(h.t.Context(), "unix", h.feed.config.HTTP.NetAddr.Endpoint)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { _ = connection.Close() })
	require.NoError(h.t, connection.SetReadDeadline(time.Now().Add(patience)))
	return connection
}

// stuck is a client that asks for the stream and never reads.
func (h *harness) stuck(header string) {
	h.t.Helper()
	before := h.feed.hub.size()
	connection := h.connect()
	_, err := fmt.Fprintf(connection, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n%s\r\n", header)
	require.NoError(h.t, err)
	require.Eventually(h.t, func() bool { return h.feed.hub.size() == before+1 }, patience, time.Millisecond)
}

const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

// flood sends more than sockets and queues take.
func (h *harness) flood() {
	h.t.Helper()
	text := with(map[string]any{failure.AttrCause: strings.Repeat("long ", 200)})
	for i := range 3000 {
		h.send(incident(fmt.Sprint("flood", i), 1, failure.EventOpened, text))
	}
}

func TestAStuckClientHoldsNothingUp(t *testing.T) {
	for name, header := range map[string]string{"WebSocket": upgrade, "server-sent events": ""} {
		t.Run(name, func(t *testing.T) {
			// So long that the test would not end if anything waited for the client.
			h := newHarness(t, func(c *Config) { c.Stream.Replay = 100; c.Stream.WriteTimeout = time.Hour })
			h.stuck(header)
			h.flood()
			require.Len(t, h.ids("/api/v1/failures?limit=500"), 500)
			require.NoError(t, h.feed.shutdown(t.Context()), "which waits for it neither")
			metric, err := h.reading.GetMetric("otelcol_exporter_failure_feed_missed_messages")
			require.NoError(t, err)
			require.NotNil(t, metric)
		})
	}
}

func TestAStuckClientIsDropped(t *testing.T) {
	for name, header := range map[string]string{"WebSocket": upgrade, "server-sent events": ""} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.Stream.WriteTimeout = 50 * time.Millisecond })
			h.stuck(header)
			h.flood()
			require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
			metadatatest.AssertEqualExporterFailureFeedDroppedClients(t, h.reading, ones(h.feed), metricdatatest.IgnoreTimestamp())
		})
	}
}

func TestASlowClientIsToldHowManyItMissed(t *testing.T) {
	for name, listen := range wires {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.Stream.Replay = 2; c.Stream.WriteTimeout = time.Hour })
			l := listen(h, "")
			l.next()
			h.flood()
			told, missed := 0, 0
			for told+missed < 3000 {
				switch m := l.next(); m["type"] {
				case "missed":
					missed += int(m["count"].(float64))
				default:
					require.Equal(t, fmt.Sprint("flood", told+missed), m["id"], "a gap is told where it is")
					told++
				}
			}
			require.Equal(t, 3000, told+missed)
			require.Positive(t, missed)
		})
	}
}

func TestShutdownEndsStreams(t *testing.T) {
	h := newHarness(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	connection := h.dial(ctx, "")
	_, _, err := connection.Read(ctx)
	require.NoError(t, err)
	sse := h.do(http.MethodGet, "/api/v1/stream", nil)
	read := make(chan error, 1)
	go func() {
		_, _, err := connection.Read(ctx)
		read <- err
	}()
	require.NoError(t, h.feed.shutdown(ctx))
	require.Equal(t, websocket.StatusServiceRestart, websocket.CloseStatus(<-read))
	lines := bufio.NewScanner(sse.body)
	for lines.Scan() {
	}
	require.NoError(t, lines.Err(), "it ends as an answer does")
	require.NoError(t, h.feed.consume(ctx, incident("a", 1, failure.EventOpened)), "data after shutdown")
	require.NoError(t, h.feed.shutdown(ctx), "a second time")
}
