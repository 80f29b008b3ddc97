//go:build servers

package databaseprobereceiver

import (
	"context"
	"encoding/pem"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
)

// trouble is a server with what makes it fail and what ends that.
type trouble struct {
	target    TargetConfig
	fail, end func()
	// change makes waits shorter than what is too long otherwise.
	change func(*signals)
}

func stopped(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	return trouble{target: p.target("probe"), fail: p.stop, end: p.start}
}

func killed(t *testing.T) trouble {
	t.Helper()
	m := newMariaDB(t)
	return trouble{target: m.target("probe"), fail: func() {
		send(t, m, syscall.SIGSTOP)
		killer := time.AfterFunc(700*time.Millisecond, func() { send(t, m, syscall.SIGKILL) })
		t.Cleanup(func() { killer.Stop() })
	}, end: func() { m.kill(); m.start() }}
}

func wrongPassword(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	admin := p.connect("admin")
	return trouble{target: p.target("probe"), fail: func() {
		p.exec(admin, "ALTER ROLE probe PASSWORD 'another'")
		p.dropProbe()
	}, end: func() { p.exec(admin, "ALTER ROLE probe PASSWORD '"+password+"'") }}
}

func wrongCertificate(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	certificate, key := selfSigned(t)
	admin := p.connect("admin")
	serve := func(certificate, key string) {
		p.file(p.data, "server.crt", certificate)
		p.file(p.data, "server.key", key)
		p.exec(admin, "ALTER SYSTEM SET ssl = on")
		p.exec(admin, "SELECT pg_reload_conf()")
		// The certificate of a connection is that which the server had read when it took it.
		require.Eventually(t, func() bool {
			secure := p.target("probe")
			secure.TLS = configtls.ClientConfig{Config: configtls.Config{CAPem: configopaque.String(certificate)}}
			h := newHarness(t, secure)
			h.scan()
			return len(h.metric("databaseprobe.connection.usage")) > 0
		}, 10*time.Second, 100*time.Millisecond)
	}
	serve(certificate, key)
	target := p.target("probe")
	target.TLS = configtls.ClientConfig{Config: configtls.Config{CAPem: configopaque.String(certificate)}}
	return trouble{target: target, fail: func() {
		serve(selfSigned(t))
		p.dropProbe()
	}, end: func() { serve(certificate, key) }}
}

func full(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	var taken []*pgconn.PgConn
	return trouble{target: p.target("probe"), fail: func() {
		for range 6 {
			taken = append(taken, p.connect("app"))
		}
	}, end: func() {
		for _, conn := range taken {
			require.NoError(t, conn.Close(context.Background()))
		}
	}}
}

func deadlocked(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	return trouble{target: p.target("probe"), fail: func() {
		p.deadlock(p.connect("app"), p.connect("app"))
		p.until(p.connect("admin"), "deadlocks > 0 FROM pg_stat_database WHERE datname = 'postgres'")
	}, end: func() {}}
}

func rolledBack(t *testing.T) trouble {
	t.Helper()
	m := newMariaDB(t)
	root := m.root()
	return trouble{target: m.target("probe"), fail: func() {
		for range 30 {
			m.exec(root, "BEGIN", "UPDATE account SET balance = 1 WHERE id = 1", "ROLLBACK")
		}
	}, end: func() {}}
}

func locked(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	holder, waiter := p.connect("app"), p.connect("app")
	var wait sync.WaitGroup
	return trouble{target: p.target("probe"), fail: func() {
		p.exec(holder, "BEGIN; UPDATE account SET balance = 0 WHERE id = 1")
		wait.Go(func() { p.exec(waiter, "UPDATE account SET balance = 1 WHERE id = 1") })
		p.until(p.connect("admin"), "count(*) > 0 FROM pg_locks WHERE waitstart < clock_timestamp() - interval '5 s'")
	}, end: func() {
		p.exec(holder, "COMMIT")
		wait.Wait()
	}}
}

func idle(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	conn := p.connect("app")
	return trouble{target: p.target("probe"), fail: func() {
		p.exec(conn, "BEGIN; SELECT 1")
		p.until(p.connect("admin"), "count(*) > 0 FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < clock_timestamp() - interval '1 s'")
	}, end: func() { p.exec(conn, "ROLLBACK") }, change: func(s *signals) { s.idle.Limits = limits(1, 600, .5, 1, 1) }}
}

func queued(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	port := newPgBouncer(p)
	var release func()
	return trouble{target: pgBouncerAt(port), fail: func() { release = p.queue(port) }, end: func() { release() }}
}

func slow(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	return trouble{target: p.target("probe"), fail: p.slowDown, end: p.speedUp}
}

func mute(t *testing.T) trouble {
	t.Helper()
	p := newPostgreSQL(t)
	target := p.target("probe")
	g := newGate(t, target.Endpoint)
	target.Endpoint = g.endpoint
	return trouble{target: target, fail: g.close, end: g.reopen}
}

func muteEndpoint(t *testing.T) trouble {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	g := newGate(t, server.Listener.Addr().String())
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	target := TargetConfig{Type: typeTCP, Endpoint: g.endpoint, TLS: configtls.ClientConfig{Config: configtls.Config{CAPem: configopaque.String(certificate)}}}
	return trouble{target: target, fail: g.close, end: g.reopen}
}

func brokenReplica(t *testing.T) trouble {
	t.Helper()
	source, m := newMariaDB(t, "--log-bin", "--server-id=1"), newMariaDB(t, "--server-id=2")
	m.follow(source)
	root := m.root()
	m.follows(root, "ON")
	insert := "INSERT INTO account VALUES (3, 30)"
	return trouble{target: m.target("probe"), fail: func() {
		m.exec(root, insert)
		source.exec(source.root(), insert)
		m.follows(root, "OFF")
	}, end: func() {
		m.exec(root, "DELETE FROM account WHERE id = 3", "START SLAVE")
		m.follows(root, "ON")
	}}
}
