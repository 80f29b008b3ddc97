package databaseprobereceiver

import (
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// Failure types and their categories.
const (
	typeConnection = "DATABASE_CONNECTION_ERROR"
	typeSupabase   = "SUPABASE_CONNECTION_ERROR"
	typeTimeout    = "DATABASE_TIMEOUT"
	typePool       = "CONNECTION_POOL_EXHAUSTION"
	typeRollback   = "TRANSACTION_ROLLBACK"
	typeNetwork    = "NETWORK_ERROR"
	typeMemory     = "MEMORY_EXHAUSTION"
	database       = "database"
	network        = "network"
	resource       = "resource"
)

// When a wait for a lock is long: statements that share rows wait for one another all the time, but not for seconds.
// InnoDB lets none wait for longer than 50 s.
const (
	longWait     = 5 * time.Second
	veryLongWait = 30 * time.Second
	// manyWaiting are so many that what one waits for holds up the application.
	manyWaiting = 10
)

// signals are what is judged of a target.
type signals struct {
	// failed are the ways in which a check fails, by class; one of them holds at a time.
	failed [3]*probe.Signal
	// The others need figures of the server.
	latency, connections, memory, rollbacks, deadlocks, longest, idle, locks, queue, lag, replica, wraparound *probe.Signal
}

// measured are those that need a check that came through.
func (s *signals) measured() []*probe.Signal {
	return []*probe.Signal{
		s.latency, s.connections, s.memory, s.rollbacks, s.deadlocks, s.longest, s.idle, s.locks, s.queue, s.lag, s.replica, s.wraparound,
	}
}

func newSignals(c *Config, t *TargetConfig) *signals {
	connection, category := typeConnection, database
	host, _ := t.place()
	switch {
	case t.Type == typeTCP:
		connection, category = typeNetwork, network
	case strings.HasSuffix(host, ".supabase.co") || strings.HasSuffix(host, ".pooler.supabase.com"):
		connection = typeSupabase
	}
	timeout := typeTimeout
	if t.Type == typeTCP {
		timeout = typeNetwork
	}
	s := &signals{failed: [...]*probe.Signal{
		check.Unreachable: failing("db.connect", connection, category, "There is no connection"),
		check.Timeout:     failing("db.answer", timeout, category, "There is no answer"),
		check.Exhausted:   failing("db.accept", typePool, category, "No further connection is taken"),
	}}
	s.latency = &probe.Signal{
		ID: "db.latency", Type: typeTimeout, Category: database, Title: "Answers are slow", Subject: "the time of an answer", Format: probe.Seconds,
		Limits: limits(0.5, 2, 0.4, 3, 5), Warn: failure.Medium, Critical: failure.High,
	}
	threshold, critical := c.Connections.ThresholdPercent/100, c.Connections.CriticalPercent/100
	s.connections = &probe.Signal{
		ID: "db.connections", Type: typePool, Category: database, Title: "Connections are running out", Subject: "the connections",
		Quantity: "of the usable connections in use", Limits: limits(threshold, critical, threshold-.05, 2, 2), Forecast: true,
	}
	// Where there are hardly any left the next scan may be too late.
	s.connections.Limits.Critical = signal.Once(critical)
	s.memory = &probe.Signal{
		ID: "db.memory", Type: typeMemory, Category: resource, Title: "Memory is running out", Subject: "the memory of the server",
		Quantity: "of the memory that the server may have", Limits: limits(.90, .98, .85, 4, 4), Forecast: true,
	}
	s.rollbacks = &probe.Signal{
		ID: "db.rollbacks", Type: typeRollback, Category: database, Title: "Many transactions are rolled back", Subject: "the share of rollbacks",
		Quantity: "of the transactions", Limits: limits(.05, .20, .03, 1, 1), Warn: failure.Medium, Critical: failure.High,
	}
	s.deadlocks = &probe.Signal{
		ID: "db.deadlocks", Type: typeRollback, Category: database, Title: "There are deadlocks", Subject: "the number of deadlocks",
		Quantity: "within five minutes", Format: probe.Count, Limits: limits(1, 10, .5, 1, 1), Warn: failure.Medium, Critical: failure.High,
	}
	s.longest = aged("db.transaction", "A transaction is long", "the longest transaction", 5*time.Minute, 30*time.Minute)
	s.idle = aged("db.idle", "A transaction waits for its client", "the transaction that waits longest for its client", time.Minute, 10*time.Minute)
	s.locks = &probe.Signal{
		ID: "db.locks", Type: typeTimeout, Category: database, Title: "Sessions wait for locks", Subject: "the longest wait for a lock",
		Quantity: "so far", Format: probe.Seconds, Limits: limits(longWait.Seconds(), veryLongWait.Seconds(), longWait.Seconds()/2, 1, 1),
		Warn: failure.Medium, Critical: failure.High,
	}
	s.queue = &probe.Signal{
		ID: "db.queue", Type: typePool, Category: database, Title: "Clients wait for a connection", Subject: "the longest wait for a connection",
		Quantity: "so far", Format: probe.Seconds, Limits: limits(1, 10, .5, 1, 1),
	}
	s.lag = &probe.Signal{
		ID: "db.lag", Type: typeTimeout, Category: database, Title: "The replica is behind", Subject: "the lag of the replica",
		Quantity: "behind", Format: probe.Seconds, Limits: limits(60, 600, 30, 2, 2), Warn: failure.Medium, Critical: failure.High,
	}
	s.replica = &probe.Signal{
		ID: "db.replica", Type: connection, Category: database, Title: "The replica does not follow", Subject: "the replication",
		Format: probe.Count, Limits: limits(float64(check.Parted), float64(check.Broken), .5, 2, 2), Warn: failure.Medium, Critical: failure.High,
	}
	// One that has lost its source mostly finds it again; one that an error has stopped does not go on by itself.
	s.replica.Limits.Critical = signal.Once(float64(check.Broken))
	// Half of the ids are five times what a server that keeps up lets them come to; at three quarters it begins to
	// leave out all else for it.
	s.wraparound = &probe.Signal{
		ID: "db.wraparound", Type: typeRollback, Category: database, Title: "Transaction ids are running out", Subject: "the transaction ids",
		Quantity: "of the ids in use", Limits: limits(.50, .75, .45, 1, 1), Warn: failure.Medium,
	}
	// The others are about what was before the start as well.
	for _, sig := range []*probe.Signal{s.connections, s.memory, s.longest, s.idle, s.locks, s.queue, s.lag, s.replica, s.wraparound} {
		sig.DeniedAtStart = true
	}
	return s
}

// failing is a signal that is 0 or 1. A check that fails is tried again at once, so one is enough.
func failing(id, failureType, category, title string) *probe.Signal {
	return &probe.Signal{
		ID: id, Type: failureType, Category: category, Title: title, Subject: "the connection", Format: probe.Count,
		Limits: signal.Limits{Critical: signal.Once(1), Clear: .5, Hold: 1}, DeniedAtStart: true,
	}
}

func aged(id, title, subject string, warn, critical time.Duration) *probe.Signal {
	return &probe.Signal{
		ID: id, Type: typeTimeout, Category: database, Title: title, Subject: subject, Quantity: "old", Format: probe.Seconds,
		Limits: limits(warn.Seconds(), critical.Seconds(), 0.9*warn.Seconds(), 1, 1), Warn: failure.Medium, Critical: failure.High,
	}
}

func limits(warn, critical, clearAt float64, count, of int) signal.Limits {
	return signal.Limits{
		Warn: signal.Bar{At: warn, Count: count, Of: of}, Critical: signal.Bar{At: critical, Count: count, Of: of}, Clear: clearAt, Hold: 2,
	}
}
