package databaseprobereceiver

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
)

var plain = configtls.ClientConfig{Insecure: true}

// silent takes connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	listener := listen(t)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	return listener.Addr().String()
}

// nobody is an endpoint at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener := listen(t)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return listener
}

func TestEndpointsThatTakeConnections(t *testing.T) {
	h := newHarness(t, TargetConfig{Type: typeTCP, Endpoint: silent(t), TLS: plain})
	require.Empty(t, h.scan())
	require.Empty(t, h.scan())
	require.Equal(t, []string{"1"}, h.metric("databaseprobe.up"))
	require.Equal(t, []string{"1 dns", "1 tcp"}, h.metric("databaseprobe.stage.up"))
	require.Len(t, h.metric("databaseprobe.stage.duration"), 2)
}

func TestEndpointsThatFail(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	for name, tc := range map[string]struct {
		target TargetConfig
		want   string
		stages []string
	}{
		"nobody listens": {
			TargetConfig{Type: typeTCP, Endpoint: nobody(t), TLS: plain},
			"critical NETWORK_ERROR: There is no connection on tcp at HOST (critical): the connection was refused (refused, stage tcp).",
			[]string{"1 dns", "0 tcp refused"},
		},
		"the name is not known": {
			TargetConfig{Type: typeTCP, Endpoint: "does-not-exist.invalid:1", TLS: plain},
			"critical NETWORK_ERROR: There is no connection on tcp at HOST (critical): the name is not known (name, stage dns).",
			[]string{"0 dns name", "0 tcp"},
		},
		"the certificate is from nobody": {
			TargetConfig{Type: typeTCP, Endpoint: server.Listener.Addr().String()},
			"critical NETWORK_ERROR: There is no connection on tcp at HOST (critical): the certificate is signed by an authority that is not trusted (certificate, stage tls).",
			[]string{"1 dns", "1 tcp", "0 tls certificate"},
		},
		"a database that never answers": {
			TargetConfig{Type: typePostgreSQL, Endpoint: silent(t), Username: "probe", Password: "secret", TLS: plain},
			"critical DATABASE_TIMEOUT: There is no answer on postgresql probe at HOST (critical): no answer in time (timeout, stage auth).",
			[]string{"1 dns", "1 tcp", "0 auth timeout", "0 query"},
		},
		"a pooler of Supabase": {
			TargetConfig{Type: typePostgreSQL, Endpoint: "aws-0.pooler.supabase.com.invalid:6543", Username: "probe", TLS: plain},
			"critical DATABASE_CONNECTION_ERROR: There is no connection on postgresql probe at HOST (critical): the name is not known (name, stage dns).",
			[]string{"0 dns name", "0 tcp", "0 auth", "0 query"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, tc.target)
			require.Empty(t, h.scan())
			require.Equal(t, []string{"observed " + tc.want}, withHost(h.scan(), tc.target.Endpoint))
			require.Equal(t, tc.stages, h.metric("databaseprobe.stage.up"))
		})
	}
}

func TestSupabaseIsTold(t *testing.T) {
	for host, want := range map[string]string{
		"db.abc.supabase.co:5432": typeSupabase, "aws-0.pooler.supabase.com:6543": typeSupabase, "db.example:5432": typeConnection,
	} {
		s := newSignals(createDefaultConfig().(*Config), &TargetConfig{Type: typePostgreSQL, Endpoint: host})
		require.Equal(t, want, s.failed[check.Unreachable].Type)
	}
}

// stuck is a checker that a test holds up, and that heeds no context.
type stuck struct {
	hold   chan struct{}
	mu     sync.Mutex
	checks int
	result check.Result
}

func (s *stuck) Check(_ context.Context, login bool) check.Result {
	s.mu.Lock()
	if login {
		s.checks++
	}
	s.mu.Unlock()
	if s.hold != nil {
		<-s.hold
	}
	return s.result
}

func (*stuck) Close() {}

func TestManyTargetsOfWhichSomeHang(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.CollectionInterval = 10 * time.Second
	for range 200 {
		config.Targets = append(config.Targets, TargetConfig{Type: typeTCP, Endpoint: "127.0.0.1:1", TLS: plain})
	}
	inTime(t, func() {
		made, err := newDatabaseProbe(config, receivertest.NewNopSettings(metadata.Type))
		require.NoError(t, err)
		require.NoError(t, made.Start(context.Background(), componenttest.NewNopHost()))
		hold := make(chan struct{})
		var all []*stuck
		for i, target := range made.targets {
			s := new(stuck)
			if i%4 == 0 {
				s.hold = hold
			}
			target.checker = s
			all = append(all, s)
		}
		goroutines := runtime.NumGoroutine()
		for range 5 {
			before := time.Now()
			out, err := made.Collect(context.Background(), time.Now())
			require.NoError(t, err)
			require.Less(t, time.Since(before), config.CollectionInterval)
			require.Equal(t, 200, out.Metrics.ResourceMetrics().Len())
			synctest.Wait() // What has ended may not be gone yet.
			require.Less(t, runtime.NumGoroutine()-goroutines, 60, "one for each that hangs, not another with every round")
			<-time.After(config.CollectionInterval - time.Since(before))
		}
		for i, s := range all {
			if i%4 == 0 {
				require.Equal(t, 1, s.checks, "at most one check of a target at a time")
			} else {
				require.Equal(t, 5, s.checks, "the others are checked on schedule")
			}
		}
		close(hold)
		require.NoError(t, made.Shutdown(context.Background()))
	})
}

func TestWhatDeniesAccessIsLeftAloneForLonger(t *testing.T) {
	h := newHarness(t, TargetConfig{Type: typePostgreSQL, Endpoint: "127.0.0.1:1", Username: "probe", TLS: plain})
	s := &stuck{result: check.Result{Failure: &check.Failure{Denied: true, Text: "the password is wrong"}}}
	h.probe.targets[0].checker = s
	events := 0
	for range 61 { // Half an hour.
		for range h.scan() {
			events++
		}
	}
	require.Equal(t, 8, s.checks, "after one, two and four minutes, and then every five")
	require.Equal(t, 6, events, "that it goes on is told all the same")
}

// broken is a checker with a fault.
type broken struct{ stuck }

func (*broken) Check(context.Context, bool) check.Result { panic("index out of range") }

func TestDriverWithAFaultIsAFailureOfItsTarget(t *testing.T) {
	h := newHarness(t, TargetConfig{Type: typePostgreSQL, Endpoint: "127.0.0.1:1", Username: "probe", TLS: plain})
	h.probe.targets[0].checker = new(broken)
	require.Equal(t, []string{
		"observed critical DATABASE_CONNECTION_ERROR: There is no connection on postgresql probe at 127.0.0.1:1 (critical): the driver failed (driver, stage query).",
	}, h.until())
}

func TestTLSNamesTheServer(t *testing.T) {
	config, err := (&TargetConfig{}).secure(context.Background(), "db.example")
	require.NoError(t, err)
	require.Equal(t, "db.example", config.ServerName)
	require.GreaterOrEqual(t, config.MinVersion, uint16(tls.VersionTLS12))
}

func TestWhatEndedBeforeTheStartIsOver(t *testing.T) {
	h := newHarness(t, TargetConfig{Type: typeTCP, Endpoint: silent(t), TLS: plain})
	for range 5 {
		require.Empty(t, h.scan())
	}
	require.Equal(t, []string{"database_probe/db.connect", "database_probe/db.answer", "database_probe/db.accept"}, h.denied, "once")
}
