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

// Figures are what a server tells of itself. What a pointer is nil for this kind of server does not tell, or
// not to this user: that is not zero.
type Figures struct {
	// Connections are those in use, that of the probe among them, and Usable those that others than its
	// administrators may have; 0 is not known.
	Connections, Usable int64
	// Sessions say what they do.
	Sessions     []Sessions
	Transactions *Transactions
	Running      *Running
	Queue        *Queue
	// Lag is how far a replica is behind.
	Lag *time.Duration
	// Missing are the grants without which the user is not told all.
	Missing []string
	// Wraparound is the share of transaction ids in use, and Memory that of the memory that it may have.
	Wraparound, Memory *float64
}

// Sessions are those that do the same.
type Sessions struct {
	State string
	Count int64
}

// Transactions are counted since the server's statistics began.
type Transactions struct {
	Commits, Rollbacks int64
	Deadlocks          *int64
}

// Queue are the clients of a pooler that wait for a connection of the server behind it.
type Queue struct {
	Waiting int64
	Longest time.Duration
}

// Running are the transactions that go on.
type Running struct {
	// Longest is the age of the oldest, and Idle how long the one has waited that waits longest for its client.
	Longest time.Duration
	Idle    *time.Duration
	// Waiting are the sessions that wait for a lock, and Blocker who holds most of them up.
	Waiting int64
	Blocker string
}
