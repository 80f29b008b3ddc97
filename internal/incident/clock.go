package incident

import "time"

// second is the grain of the state's time. What happens by itself happens on whole seconds, so that
// it does not depend on when the caller says what time it is.
const second = int64(time.Second)

// deaf is how long nobody may have kept the time, in nanoseconds, before what happened meanwhile is
// unknown: a machine that was suspended, or a clock that was set forward.
const deaf = int64(30 * time.Second)

// advance takes the caller's time: the whole seconds up to it pass first. It never goes back, so that a
// clock that was set back makes nothing negative.
func (s *State) advance(now time.Time) {
	at := max(s.now, now.UnixNano())
	s.pass(at)
	if at > s.now {
		s.now = at
		s.look()
	}
}

// pass lets the whole seconds up to a time pass that have not. Of those in which nobody kept the time
// only the last one does.
func (s *State) pass(now int64) {
	last := now - now%second
	next := s.passed + second
	if s.passed == 0 || last-s.passed > deaf {
		s.bridge(last - max(s.passed, s.now))
		next = last
	}
	for ; next <= last; next += second {
		s.now = max(s.now, next)
		s.look()
		s.tick()
	}
	s.passed = max(s.passed, last)
}

// Idle says that there is nothing that time alone could change in what is announced.
func (s *State) Idle() bool {
	crowded := len(s.groups) > s.settings.Limits.Groups*3/4 // Then groups end early.
	return len(s.incidents) == 0 && !crowded && s.cascades.idle() && s.breakers.idle() && s.sources.idle() && s.hangs.idle() && s.news.idle(s.now)
}

func (c *cascades) idle() bool { return c == nil || c.tracker.Idle() && len(c.origins) == 0 }

func (b *breakers) idle() bool { return b == nil || len(b.edges) == 0 }

func (s *sources) idle() bool { return s == nil || len(s.list) == 0 }

func (h *hangs) idle() bool { return h == nil || len(h.queue)+len(h.stageQueue) == 0 }

func (n *news) idle(now int64) bool { return n == nil || n.miner.Idle(now) }

// eventTime is when a record says that it happened. One that says nothing, or a time that is still
// to come, happened when it arrived.
func (s *State) eventTime(told int64) int64 {
	if told <= 0 || told > s.now {
		return s.now
	}
	return told
}
