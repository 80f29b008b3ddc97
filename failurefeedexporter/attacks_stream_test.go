package failurefeedexporter

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/failure"
)

// Opcodes and flags of frames (RFC 6455, 5.2).
const (
	final, masked                                             = 0x80, 0x80
	opContinuation, opText, opBinary, opClose, opPing, opPong = 0, 1, 2, 8, 9, 10
)

// clientFrame is a frame as a client sends it, masked with zeros.
func clientFrame(first byte, payload string) string {
	frame := []byte{first}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, masked|byte(n))
	case n <= 0xffff:
		frame = binary.BigEndian.AppendUint16(append(frame, masked|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, masked|127), uint64(n))
	}
	return string(append(frame, 0, 0, 0, 0)) + payload
}

// upgraded is a WebSocket on which a test writes what it likes.
func (h *harness) upgraded() (net.Conn, *bufio.Reader) {
	h.t.Helper()
	connection := h.connect()
	_, err := io.WriteString(connection, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n"+upgrade+"\r\n")
	require.NoError(h.t, err)
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(h.t, err)
	require.NoError(h.t, response.Body.Close())
	require.Equal(h.t, http.StatusSwitchingProtocols, response.StatusCode)
	return connection, reader
}

func TestClientsThatBreakTheProtocolAreCutOff(t *testing.T) {
	h := newHarness(t, nil)
	healthy := h.webSocket("")
	healthy.next()
	long := strings.Repeat("x", 1<<20)
	for name, sent := range map[string]string{
		"a message":               clientFrame(final|opText, "hello"),
		"a message of a megabyte": clientFrame(final|opBinary, long),
		"a message that says it is as long as can be": "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",
		"a length below zero":                         "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",
		"a fragment that others would follow":         clientFrame(opText, "x"),
		"a fragment that follows none":                clientFrame(opContinuation, "x"),
		"a thousand empty fragments":                  clientFrame(opText, "") + strings.Repeat(clientFrame(opContinuation, ""), 1000),
		"a frame that is not masked":                  "\x81\x01x",
		"a reserved bit":                              clientFrame(final|0x40|opText, "x"),
		"an unknown kind":                             clientFrame(final|3, "x"),
		"a ping that is too long":                     clientFrame(final|opPing, strings.Repeat("x", 126)),
		"a ping in fragments":                         clientFrame(opPing, "x"),
		"a close with half a code":                    clientFrame(final|opClose, "x"),
		"a close with a code that is none":            clientFrame(final|opClose, "\x00\x00"),
		"no frame at all":                             "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"a flood of pings":                            strings.Repeat(clientFrame(final|opPing, strings.Repeat("x", 125)), maxPings+1),
	} {
		t.Run(name, func(t *testing.T) {
			shown := *h
			shown.t = t
			connection, reader := shown.upgraded()
			go func() { _, _ = io.WriteString(connection, sent) }()
			_, err := io.Copy(io.Discard, reader)
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server closes the connection")
			require.Eventually(t, func() bool { return h.feed.hub.size() == 1 }, patience, time.Millisecond)
			h.send(incident(name, 1, failure.EventOpened))
			require.Equal(t, name, healthy.next()["id"], "others do not notice")
		})
	}
}

func TestPingsAndPongsThatNobodyAskedForDoNoHarm(t *testing.T) {
	h := newHarness(t, nil)
	connection, reader := h.upgraded()
	_, err := io.WriteString(connection, strings.Repeat(clientFrame(final|opPong, "x"), 1000)+clientFrame(final|opPing, "are you there?"))
	require.NoError(t, err)
	h.send(incident("a", 1, failure.EventOpened))
	var heard strings.Builder
	for !strings.Contains(heard.String(), "are you there?") || !strings.Contains(heard.String(), `"id":"a"`) {
		b, err := reader.ReadByte()
		require.NoError(t, err)
		heard.WriteByte(b)
	}
}

func TestUpgradesThatAreNone(t *testing.T) {
	h := newHarness(t, nil)
	const key = "dGhlIHNhbXBsZSBub25jZQ=="
	for _, tc := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"no key", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}}, 400},
		{"a key that is none", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"\"short\""}}, 400},
		{"two keys", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {key, key}}, 400},
		{"another version", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"8"}, "Sec-Websocket-Key": {key}}, 400},
		{"a connection that stays as it is", http.Header{"Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {key}}, 426},
	} {
		t.Run(tc.name, func(t *testing.T) {
			response := h.do(http.MethodGet, "/api/v1/stream", func(r *http.Request) { r.Header = tc.header })
			require.Equal(t, tc.status, response.status)
			require.Equal(t, "application/problem+json", response.header.Get("Content-Type"))
			var got problem
			require.NoError(t, json.NewDecoder(response.body).Decode(&got))
			require.NotEmpty(t, got.Detail)
			require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
		})
	}
}

