package detect

import (
	"hash/maphash"
	"slices"
	"sync/atomic"
)

const (
	// repeatSlots is how many verdicts are remembered.
	repeatSlots = 4 << 10
	// markSlots is of how many of them it is known that they came once.
	markSlots = 4 * repeatSlots
	// maxRepeat bounds what is kept of a record to know it again, in bytes. Longer
	// ones are judged anew each time.
	maxRepeat = 2 << 10
)

// repeats remembers the verdicts on failures, since what fails says so again and
// again in the same words, often but for a time or a number. A record is known by all that a
// verdict depends on, byte by byte; a shape is that without its digits, and is remembered
// beside it. There is no lock: each has two slots that it can be in, so that few have to go for
// another one before there are many. What came only once is not remembered, since most of
// that, with an id in it, never comes again.
type repeats struct {
	seed  maphash.Seed
	marks [markSlots]atomic.Uint32
	slots [repeatSlots]atomic.Pointer[repeat]
}

// repeat is a failure that was judged. It does not change.
type repeat struct {
	key     string
	verdict Verdict
	// trail leads from a shape to the verdict on a record that has it.
	trail trail
}

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed()} }

// places gives the slots that a failure can be in.
func places(hash uint64) [2]uint64 { return [2]uint64{hash % repeatSlots, hash >> 32 % repeatSlots} }

// recall gives what is remembered by a key, or nil.
func (r *repeats) recall(key []byte) *repeat {
	for _, at := range places(maphash.Bytes(r.seed, key)) {
		if known := r.slots[at].Load(); known != nil && known.key == string(key) {
			return known
		}
	}
	return nil
}

// met notes that a record, or a shape, was met, and says whether it was before.
func (r *repeats) met(key []byte) bool {
	hash := maphash.Bytes(r.seed, key)
	// Others that take both marks make one come once more before it is remembered.
	mark := uint32(hash>>32) | 1
	one, other := r.marks[hash%markSlots].Swap(mark), r.marks[hash>>16%markSlots].Swap(mark)
	return one == mark || other == mark
}

// keep remembers in a free place, or in place of another one.
func (r *repeats) keep(known *repeat) {
	hash := maphash.String(r.seed, known.key)
	at := places(hash)
	free := at[hash>>63]
	for _, i := range at {
		if r.slots[i].Load() == nil {
			free = i
			break
		}
	}
	r.slots[free].Store(known)
}

// clone copies what a caller may reorder.
func (v *Verdict) clone() Verdict {
	same := *v
	same.Detections, same.Shadow, same.Clears = slices.Clone(v.Detections), slices.Clone(v.Shadow), slices.Clone(v.Clears)
	return same
}
