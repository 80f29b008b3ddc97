package failurefeedexporter

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/failuredetector/failuredetector/failure"
)

// raw sends what a client that knows HTTP would not, and gives all that the server answers.
func (h *harness) raw(request string) string {
	h.t.Helper()
	connection := h.connect()
	go func() { _, _ = io.WriteString(connection, request) }()
	text, err := io.ReadAll(connection)
	require.NoError(h.t, err, "the server closes the connection")
	return string(text)
}

const closing = "Host: localhost\r\nConnection: close\r\n\r\n"

func TestRequestsThatNoClientMakes(t *testing.T) {
	h := newHarness(t, nil)
	long := strings.Repeat("x", 64<<10)
	post := "POST /api/v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	for _, tc := range []struct{ name, request, want string }{
		{"a path out of the tree", "GET /../../etc/passwd HTTP/1.1\r\n" + closing, "307"},
		{"a path out of the pages", "GET /assets/../../etc/passwd HTTP/1.1\r\n" + closing, "307"},
		{"an encoded path out of the pages", "GET /assets/..%2f..%2fopenapi.yaml HTTP/1.1\r\n" + closing, "404"},
		{"encoded dots", "GET /assets/%2e%2e/x HTTP/1.1\r\n" + closing, "404"},
		{"a path that is encoded twice", "GET /assets/%252e%252e%252fx HTTP/1.1\r\n" + closing, "404"},
		{"an encoded path with backslashes", "GET /assets/..%5c..%5cx HTTP/1.1\r\n" + closing, "404"},
		{"a path that ends early", "GET /assets/style.css%00.txt HTTP/1.1\r\n" + closing, "404"},
		{"a path that could be a host", "GET //evil.example/%2e%2e HTTP/1.1\r\n" + closing, "307"},
		{"another host in the first line", "GET http://evil.example/ HTTP/1.1\r\n" + closing, "421"},
		{"no host", "GET / HTTP/1.0\r\n\r\n", "421"},
		{"two hosts", "GET / HTTP/1.1\r\nHost: evil.example\r\n" + closing, "400"},
		{"a host with an account", "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n", "400"},
		{"a host with a path", "GET / HTTP/1.1\r\nHost: localhost/evil.example\r\nConnection: close\r\n\r\n", "400"},
		{"a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\n" + closing, "421"},
		{"a tunnel to here", "CONNECT localhost:443 HTTP/1.1\r\n" + closing, "405"},
		{"a trace", "TRACE /api/v1/failures HTTP/1.1\r\n" + closing, "405"},
		{"a method that is none", "F@IL / HTTP/1.1\r\n" + closing, "400"},
		{"HTTP/2 without a word", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "421"},
		{"a long path", "GET /" + long + " HTTP/1.1\r\n" + closing, "431"},
		{"a long header", "GET / HTTP/1.1\r\nX: " + long + "\r\n" + closing, "431"},
		{"a header with a zero", "GET / HTTP/1.1\r\nX: a\x00b\r\n" + closing, "400"},
		{"two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}GET / HTTP/1.1\r\n" + closing, "400"},
		{"a negative length", post + "Content-Length: -1\r\n\r\n", "400"},
		{"a length and chunks", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + closing, "400"},
		{"chunks of another kind", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + closing, "501"},
		{"chunks twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + closing, "501"},
		{"a space before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + closing, "400"},
		{"a chunk beyond all numbers", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "400"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			shown := *h
			shown.t = t
			answer := shown.raw(tc.request)
			_, status, _ := strings.Cut(answer, " ")
			require.Equal(t, tc.want, status[:3], answer)
			require.Equal(t, 1, strings.Count(answer, "HTTP/1."), "what follows a request is not another one: %s", answer)
			require.NotContains(t, answer, "root:")
			require.NotContains(t, answer, "Location: //")
			require.NotContains(t, answer, "Location: http")
		})
	}
}

