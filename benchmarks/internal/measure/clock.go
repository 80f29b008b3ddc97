package measure

import (
	"syscall"
	"time"
)

// ProcessorTime is how long the process has used processors, garbage collection
// and the kernel's work for it included.
func ProcessorTime() time.Duration {
	var usage syscall.Rusage
	// It fails for an unknown subject or a bad address; neither is given.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

var origin = time.Now()

// WallTime is for what several processors do at the same time.
func WallTime() time.Duration { return time.Since(origin) }
