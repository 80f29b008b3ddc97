package signal

import "math/bits"

// maxScans is how many scans a bar may look back: one bit each.
const maxScans = 64

// sustain remembers which of the last scans reached a bar.
type sustain uint64

// add notes a scan and says whether the bar holds.
func (s *sustain) add(bar Bar, reached bool) bool {
	*s <<= 1
	if reached {
		*s |= 1
	}
	if bar.Of < maxScans {
		*s &= 1<<max(bar.Of, 0) - 1
	}
	return bar.Count > 0 && bits.OnesCount64(uint64(*s)) >= bar.Count
}

// any says whether one of the scans reached the bar.
func (s *sustain) any() bool { return *s != 0 }