func TestMethods(t *testing.T) {
	h := newHarness(t, nil)
	h.send(incident("a", 1, failure.EventOpened))
	for _, path := range []string{"/", "/assets/style.css", "/api/v1/failures", "/api/v1/failures/a", "/api/v1/stats", "/api/v1/stream", "/api/v1/openapi.yaml"} {
		head := h.do(http.MethodHead, path, nil)
		require.Equal(t, http.StatusOK, head.status, path)
		body, err := io.ReadAll(head.body)
		require.NoError(t, err)
		require.Empty(t, body, path)
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, "PROPFIND"} {
			refused := h.do(method, path, nil)
			require.Equal(t, http.StatusMethodNotAllowed, refused.status, method+path)
			require.Equal(t, "GET, HEAD", refused.header.Get("Allow"))
			require.Equal(t, "application/problem+json", refused.header.Get("Content-Type"))
		}
	}
	ranges := h.do(http.MethodGet, "/assets/style.css", func(r *http.Request) { r.Header.Set("Range", "bytes="+strings.Repeat("0-,", 1000)+"0-") })
	require.Equal(t, http.StatusOK, ranges.status, "parts are not given, however many are asked for")
}

func TestWritesTakeJSONAlone(t *testing.T) {
	h := newHarness(t, nil)
	h.send(incident("a", 1, failure.EventOpened))
	for _, path := range []string{"/api/v1/detect", "/api/v1/failures/a/outcome"} {
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json", "application/json, text/plain", "application/jsonx"} {
			require.Equal(t, http.StatusUnsupportedMediaType, h.post(path, kind, `{"message": "x", "outcome": "noise"}`).status, "%s as %q", path, kind)
		}
	}
	require.NotContains(t, h.get("/api/v1/failures/a"), "judgement")
}

func TestEveryRouteRefusesForeignHosts(t *testing.T) {
	h := newHarness(t, nil)
	rebound := func(r *http.Request) {
		r.Host = "evil.example"
		r.Header.Set("Origin", "http://evil.example")
		r.Header.Set("Content-Type", "application/json")
	}
	for _, e := range h.feed.endpoints() {
		require.Equal(t, http.StatusMisdirectedRequest, h.do(e.method, strings.ReplaceAll(e.path, "{id}", "a"), rebound).status, e.path)
	}
	for _, path := range []string{"/", "/assets/style.css", "/none"} {
		require.Equal(t, http.StatusMisdirectedRequest, h.do(http.MethodGet, path, rebound).status, path)
	}
}

func TestQueriesThatAreTooMuch(t *testing.T) {
	h := newHarness(t, nil)
	h.send(incident("a", 1, failure.EventOpened))
	for _, tc := range []struct{ name, query, detail string }{
		{"many values", "?service=" + strings.Repeat("a,", maxAlternatives+1), "more than 100 values are asked for"},
		{"a parameter many times", "?" + strings.Repeat("type=a&", maxAlternatives+1), "more than 100 values are asked for"},
		{"many values over all", "?type=" + strings.Repeat("a,", 60) + "&service=" + strings.Repeat("a,", 60), "more than 100 values are asked for"},
		{"what cannot be decoded", "?severity=%zz", "query: invalid URL escape"},
		{"semicolons, which would be left out", "?severity=critical;x=1", "query: invalid semicolon separator"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, path := range []string{"/api/v1/failures", "/api/v1/stream"} {
				response := h.do(http.MethodGet, path+tc.query, nil)
				require.Equal(t, http.StatusBadRequest, response.status)
				var got problem
				require.NoError(t, json.NewDecoder(response.body).Decode(&got))
				require.Contains(t, got.Detail, tc.detail)
			}
		})
	}
	require.Empty(t, h.ids("/api/v1/failures?cursor="+url.QueryEscape(position{first: -1 << 63, id: strings.Repeat("z", 600)}.cursor())))
	require.Equal(t, []string{"a"}, h.ids("/api/v1/failures?cursor="+position{first: 1<<63 - 1}.cursor()))
}

