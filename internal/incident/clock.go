package incident

import "time"

// advance takes the caller's time. It never goes back, so that a clock that was set back makes
// nothing negative.
func (s *State) advance(now time.Time) {
	s.now = max(s.now, now.UnixNano())
}

// eventTime is when a record says that it happened. One that says nothing, or a time that is still
// to come, happened when it arrived.
func (s *State) eventTime(told int64) int64 {
	if told <= 0 || told > s.now {
		return s.now
	}
	return told
}
