package incident

import "time"

// rememberFor is how long an ended incident is known, so that one that follows it can name it.
const rememberFor = 7 * 24 * time.Hour

// former is what is remembered of an incident that ended.
type former struct {
	Key      Key     `json:"key"`
	ID       string  `json:"id"`
	Opened   int64   `json:"opened"`
	First    int64   `json:"first"`
	Ended    int64   `json:"ended"`
	Count    int64   `json:"count"`
	Sequence int64   `json:"seq"`
	Version  string  `json:"ver,omitempty"`
	Returns  []int64 `json:"ret,omitempty"`
}

// closed remembers incidents that ended, at most as many as its limit: the oldest is forgotten first.
type closed struct {
	limit int
	known map[Key]*former
	// queue has them in the order in which they ended, and some that came back since.
	queue []*former
	// forgotten counts those dropped for want of room.
	forgotten int64
}

func newClosed(limit int) closed {
	return closed{limit: limit, known: map[Key]*former{}}
}

func (c *closed) add(f *former) {
	c.known[f.Key] = f
	c.queue = append(c.queue, f)
	for len(c.known) > c.limit {
		if c.drop() {
			c.forgotten++
		}
	}
}

// expire forgets what ended long ago.
func (c *closed) expire(now int64) {
	for len(c.queue) > 0 && (c.known[c.queue[0].Key] != c.queue[0] || now-c.queue[0].Ended > int64(rememberFor)) {
		c.drop()
	}
}

// drop takes the head of the queue, and reports whether it was still known.
func (c *closed) drop() bool {
	head := c.queue[0]
	c.queue[0] = nil
	c.queue = c.queue[1:]
	if c.known[head.Key] != head {
		return false
	}
	delete(c.known, head.Key)
	return true
}

// take gives what is remembered of a failure and forgets it.
func (c *closed) take(key Key) *former {
	f := c.known[key]
	delete(c.known, key)
	if len(c.queue) > 2*c.limit {
		c.compact()
	}
	return f
}

// compact drops from the queue what came back.
func (c *closed) compact() {
	kept := make([]*former, 0, len(c.known))
	for _, f := range c.queue {
		if c.known[f.Key] == f {
			kept = append(kept, f)
		}
	}
	c.queue = kept
}

// follow lets an incident go on as the one that ended, or name it where that is too long ago.
func (s *State) follow(in *Incident, f *former) {
	if s.now-f.Ended > int64(s.settings.RegressAfter) {
		in.RegressionOf = f.ID
		return
	}
	in.ID, in.Opened, in.First, in.Count, in.sequence = f.ID, f.Opened, f.First, f.Count, f.Sequence
	in.FormerVersion = f.Version
	in.former = f
	in.returns = append(recentReturns(f.Returns, s.now), s.now)
}

// returned says whether the incident is one that came back.
func (in *Incident) returned() bool { return len(in.returns) > 0 }