func TestLongTextsMakeShortPages(t *testing.T) {
	h := newHarness(t, nil)
	steps := make([]any, maxList)
	for i := range steps {
		steps[i] = strings.Repeat("\x01", maxText) // Six characters of JSON each.
	}
	hostile := with(map[string]any{failure.AttrActions: steps, failure.AttrEvidence: steps})
	for i := range 20 {
		h.send(incident(fmt.Sprintf("%02d", i), 1, failure.EventOpened, hostile))
	}
	var all []string
	for path := "/api/v1/failures?limit=500"; path != ""; {
		response := h.do(http.MethodGet, path, nil)
		content, err := io.ReadAll(response.body)
		require.NoError(t, err)
		require.Less(t, len(content), 2*maxPageBytes)
		var got struct {
			Failures []struct{ ID string }
			Next     string `json:"next_cursor"`
		}
		require.NoError(t, json.Unmarshal(content, &got))
		for _, f := range got.Failures {
			all = append(all, f.ID)
		}
		if path = ""; got.Next != "" {
			path = "/api/v1/failures?limit=500&cursor=" + got.Next
		}
	}
	require.Len(t, all, 20)
	require.IsIncreasing(t, all)
}

func zipped(text string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = io.WriteString(writer, text)
	_ = writer.Close()
	return packed.String()
}

func TestCompressedBodies(t *testing.T) {
	h := newHarness(t, nil)
	bomb := zipped(`{"message": "` + strings.Repeat("x", 64<<20) + `"}`)
	require.Less(t, len(bomb), 100<<10)
	for _, tc := range []struct {
		name, encoding, body string
		status               int
	}{
		{"one that is as it should be", "gzip", zipped(`{"message": "x"}`), http.StatusOK},
		{"one that is huge", "gzip", bomb, http.StatusRequestEntityTooLarge},
		{"one within another", "gzip, gzip", zipped(bomb), http.StatusBadRequest},
		{"one within another that is told once", "gzip", zipped(bomb), http.StatusBadRequest},
		{"what is not compressed", "gzip", `{"message": "x"}`, http.StatusBadRequest},
		{"one that breaks off", "gzip", zipped(`{"message": "x"}`)[:20], http.StatusBadRequest},
		{"a kind that asks for memory first", "zstd", "\x28\xb5\x2f\xfd\x24\x10\x81\x00\x00" + `{"message": "x"}`, http.StatusBadRequest},
		{"another such", "snappy", "\x10\x3c" + `{"message": "x"}`, http.StatusBadRequest},
		{"no kind", "\"evil\"", "x", http.StatusBadRequest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			response := h.post("/api/v1/detect", "application/json", tc.body, func(r *http.Request) { r.Header.Set("Content-Encoding", tc.encoding) })
			require.Equal(t, tc.status, response.status)
			if tc.status != http.StatusOK {
				require.Equal(t, "application/problem+json", response.header.Get("Content-Type"))
			}
		})
	}
}

// TestATrickleIsCutOff holds that a deadline is for all of a request, not for each piece of it.
func TestATrickleIsCutOff(t *testing.T) {
	h := newHarness(t, func(c *Config) {
		c.HTTP.ReadTimeout, c.HTTP.ReadHeaderTimeout = 100*time.Millisecond, 100*time.Millisecond
	})
	for name, begun := range map[string]string{
		"of headers": "GET /api/v1/failures HTTP/1.1\r\nHost: localhost\r\nX-Trickle: ",
		"of a body":  "POST /api/v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"message\": \"",
	} {
		t.Run(name, func(t *testing.T) {
			connection := h.connect()
			_, err := io.WriteString(connection, begun)
			require.NoError(t, err)
			began := time.Now()
			drip := time.NewTicker(5 * time.Millisecond)
			defer drip.Stop()
			for range drip.C {
				if _, err = connection.Write([]byte("x")); err != nil || time.Since(began) > patience {
					break
				}
			}
			require.Error(t, err, "the server has closed the connection")
		})
	}
}

