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
	// Lag is how far a replica is behind, and Replica whether it follows at all.
	Lag     *time.Duration
	Replica *Replica
	// Missing are the grants without which the user is not told all.
	Missing []string
	// Wraparound is how near the transaction ids are to their end.
	Wraparound *Wraparound
	// Memory is the share in use of the memory that it may have.
	Memory *float64
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
	// Waiting are the sessions that wait for a lock, LongestWait how long the one has that has waited longest, and
	// Blocker who holds most of them up.
	Waiting     int64
	LongestWait time.Duration
	Blocker     string
}

// Replica is whether a replica follows its source.
type Replica struct {
	State ReplicaState
	// Text says in our own words why it does not.
	Text string
}

// ReplicaState is whether a replica follows its source.
type ReplicaState uint8

// The states, the worst last.
const (
	// Following is one that does, however far behind.
	Following ReplicaState = iota
	// Parted is one that has no connection to its source, or was told to stop. It may follow again any moment.
	Parted
	// Broken is one that an error has stopped, which nothing but a person puts right.
	Broken
)

// Wraparound is how near the transaction ids are to their end.
type Wraparound struct {
	// Share is what is in use of the ids of transactions, or of multixacts where that is more.
	Share float64
	// Text says what is in use.
	Text string
}
