package databaseprobereceiver

import (
	"encoding/binary"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"
)

// saying gives the endpoint of a server that refuses every client of PostgreSQL with an error.
func saying(t *testing.T, code, message string) string {
	t.Helper()
	reply, err := (&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: message}).Encode(nil)
	require.NoError(t, err)
	return serving(t, func(conn net.Conn) { refuse(conn, reply) })
}

// serving gives the endpoint of a server that does the same with every client.
func serving(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener := listen(t)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close() //nolint:errcheck // The client has gone.
				serve(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// refuse reads what a client begins with, and answers.
func refuse(conn net.Conn, reply []byte) {
	var length [4]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(length[:]))-4); err != nil {
		return
	}
	_, _ = conn.Write(reply)
}

// Texts of Supavisor as its users quote them.
func TestPoolersByWhatTheySay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ code, message, want string }{
		"clients of Supavisor":            {"XX000", "Max client connections reached", "CONNECTION_POOL_EXHAUSTION: No further connection is taken"},
		"sessions of Supavisor":           {"XX000", "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size", "CONNECTION_POOL_EXHAUSTION: No further connection is taken"},
		"sessions of a later Supavisor":   {"XX000", "(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15", "CONNECTION_POOL_EXHAUSTION: No further connection is taken"},
		"a checkout of Supavisor":         {"XX000", "(ECHECKOUTTIMEOUT) unable to check out connection from the pool", "CONNECTION_POOL_EXHAUSTION: No further connection is taken"},
		"a tenant of Supavisor":           {"XX000", "Tenant or user not found", "DATABASE_CONNECTION_ERROR: There is no connection"},
		"a tenant of a later Supavisor":   {"XX000", "(ENOTFOUND) tenant/user postgres.abcdefghijklmnopqrst not found", "DATABASE_CONNECTION_ERROR: There is no connection"},
		"too many passwords, Supavisor":   {"XX000", "(ECIRCUITBREAKER) too many authentication errors, new connections are temporarily blocked", "DATABASE_CONNECTION_ERROR: There is no connection"},
		"clients of PgBouncer":            {"08P01", "no more connections allowed (max_client_conn)", "CONNECTION_POOL_EXHAUSTION: No further connection is taken"},
		"a server behind PgBouncer":       {"08P01", "server login has been failing, try again later (server_login_retry)", "DATABASE_CONNECTION_ERROR: There is no connection"},
		"a text that nobody has foretold": {"XX000", "sorry, correct-horse-7", "DATABASE_CONNECTION_ERROR: There is no connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := TargetConfig{Type: typePostgreSQL, Endpoint: saying(t, tc.code, tc.message), Username: "probe", Password: "correct-horse-7", TLS: plain}
			h := newHarness(t, target)
			events := h.until()
			require.Len(t, events, 1)
			require.Contains(t, events[0], "observed critical "+tc.want)
			require.Contains(t, events[0], "("+tc.code+", stage auth)")
			require.NotContains(t, events[0], "correct-horse-7")
			require.NotContains(t, events[0], "abcdefghijklmnopqrst")
		})
	}
}