// TestClientsThatTakeNoAnswers has as many of them as questions are answered at once, and another that waits.
func TestClientsThatTakeNoAnswers(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.HTTP.WriteTimeout = 2 * time.Second })
	// More than a socket holds, so that each answer waits for its client.
	long := with(map[string]any{failure.AttrActions: []any{strings.Repeat("x", maxText), strings.Repeat("y", maxText)}})
	for i := range 120 {
		h.send(incident(strconv.Itoa(i), 1, failure.EventOpened, long))
	}
	ask := func() net.Conn {
		connection := h.connect()
		_, err := io.WriteString(connection, "GET /api/v1/failures?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n")
		require.NoError(t, err)
		return connection
	}
	for range atOnce {
		_, err := bufio.NewReaderSize(ask(), 16).ReadByte()
		require.NoError(t, err, "the answer has begun")
	}
	ask()
	require.Len(t, h.ids("/api/v1/failures?limit=10"), 10)
}

func TestConnectionsAreBounded(t *testing.T) {
	// Without deadlines of the server, only the bound ends a connection.
	h := newHarness(t, func(c *Config) { c.Stream.Clients, c.HTTP.ReadTimeout, c.HTTP.ReadHeaderTimeout = 1, 0, 0 })
	l := h.webSocket("")
	l.next()
	var idle []net.Conn
	for range 1 + spareConnections {
		idle = append(idle, h.connect())
	}
	// The server takes them in their order, so the last one is told no when the others are in.
	tooMany := h.connect()
	_, err := bufio.NewReader(tooMany).ReadByte()
	require.ErrorIs(t, err, io.EOF)
	h.send(incident("a", 1, failure.EventOpened))
	require.Equal(t, "a", l.next()["id"], "those that are there stay")
	for _, connection := range idle {
		require.NoError(t, connection.Close())
	}
	require.Eventually(t, func() bool {
		response, err := h.client.Do(must(http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/api/v1/stats", http.NoBody)))
		return err == nil && response.Body.Close() == nil
	}, patience, time.Millisecond)
}

// forged is a text that would be a line of its own, were it written as it is.
const forged = "x\r\n\r\nid: 1\r\nSet-Cookie: forged=1\n{\"level\":\"error\",\"msg\":\"forged\"}\x1b[2J\u2028"

func TestNothingThatIsSentForgesAHeaderOrALine(t *testing.T) {
	h := newHarness(t, nil)
	l := h.do(http.MethodGet, "/api/v1/stream", nil)
	hostile := incident(forged, 1, failure.EventOpened, with(map[string]any{
		failure.AttrCause: forged, failure.AttrType: forged, failure.AttrSeverity: forged, failure.AttrCategory: forged, failure.AttrRule: forged,
		failure.AttrActions: []any{forged}, failure.AttrCapturePrefix + forged: forged,
	}), func(m pcommon.Map) { m.PutStr(failure.AttrEvent, forged) })
	h.send(hostile, record(forged, start))
	stream := bufio.NewReader(l.body)
	// What tells that it is ready, and the event.
	for range 2 {
		for _, prefix := range []string{"id: ", "event: ", "data: {", "\n"} {
			line, err := stream.ReadString('\n')
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(line, prefix), line)
		}
	}
	escaped := url.QueryEscape(forged)
	for _, path := range []string{"/" + url.PathEscape(forged), "/api/v1/failures/" + url.PathEscape(forged), "/api/v1/failures?" + escaped + "=" + escaped, "/api/v1/failures?status=" + escaped, "/api/v1/failures?cursor=" + escaped, "/api/v1/stream?last_event_id=1&since=" + escaped} {
		response := h.do(http.MethodGet, path, func(r *http.Request) { r.Header.Set("Origin", "http://localhost") })
		content, err := io.ReadAll(response.body)
		require.NoError(t, err)
		require.NotContains(t, response.header, "Set-Cookie", path)
		require.NotContains(t, string(content), "\n", path)
	}
	require.Equal(t, http.StatusBadRequest, h.post("/api/v1/detect", "application/json", `{`+forged).status)
	require.Equal(t, http.StatusNotFound, h.post("/api/v1/failures/x/outcome", "application/json", `{"outcome": "noise", "cause": "x\r\nforged"}`).status)
	for _, entry := range h.logs.All() {
		require.NotContains(t, entry.Message+fmt.Sprint(entry.ContextMap()), "forged")
	}
}
