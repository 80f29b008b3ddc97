package detect

import (
	"hash/maphash"
	"slices"
	"sync/atomic"
)

const (
	// repeatSlots is how many verdicts are remembered, in drawers of some.
	repeatSlots = 4 << 10
	drawerSlots = 4
	// markSlots is of how many of them it is known that they came once.
	markSlots = 4 * repeatSlots
	// maxRepeat bounds what is kept of a record to know it again, in bytes. Longer
	// ones are judged anew each time.
	maxRepeat = 2 << 10
)

// repeats remembers the verdicts on failures, since what fails says so again and
// again in the same words, often but for a time or a number. A record is known by all that a
// verdict depends on, byte by byte; a shape is that without its digits, and is remembered
// beside it. What came only once is not remembered, since most of that, with an id in it, never
// comes again. There is no lock.
type repeats struct {
	drawers [repeatSlots / drawerSlots]drawer
	marks   [markSlots]atomic.Uint32
	seed    maphash.Seed
}

// drawer is where some verdicts lie, as large as a line of the processor's caches. The tag tells
// nearly all apart without a look at them, and is 0 where there is none.
type drawer struct {
	tags  [drawerSlots]atomic.Uint32
	slots [drawerSlots]atomic.Pointer[repeat]
	// stored is how many were ever stored.
	stored atomic.Uint32
	_      [12]byte
}

// repeat is a failure that was judged. It does not change.
type repeat struct {
	key     string
	verdict Verdict
	// trail leads from a shape to the verdict on a record that has it.
	trail trail
}

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed()} }

// places gives the two drawers of which one has what has a hash. A drawer alone would often be
// asked for more than it can hold while others are empty.
func (r *repeats) places(hash uint64) [2]*drawer {
	return [2]*drawer{&r.drawers[hash%uint64(len(r.drawers))], &r.drawers[hash>>16%uint64(len(r.drawers))]}
}

func tagOf(hash uint64) uint32 { return uint32(hash>>32) | 1 }

// recall gives what is remembered by a key and fits, or nil.
func (r *repeats) recall(key []byte, fits func(*repeat) bool) *repeat {
	hash := maphash.Bytes(r.seed, key)
	tag := tagOf(hash)
	for _, d := range r.places(hash) {
		for i := range d.tags {
			if d.tags[i].Load() != tag {
				continue
			}
			if known := d.slots[i].Load(); known != nil && known.key == string(key) && fits(known) {
				return known
			}
		}
	}
	return nil
}

// met notes that a record, or a shape, was met, and says whether it was before.
func (r *repeats) met(key []byte) bool {
	hash := maphash.Bytes(r.seed, key)
	// Others that take both marks make one come once more before it is remembered.
	mark := tagOf(hash)
	one, other := r.marks[hash%markSlots].Swap(mark), r.marks[hash>>16%markSlots].Swap(mark)
	return one == mark || other == mark
}

// keep remembers in the drawer in which less was ever stored, in place of what was stored there
// longest ago.
func (r *repeats) keep(known *repeat) {
	hash := maphash.String(r.seed, known.key)
	places := r.places(hash)
	d := places[0]
	if places[1].stored.Load() < d.stored.Load() {
		d = places[1]
	}
	at := (d.stored.Add(1) - 1) % drawerSlots
	d.slots[at].Store(known)
	d.tags[at].Store(tagOf(hash))
}

// clone copies what a caller may reorder.
func (v *Verdict) clone() Verdict {
	same := *v
	same.Detections, same.Shadow, same.Clears = slices.Clone(v.Detections), slices.Clone(v.Shadow), slices.Clone(v.Clears)
	return same
}
