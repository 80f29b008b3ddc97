//go:build servers

package databaseprobereceiver

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const password = "correct-horse-7"

// folder is a short path that servers which run as somebody else may enter.
func folder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp("/tmp", "probe-") //nolint:usetesting // That of the test is long and closed to others.
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o755)) //nolint:gosec // As said.
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(path)) })
	return path
}

func freePort(t *testing.T) int {
	t.Helper()
	_, text, err := net.SplitHostPort(nobody(t))
	require.NoError(t, err)
	port, err := strconv.Atoi(text)
	require.NoError(t, err)
	return port
}

// running is a program that a test started.
type running struct {
	command *exec.Cmd
	dead    bool
}

func (r *running) kill() {
	if !r.dead {
		r.dead = true
		_ = r.command.Process.Kill()
		_ = r.command.Wait()
	}
}

func (r *running) processes() []int { return []int{r.command.Process.Pid} }

// daemon starts a program that serves a port, and waits until it does.
func daemon(t *testing.T, port int, program string, args ...string) *running {
	t.Helper()
	path, err := exec.LookPath(program)
	require.NoError(t, err, "these tests want the servers: apt-get install postgresql mariadb-server redis-server pgbouncer")
	var output strings.Builder
	command := exec.CommandContext(context.Background(), path, args...)
	command.Stdout, command.Stderr = &output, &output
	require.NoError(t, command.Start())
	r := &running{command: command}
	t.Cleanup(r.kill)
	serves := func() bool {
		dialer := net.Dialer{Timeout: time.Second}
		conn, err := dialer.DialContext(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	for end := time.Now().Add(30 * time.Second); !serves(); <-time.After(50 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "%s does not serve: %s", program, output.String())
	}
	return r
}

// selfSigned gives a certificate for loopback and its key, in PEM.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	encode := func(kind string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}))
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", secret)
}
