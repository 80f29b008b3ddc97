package failurefeedexporter

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"

	"github.com/failuredetector/failuredetector/failure"
)

// certificate makes a certificate for localhost and trusts it.
func certificate(t *testing.T) (configtls.Config, *x509.CertPool) {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	content := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	folder := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: content}, "key.pem": {Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600))
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(must(x509.ParseCertificate(content)))
	return configtls.Config{CertFile: filepath.Join(folder, "cert.pem"), KeyFile: filepath.Join(folder, "key.pem")}, trusted
}

// TestStreamsOverTLS holds that both outlive the deadlines of the server there too: a WebSocket, and events over
// HTTP/2, whose deadlines are those of a stream.
func TestStreamsOverTLS(t *testing.T) {
	const deadline = 100 * time.Millisecond
	files, trusted := certificate(t)
	h := newHarness(t, func(c *Config) {
		c.HTTP.TLS = configoptional.Some(configtls.ServerConfig{Config: files})
		c.HTTP.ReadTimeout, c.HTTP.WriteTimeout = deadline, deadline
	})
	plain := h.client.Transport.(*http.Transport)
	client := func(http2 bool) *http.Client {
		transport := plain.Clone()
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS13}
		transport.ForceAttemptHTTP2 = http2
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
	response, err := client(true).Do(must(http.NewRequestWithContext(t.Context(), http.MethodGet, "https://localhost/api/v1/stream", http.NoBody)))
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, 2, response.ProtoMajor)
	//nolint:bodyclose // The connection owns the body.
	connection, _, err := websocket.Dial(t.Context(), "https://localhost/api/v1/stream", &websocket.DialOptions{HTTPClient: client(false)})
	require.NoError(t, err)
	defer func() { _ = connection.CloseNow() }()

	events := bufio.NewScanner(response.Body)
	hears := func(what string) {
		t.Helper()
		for !strings.Contains(events.Text(), what) {
			require.True(t, events.Scan(), events.Err())
		}
		_, text, err := connection.Read(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(text), what)
	}
	hears(`"ready"`)
	began := time.Now()
	for i := 0; time.Since(began) < 5*deadline; i++ {
		h.send(incident(strconv.Itoa(i), 1, failure.EventOpened))
		hears(`"id":"` + strconv.Itoa(i) + `"`)
	}
}
