package figure

// CPUTimes are the seconds that all CPUs together have spent in each mode since the host started. The
// time of guests is part of User and Nice, as the kernel counts it.
type CPUTimes struct {
	User, Nice, System, Idle, IOWait, IRQ, SoftIRQ, Steal float64
}

// CPU is what the processors of the host have done.
type CPU struct {
	Times Value[CPUTimes]
	// Online is how many CPUs are online, {cpu}.
	Online Count
}

// Total returns the time in all modes, s.
func (t CPUTimes) Total() float64 { return t.Busy() + t.Idle + t.IOWait }

// Busy returns the time in which a CPU was not free: all but idle and waiting for I/O, s. Stolen time
// counts, since it was wanted and not had.
func (t CPUTimes) Busy() float64 {
	return t.User + t.Nice + t.System + t.IRQ + t.SoftIRQ + t.Steal
}

// Since returns what was spent since an earlier scan. It is false where either is unknown, or CPUs came
// or went, which takes their times with them. The kernel lets idle, iowait and steal step back at times;
// no time in a mode is less than none.
func (c CPU) Since(earlier CPU) (CPUTimes, bool) {
	now, ok := c.Times.Get()
	then, before := earlier.Times.Get()
	if !ok || !before || c.Online != earlier.Online {
		return CPUTimes{}, false
	}
	return CPUTimes{
		User:    max(0, now.User-then.User),
		Nice:    max(0, now.Nice-then.Nice),
		System:  max(0, now.System-then.System),
		Idle:    max(0, now.Idle-then.Idle),
		IOWait:  max(0, now.IOWait-then.IOWait),
		IRQ:     max(0, now.IRQ-then.IRQ),
		SoftIRQ: max(0, now.SoftIRQ-then.SoftIRQ),
		Steal:   max(0, now.Steal-then.Steal),
	}, true
}

// Load is how many threads want to run.
type Load struct {
	// One, Five and Fifteen are the load averages of so many minutes, {thread}.
	One, Five, Fifteen Number
	// Running is how many threads run or wait for a CPU now, {thread}.
	Running Count
}
