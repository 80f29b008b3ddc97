package figure

// Process is one that uses much. It has a name and no more: command lines hold secrets.
type Process struct {
	Name string
	PID  int
	// CPU is how many CPUs it has used since the processes were last read, {cpu}.
	CPU float64
	// Memory is its resident memory, By.
	Memory uint64
}

// Processes are those that use most.
type Processes struct {
	// ByCPU is empty after the first read, which has nothing to compare with. Most comes first.
	ByCPU, ByMemory []Process
}

// Identity tells which host was read. What is not known is empty.
type Identity struct {
	// Name is the host name, ID the machine id.
	Name, ID string
	// OSName and OSVersion are those of the distribution: debian, 12.
	OSName, OSVersion string
}
