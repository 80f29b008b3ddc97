package signal

import "math/bits"

const (
	// words hold the scans that are remembered: five minutes of one a second.
	words = 5
	// MaxScans is how many scans a bar may look back: one bit each.
	MaxScans = 64 * words
)

// sustain remembers which of the last scans reached a bar, the last in the lowest bit.
type sustain [words]uint64

// add notes a scan and says whether the bar holds.
func (s *sustain) add(bar Bar, reached bool) bool {
	var carry uint64
	if reached {
		carry = 1
	}
	held := 0
	for i := range s {
		s[i], carry = s[i]<<1|carry, s[i]>>63
		if keep := max(0, bar.Of-64*i); keep < 64 {
			s[i] &= 1<<keep - 1
		}
		held += bits.OnesCount64(s[i])
	}
	return bar.Count > 0 && held >= bar.Count
}

// any says whether one of the scans reached the bar.
func (s *sustain) any() bool { return *s != sustain{} }