func TestPagesThatEmbedAreRefused(t *testing.T) {
	h := newHarness(t, nil)
	for site, status := range map[string]int{"cross-site": 403, "same-site": 403, "same-origin": 200, "none": 200, "": 200} {
		from := func(r *http.Request) {
			if site != "" {
				r.Header.Set("Sec-Fetch-Site", site)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Body = io.NopCloser(strings.NewReader(`{"message": "x"}`))
		}
		require.Equal(t, status, h.do(http.MethodHead, "/api/v1/stream", func(r *http.Request) { from(r); r.Body = http.NoBody }).status, site)
		require.Equal(t, status, h.do(http.MethodPost, "/api/v1/detect", from).status, site)
	}
	require.Equal(t, "same-origin", h.do(http.MethodGet, "/api/v1/stats", nil).header.Get("Cross-Origin-Resource-Policy"))
}

func TestAWebSocketFromAnotherOriginIsRefused(t *testing.T) {
	h := newHarness(t, nil)
	for origin, want := range map[string]int{
		"http://localhost": 101, "https://evil.example": 403, "http://localhost.evil.example": 403, "http://localhost:1": 403, "null": 403, "file://": 403,
		"http://localhost@evil.example": 403, "http://evil.example/http://localhost": 403,
	} {
		//nolint:bodyclose // The connection owns the body.
		connection, response, err := websocket.Dial(t.Context(), "http://localhost/api/v1/stream", &websocket.DialOptions{HTTPClient: h.client, HTTPHeader: http.Header{"Origin": {origin}}})
		require.Equal(t, want, response.StatusCode, origin)
		require.Equal(t, want == http.StatusSwitchingProtocols, err == nil)
		if err == nil {
			require.NoError(t, connection.CloseNow())
		}
	}
}

func TestStreamsAreRefusedBeyondTheirNumberAndFreedAgain(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Stream.Clients = 3 })
	for range 3 {
		var open []*websocket.Conn
		for range 3 {
			open = append(open, h.dial(t.Context(), ""))
		}
		for range 20 {
			_, response, err := websocket.Dial(t.Context(), "http://localhost/api/v1/stream", &websocket.DialOptions{HTTPClient: h.client})
			require.Error(t, err)
			require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
			require.NoError(t, response.Body.Close())
		}
		for _, connection := range open {
			require.NoError(t, connection.CloseNow())
		}
		require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
	}
}

func TestAClientThatCutsItselfOffLeavesNothingBehind(t *testing.T) {
	h := newHarness(t, nil)
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		response, err := h.client.Do(must(http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/api/v1/stream", http.NoBody)))
		require.NoError(t, err)
		cancel()
		_ = response.Body.Close()
		connection, _ := h.upgraded()
		require.NoError(t, connection.Close())
	}
	require.Eventually(t, func() bool { return h.feed.hub.size() == 0 }, patience, time.Millisecond)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
