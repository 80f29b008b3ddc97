package detect

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync/atomic"
)

const (
	// repeatSlots is how many verdicts are remembered.
	repeatSlots = 4 << 10
	// metSlots is of how many failures it is known that they came once.
	metSlots = 4 * repeatSlots
	// maxRepeat bounds what is kept of a record to know it again, in bytes. Longer
	// ones are judged anew each time.
	maxRepeat = 2 << 10
)

// repeats remembers the verdicts on failures, since what fails says so again and
// again in the same words. A record is known by all that a verdict depends on, byte by
// byte. There is no lock: a failure has two slots that it can be in, so that few have to go for
// another one before there are many. What came only once is not remembered, since most of
// that, with an id or a time in it, never comes again.
type repeats struct {
	seed  maphash.Seed
	met   [metSlots]atomic.Uint32
	slots [repeatSlots]atomic.Pointer[repeat]
}

// repeat is a failure that was judged. It does not change.
type repeat struct {
	key     string
	verdict Verdict
}

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed()} }

// places gives the slots that a failure can be in.
func places(hash uint64) [2]uint64 { return [2]uint64{hash % repeatSlots, hash >> 32 % repeatSlots} }

// recall gives the verdict on the record with a key.
func (r *repeats) recall(key []byte) (Verdict, bool) {
	for _, at := range places(maphash.Bytes(r.seed, key)) {
		if known := r.slots[at].Load(); known != nil && known.key == string(key) {
			return known.verdict.clone(), true
		}
	}
	return Verdict{}, false
}

// remember keeps a verdict if it is on a record that was met before.
func (r *repeats) remember(key []byte, v *Verdict) {
	hash := maphash.Bytes(r.seed, key)
	// Others that take both marks make one come once more before it is remembered.
	mark := uint32(hash>>32) | 1
	one, other := r.met[hash%metSlots].Swap(mark), r.met[hash>>16%metSlots].Swap(mark)
	if one != mark && other != mark {
		return
	}
	at := places(hash)
	free := at[hash>>63]
	for _, i := range at {
		if r.slots[i].Load() == nil {
			free = i
			break
		}
	}
	r.slots[free].Store(&repeat{key: string(key), verdict: v.clone()})
}

// clone copies what a caller may reorder.
func (v *Verdict) clone() Verdict {
	same := *v
	same.Detections, same.Shadow, same.Clears = slices.Clone(v.Detections), slices.Clone(v.Shadow), slices.Clone(v.Clears)
	return same
}

// key fills a buffer with all of the input that a verdict depends on, but for what
// conditions ask. It is nil where that is too much.
func (in *input) key(buffer []byte) []byte {
	buffer = append(buffer[:0], byte(in.kind))
	add := func(text string) bool {
		if len(buffer)+len(text) > maxRepeat {
			return false
		}
		buffer = append(binary.AppendUvarint(buffer, uint64(len(text))), text...)
		return true
	}
	for i := range in.pieces {
		if p := &in.pieces[i]; !add(p.source) || !add(p.before) || !add(p.text) {
			return nil
		}
	}
	// A source is never empty, so this ends the pieces.
	if !add("") || !add(in.exceptionType) || !add(in.exceptionMessage) || !add(in.exceptionStacktrace) {
		return nil
	}
	if in.codesCount {
		for i := range in.codes {
			if c := &in.codes[i]; !add(c.key) || !add(c.value()) {
				return nil
			}
		}
	}
	return buffer
}
