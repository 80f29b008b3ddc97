package figure

// Memory is the memory of the host, By.
type Memory struct {
	Total, Available, Free, Buffers, Cached, Shmem Count
	// SwapTotal is 0 where there is no swap.
	SwapTotal, SwapFree Count
	// ARC is how much of its cache ZFS would give back. The kernel does not count it as available.
	ARC Count
}

// Obtainable returns the memory that programs could still get, By: what is available, and the cache of ZFS.
func (m Memory) Obtainable() (uint64, bool) {
	available, ok := m.Available.Get()
	arc, _ := m.ARC.Get()
	return available + arc, ok
}

// Utilisation returns the part of the memory that is not obtainable, from 0 to 1.
func (m Memory) Utilisation() (float64, bool) {
	total, ok := m.Total.Get()
	obtainable, known := m.Obtainable()
	if !ok || !known || total == 0 {
		return 0, false
	}
	return 1 - float64(min(obtainable, total))/float64(total), true
}

// Paging counts events since the host started.
type Paging struct {
	// OOMKills is how many processes the kernel has killed for want of memory, in cgroups too, {kill}.
	OOMKills Count
	// SwappedIn and SwappedOut are pages, {page}; MajorFaults is faults that had to read, {fault}.
	SwappedIn, SwappedOut, MajorFaults Count
}
