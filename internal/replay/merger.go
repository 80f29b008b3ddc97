package replay

import (
	"context"
	"math"
	"time"
)

// begin is when records arrive that tell no time, where none before them does either.
var begin = time.Unix(1, 0)

// merger sends the records of several files in the order of their arrival.
type merger struct {
	graph   *graph
	sources []*source
	// done counts the stored bytes of the files that are over.
	done     int64
	progress func(read int64, events int)
	summary  Summary
}

func (m *merger) run(ctx context.Context) error {
	for {
		first, limit, err := m.next(ctx)
		if first == nil || err != nil {
			return err
		}
		if err := m.graph.announcer.err; err != nil {
			return err
		}
		m.progress(m.read(), m.graph.announcer.events)
		if err := m.deliver(ctx, first, limit); err != nil {
			return err
		}
	}
}

// read counts the bytes of the files, as they are stored, that are on their way.
func (m *merger) read() int64 {
	sum := m.done
	for _, s := range m.sources {
		sum += s.stored
	}
	return sum
}

// next gives the file whose next record arrives first, of several at once the one that was named first, and
// until when its records go before those of the others.
func (m *merger) next(ctx context.Context) (first *source, limit int64, err error) {
	left := m.sources[:0:0]
	for _, s := range m.sources {
		more, err := s.ready(ctx, m.graph)
		if err != nil {
			return nil, 0, err
		}
		if !more {
			m.done += s.stored
			continue
		}
		left = append(left, s)
		if first == nil || s.arrival() < first.arrival() {
			first = s
		}
	}
	m.sources = left
	limit = math.MaxInt64
	before := int64(1)
	for _, s := range left {
		if s == first {
			before = 0
			continue
		}
		limit = min(limit, s.arrival()-before)
	}
	return first, limit, nil
}

// deliver sends what of a file arrives up to a limit, and is read.
func (m *merger) deliver(ctx context.Context, s *source, limit int64) error {
	for len(s.ahead) > 0 && s.arrival() <= limit {
		d, at := s.ahead[0], s.arrival()
		s.arrived = at
		now := begin
		if at > 0 {
			now = time.Unix(0, at)
		}
		m.graph.host.advance(now)
		if m.summary.Records == 0 {
			m.summary.First = m.graph.host.now
		}
		n := d.together(at)
		m.summary.Records += int64(n)
		if err := d.deliver(ctx, n); err != nil {
			return err
		}
		if d.over() {
			s.ahead = s.ahead[1:]
		}
	}
	return nil
}
