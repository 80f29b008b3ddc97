package figure

import "time"

// Stall is how much of the time tasks waited for something.
type Stall struct {
	// Avg10, Avg60 and Avg300 are the parts of the last 10 s, 60 s and 300 s, from 0 to 1.
	Avg10, Avg60, Avg300 float64
	// Total is the waiting time since the host started or the cgroup was made.
	Total time.Duration
}

// Stalls are the times in which some task waited, and in which all tasks did.
type Stalls struct {
	Some, Full Value[Stall]
}

// Pressure is the pressure stall information of a host or a cgroup. All is unknown where the kernel has
// it not or has it turned off.
type Pressure struct {
	CPU, Memory, IO Stalls
}
