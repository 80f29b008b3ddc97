package figure

// Files are the open file handles of the host, {file}.
type Files struct {
	Open, Limit Count
}

// Tasks are the threads of the host, {thread}.
type Tasks struct {
	Threads Count
	// MaxPIDs is kernel.pid_max, MaxThreads kernel.threads-max. Each thread takes one of both.
	MaxPIDs, MaxThreads Count
}

// Limit returns how many threads there can be.
func (t Tasks) Limit() (uint64, bool) {
	pids, ok := t.MaxPIDs.Get()
	threads, known := t.MaxThreads.Get()
	switch {
	case ok && known:
		return min(pids, threads), true
	case ok:
		return pids, true
	default:
		return threads, known
	}
}

// Conntrack is the table of connections that the firewall follows, {entry}. Unknown where it is not loaded.
type Conntrack struct {
	Entries, Limit Count
}
