package databaseprobereceiver

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/mysql"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/postgres"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/redis"
	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/tcp"
	"github.com/failuredetector/failuredetector/internal/probe"
)

const (
	// retryAfter is how soon a check that failed is tried again; one that fails twice has failed.
	retryAfter = 500 * time.Millisecond
	// maxBackOff is how long a server that denies access is left alone at most: trying on may lock the account.
	maxBackOff = 5 * time.Minute
)

// checker checks one server.
type checker interface {
	// Check checks. Where it may not log in, it does with what is open, and tells why it could not before.
	Check(ctx context.Context, login bool) check.Result
	Close()
}

// target is a server that is checked, with what is known of it.
type target struct {
	config   *TargetConfig
	interval time.Duration
	// encrypted says that there is a stage of TLS.
	encrypted bool
	entity    probe.Entity
	resource  pcommon.Resource
	signals   *signals
	set       *probe.Set
	rates     rates

	// missing are the grants of which it was told that they are missing.
	missing []string

	checker checker
	results chan check.Result
	// busy says that a check goes on.
	busy bool

	// What follows belongs to the check that goes on: how often in a row access was denied, and until when
	// it is not tried again.
	denied int
	pause  time.Time
}

func newTarget(ctx context.Context, c *Config, config *TargetConfig) (*target, error) {
	t := &target{config: config, interval: c.CollectionInterval, signals: newSignals(c, config), results: make(chan check.Result, 1)}
	host, port := config.place()
	t.entity = probe.Entity{ID: config.entity(), Name: config.Type + " at " + config.Endpoint, Scope: "target"}
	if name := config.namespace(); name != "" && name != config.Type {
		t.entity.Name = config.Type + " " + name + " at " + config.Endpoint
	}
	resource := metadata.NewResourceBuilder(c.ResourceAttributes)
	resource.SetDbSystemName(config.Type)
	resource.SetServerAddress(host)
	resource.SetServerPort(int64(port))
	if name := config.namespace(); name != "" {
		resource.SetDbNamespace(name)
	}
	t.resource = resource.Emit()
	t.set = probe.NewSet(probe.Settings{
		Component: metadata.Type.String(), ScopeName: metadata.ScopeName, Resource: t.resource, Interval: c.CollectionInterval,
	})
	secure, err := config.secure(ctx, host)
	if err == nil {
		t.encrypted = secure != nil
		t.checker, err = newChecker(config, secure)
	}
	if err != nil {
		return nil, fmt.Errorf("target %q: %w", t.entity.ID, err)
	}
	return t, nil
}

func newChecker(config *TargetConfig, secure *tls.Config) (checker, error) {
	host, port := config.place()
	text, password := strconv.Itoa(int(port)), string(config.Password)
	switch config.Type {
	case typeTCP:
		return tcp.New(host, text, secure), nil
	case typeRedis:
		return check.NewClient(redis.New(&redis.Options{Host: host, Port: text, Username: config.Username, Password: password, TLS: secure})), nil
	case typeMySQL, typeMariaDB:
		return check.NewClient(mysql.New(&mysql.Options{
			Host: host, Port: text, Username: config.Username, Password: password, Database: config.Database, TLS: secure,
		})), nil
	}
	open := postgres.New
	if config.Type == typePgBouncer {
		open = postgres.NewPooler
	}
	server, err := open(&postgres.Options{
		Host: host, Port: port, Username: config.Username, Password: password, Database: config.namespace(), TLS: secure,
	})
	if err != nil {
		return nil, err
	}
	return check.NewClient(server), nil
}

// secure gives the TLS configuration, or nil where there is to be none.
func (t *TargetConfig) secure(ctx context.Context, host string) (*tls.Config, error) {
	config, err := t.TLS.LoadTLSConfig(ctx)
	if err != nil || config == nil {
		return nil, err
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	return config, nil
}

// run checks once, after a while.
func (t *target) run(ctx context.Context, delay time.Duration, at time.Time) {
	// What a server sends reaches a driver's code, which must not end the Collector.
	defer func() {
		if fault := recover(); fault != nil {
			t.results <- check.Result{Failure: &check.Failure{Code: "driver", Text: "the driver failed", Stage: check.Query}}
		}
	}()
	wait(ctx, delay)
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	t.results <- t.check(ctx, at)
}

// check checks, and once more where that failed. What denied access is left alone for longer and longer.
func (t *target) check(ctx context.Context, at time.Time) check.Result {
	if at.Before(t.pause) {
		return t.checker.Check(ctx, false)
	}
	result := t.checker.Check(ctx, true)
	if failed := result.Failure; failed != nil && !failed.Denied && ctx.Err() == nil {
		wait(ctx, retryAfter)
		if ctx.Err() == nil {
			result = t.checker.Check(ctx, true)
		}
	}
	if result.Failure == nil || !result.Failure.Denied {
		t.denied, t.pause = 0, time.Time{}
		return result
	}
	t.denied++
	t.pause = at.Add(min(maxBackOff, t.interval<<min(t.denied, 10)) - t.interval/2)
	return result
}

// tellMissing logs once which grants are missing.
func (t *target) tellMissing(logger *zap.Logger, f *check.Figures) {
	if f == nil || slices.Equal(t.missing, f.Missing) {
		return
	}
	t.missing = f.Missing
	if len(f.Missing) == 0 {
		logger.Info("the user of the probe has all grants that it needs now", zap.String("target", t.entity.ID))
		return
	}
	logger.Warn("the user of the probe lacks grants: what they are for is left out", zap.String("target", t.entity.ID), zap.Strings("grants", f.Missing))
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// await gives what the check found, where it ends in time.
func (t *target) await(ctx context.Context) (check.Result, bool) {
	select {
	case result := <-t.results:
		t.busy = false
		return result, true
	default:
	}
	select {
	case result := <-t.results:
		t.busy = false
		return result, true
	case <-ctx.Done():
		return check.Result{}, false
	}
}
