package check

import "time"

// Result is what a check found.
type Result struct {
	Timings Timings
	// Failure is what stopped it, or nil.
	Failure *Failure
	// Figures are what the server told, or nil. A server that takes no further connection may still tell
	// over the one that is open.
	Figures *Figures
}

// Sessions are those that do the same.
type Sessions struct {
	State string
	Count int64
}

// Figures are what a server tells of itself.
type Figures struct {
	// Connections are those in use, and Usable those that others than its administrators may have.
	Connections, Usable int64
	// Sessions say what they do.
	Sessions []Sessions
	// Complete says that what follows is known of all sessions: without the grant a server shows nothing,
	// which is not zero.
	Complete bool
	// Longest is the age of the oldest transaction, and Idle of the oldest that waits for its client.
	Longest, Idle time.Duration
	// Waiting are the sessions that wait for a lock, and Blocker who holds most of them up.
	Waiting int64
	Blocker string
	// Commits, Rollbacks and Deadlocks count since the server's statistics began.
	Commits, Rollbacks, Deadlocks int64
	// Lag is how far a replica is behind.
	Lag time.Duration
	// Wraparound is the share of transaction ids in use.
	Wraparound float64
}
