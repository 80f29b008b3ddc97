//go:build servers

package databaseprobereceiver

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
)

// TestTLSOfServers wants a certificate to be good on servers that have one.
func TestTLSOfServers(t *testing.T) {
	certificate, key := selfSigned(t)
	at := folder(t)
	for name, text := range map[string]string{"server.crt": certificate, "server.key": key} {
		require.NoError(t, os.WriteFile(filepath.Join(at, name), []byte(text), 0o644)) //nolint:gosec // The server runs as somebody else.
	}
	port := freePort(t)
	newRedis(t, port, "--port", "0", "--tls-port", strconv.Itoa(port),
		"--tls-cert-file", at+"/server.crt", "--tls-key-file", at+"/server.key", "--tls-ca-cert-file", at+"/server.crt",
		"--tls-auth-clients", "no")
	m := newMariaDB(t, "--ssl-cert="+at+"/server.crt", "--ssl-key="+at+"/server.key")
	for name, target := range map[string]TargetConfig{"mariadb": m.target("probe"), "redis": redisAt(port)} {
		t.Run(name, func(t *testing.T) {
			target.TLS = configtls.ClientConfig{}
			wrong := newHarness(t, target)
			events := wrong.until()
			require.Len(t, events, 1)
			require.Contains(t, events[0], "observed critical DATABASE_CONNECTION_ERROR: ")
			require.Contains(t, events[0], "the certificate is signed by an authority that is not trusted (certificate, stage tls).")
			require.Equal(t, []string{"1 dns", "1 tcp", "0 tls certificate", "0 auth", "0 query"}, wrong.metric("databaseprobe.stage.up"))

			target.TLS.CAPem = configopaque.String(certificate)
			trusting := newHarness(t, target)
			require.Empty(t, trusting.scan())
			require.Equal(t, []string{"1 dns", "1 tcp", "1 tls", "1 auth", "1 query"}, trusting.metric("databaseprobe.stage.up"))
			target.TLS.ServerName = "another.example"
			require.Contains(t, strings.Join(newHarness(t, target).until(), ""), "the certificate is for another name (certificate, stage tls).")
		})
	}
}
