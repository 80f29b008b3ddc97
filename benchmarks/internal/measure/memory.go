package measure

import "runtime"

// Memory is what a piece of work took of the heap.
type Memory struct {
	// Objects and Bytes are all that was allocated.
	Objects, Bytes uint64
	// Kept is what of it is still there after a collection, in bytes.
	Kept uint64
}

// Allocated gives what work allocates. What it returns counts as kept.
func Allocated[T any](work func() T) (T, Memory) {
	var before, after, collected runtime.MemStats
	// What pools hold is gone after the second collection.
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	made := work()
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&collected)
	runtime.KeepAlive(made)
	return made, Memory{
		Objects: after.Mallocs - before.Mallocs,
		Bytes:   after.TotalAlloc - before.TotalAlloc,
		Kept:    max(collected.HeapAlloc, before.HeapAlloc) - before.HeapAlloc,
	}
}

// AllocationsPerRecord gives what one more record of a batch allocates, apart
// from what every batch costs: the difference of a large batch and one of a
// single record. Rare allocations of the runtime vanish in the mean of many passes.
func AllocationsPerRecord(batch func(records int) func(), records int) float64 {
	const passes = 50
	large, single := batch(records), batch(1)
	return max(0, perPass(large, passes)-perPass(single, passes)) / float64(records-1)
}

func perPass(pass func(), passes int) float64 {
	pass()
	_, spent := Allocated(func() bool {
		for range passes {
			pass()
		}
		return true
	})
	return float64(spent.Objects) / float64(passes)
}
