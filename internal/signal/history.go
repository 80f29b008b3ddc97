package signal

import "time"

const (
	// remembered is how many samples a series keeps: six hours of one every 30 s.
	remembered = 720
	// apart is how far samples are apart at least, a little less than 30 s, since scans are not exact.
	apart = 27 * time.Second
	// moment is the unit in which the times of samples are kept. 32 bits of it last 6.8 years.
	moment = 100 * time.Millisecond
)

// History is the last six hours of a series of values between 0 and 1, where 1 is full. It takes 6 KiB.
type History struct {
	times  [remembered]int32
	values [remembered]float32
	// next is where the next sample goes, and length how many there are.
	next, length int
	fits         [len(windows)]fit
}

// Add notes a value. One that follows another too closely is left out.
func (h *History) Add(now time.Duration, value float64) {
	at := int32(now / moment)
	if h.length > 0 && time.Duration(at-h.at(h.length-1))*moment < apart {
		return
	}
	h.times[h.next], h.values[h.next] = at, float32(value)
	h.next = (h.next + 1) % remembered
	h.length = min(h.length+1, remembered)
}

// Reset forgets all, where what is measured is no longer the same thing: a disk that was enlarged.
func (h *History) Reset() { *h = History{} }

// index is where the i-th sample from the oldest is.
func (h *History) index(i int) int { return (h.next - h.length + i + remembered) % remembered }

func (h *History) at(i int) int32 { return h.times[h.index(i)] }

func (h *History) value(i int) float64 { return float64(h.values[h.index(i)]) }

// since is the first sample that is not older than a time.
func (h *History) since(at int32) int {
	first := h.length
	for first > 0 && h.at(first-1) >= at {
		first--
	}
	return first
}

// highest is the highest of the samples up to a time, or 0 where there are none.
func (h *History) highest(until int32) float64 {
	highest := 0.0
	for i := range h.length {
		if h.at(i) > until {
			break
		}
		highest = max(highest, h.value(i))
	}
	return highest
}
