package hostprobereceiver

import (
	"time"

	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// The failure types of the receiver, and the category of all.
const (
	typeCPU    = "CPU_EXHAUSTION"
	typeMemory = "MEMORY_EXHAUSTION"
	typeDisk   = "DISK_SPACE_LOW"
	typeFiles  = "FD_EXHAUSTION"
	typePIDs   = "PID_EXHAUSTION"
	category   = "resource"
)

const (
	// holdScans is for how many scans a signal is below what clears it before it is over.
	holdScans = 4
	// quiet is how long nothing more has to be killed before memory is taken for sufficient again.
	quiet = 30 * time.Minute
)

// signals are those that are judged. One that is off is nil.
type signals struct {
	cpu, ownCPU, ownThrottled      *probe.Signal
	memory, ownMemory, memoryWaits *probe.Signal
	kills, ownEvents               *probe.Signal
	space, inodes, readOnly        *probe.Signal
	files, threads, ownThreads     *probe.Signal
	cpuWaits, load, stolen         *probe.Signal
	swap, conntrack                *probe.Signal
}

func newSignals(c *Config) *signals {
	interval := c.CollectionInterval
	limits := map[string]signal.Limits{}
	for _, l := range c.Signals.levels() {
		if l.config.Enabled {
			limits[l.name] = l.limits(interval)
		}
	}
	// on gives the signal if it is on, with its limits.
	on := func(name string, s probe.Signal) *probe.Signal {
		l, enabled := limits[name]
		if !enabled {
			return nil
		}
		s.Category, s.Limits = category, l
		// What is in use of something is seen at once, whatever was before the start.
		s.DeniedAtStart = s.Forecast
		s.Forecast = s.Forecast && c.Forecast.Enabled
		return &s
	}
	s := &signals{
		cpu:          on("cpu", probe.Signal{ID: "cpu.util", Type: typeCPU, Title: "The CPUs are exhausted", Subject: "CPU time", Quantity: "used"}),
		ownCPU:       on("cpu", probe.Signal{ID: "cg.cpu", Type: typeCPU, Title: "The CPU limit is exhausted", Subject: "CPU limit", Quantity: "used"}),
		ownThrottled: on("cpu_throttling", probe.Signal{ID: "cg.throttle", Type: typeCPU, Title: "The CPU limit stops the container", Subject: "scheduling periods", Quantity: "throttled"}),
		memory:       on("memory", probe.Signal{ID: "mem.util", Type: typeMemory, Title: "Memory is low", Subject: "memory", Quantity: "used", Forecast: true}),
		ownMemory:    on("memory", probe.Signal{ID: "cg.mem", Type: typeMemory, Title: "Memory is near the limit", Subject: "memory limit", Quantity: "used", Forecast: true}),
		memoryWaits:  on("memory_pressure", probe.Signal{ID: "mem.psi", Type: typeMemory, Title: "Tasks wait for memory", Subject: "time", Quantity: "waited for memory"}),
		space:        on("disk", probe.Signal{ID: "disk.util", Type: typeDisk, Title: "Disk space is low", Subject: "disk space", Quantity: "used", Forecast: true}),
		inodes:       on("inodes", probe.Signal{ID: "disk.inode", Type: typeDisk, Title: "Inodes are low", Subject: "inodes", Quantity: "used", Forecast: true}),
		files:        on("file_descriptors", probe.Signal{ID: "fd.sys", Type: typeFiles, Title: "File handles are low", Subject: "file handles", Quantity: "used", Forecast: true}),
		threads:      on("pids", probe.Signal{ID: "pid.sys", Type: typePIDs, Title: "Process ids are low", Subject: "process ids", Quantity: "used", Forecast: true}),
		ownThreads:   on("pids", probe.Signal{ID: "cg.pids", Type: typePIDs, Title: "Threads are near the limit", Subject: "thread limit", Quantity: "used", Forecast: true}),
	}
	if c.Signals.OOMKills.Enabled {
		s.kills = &probe.Signal{
			ID: "mem.oom", Type: typeMemory, Category: category, Title: "The kernel kills for want of memory",
			Subject: "OOM killer", Quantity: "killed", Format: probe.Count, Limits: afterQuiet(signal.Bar{}, interval),
		}
		// A limit that is met again and again slows the container down long before something is killed.
		s.ownEvents = &probe.Signal{
			ID: "cg.events", Type: typeMemory, Category: category, Title: "The memory limit is met",
			Subject: "memory limit", Quantity: "times met", Format: probe.Count, Limits: afterQuiet(signal.Bar{At: 1, Count: 3, Of: 4}, interval),
		}
	}
	if c.Signals.ReadOnly.Enabled {
		s.readOnly = &probe.Signal{
			ID: "disk.ro", Type: typeDisk, Category: category, Title: "A filesystem became read-only",
			Subject: "filesystem", Quantity: "read-only", Format: probe.Count,
			Limits: signal.Limits{Critical: signal.Once(1), Clear: 0.5, Hold: 1},
		}
	}
	s.addEvidence()
	return s
}

// addEvidence adds what raises nothing, but makes critical what is only high.
func (s *signals) addEvidence() {
	// The longer bar is for what fluctuates: five minutes at the usual interval, of which it may miss one.
	evidence := func(id, subject, quantity string, at, clearing float64, count, of int, supports ...string) *probe.Signal {
		return &probe.Signal{
			ID: id, Category: category, Subject: subject, Quantity: quantity, Supports: supports,
			Limits: signal.Limits{Warn: signal.Bar{At: at, Count: count, Of: of}, Clear: clearing, Hold: holdScans},
		}
	}
	s.cpuWaits = evidence("cpu.psi", "time", "waited for a CPU", 0.5, 0.4, 8, 10, "cpu.util", "cg.cpu")
	s.load = evidence("cpu.load", "run queue", "threads for each CPU", 2, 1.5, 10, 10, "cpu.util")
	s.load.Format = probe.Count
	s.stolen = evidence("cpu.steal", "CPU time", "taken by other machines", 0.1, 0.05, 10, 10, "cpu.util")
	s.swap = evidence("mem.swap", "swap space", "used", 0.8, 0.7, 4, 4, "mem.util")
	s.conntrack = evidence("net.conntrack", "tracked connections", "used", 0.8, 0.75, 2, 2, "fd.sys")
}

// limits are the configured ones as the state machine has them. What cannot get worse without failing,
// which is memory and disks, is critical at once.
func (l *level) limits(interval time.Duration) signal.Limits {
	ladder := l.ladder()
	need, of := scans(l.config.Sustain, interval)
	critical := signal.Bar{At: ladder.critical, Count: need, Of: of}
	if l.abrupt {
		critical = signal.Once(ladder.critical)
	}
	return signal.Limits{
		Warn:     signal.Bar{At: ladder.high, Count: need, Of: of},
		Critical: critical,
		Clear:    ladder.clear,
		Hold:     holdScans,
	}
}

// afterQuiet are the limits of what happens, rather than lasts.
func afterQuiet(warn signal.Bar, interval time.Duration) signal.Limits {
	return signal.Limits{Warn: warn, Critical: signal.Once(1), Clear: 0.5, Hold: signal.Scans(quiet, interval)}
}
