package replay

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// Replay runs a configuration over files.
type Replay struct {
	Config *Config
	// Receiver is the one whose telemetry was recorded, or nil where it does not matter which.
	Receiver *component.ID
	// Open gives a reader of a file.
	Open func(path string) (*logfile.Reader, error)
	// Now is the time on the wall: no record is taken to be much later.
	Now time.Time
	// Wait is how long time passes after the last record.
	Wait time.Duration
	// Each is given the events, in order.
	Each func(Event) error
	// Tell is told what of the configuration is not run, and what of a file is lost. It is trouble where the
	// file could not be read.
	Tell func(message string, trouble bool)
}

// Summary is what a replay went over.
type Summary struct {
	Records, Bytes int64
	// First and Last are when the first record arrived, and the last one.
	First, Last time.Time
}

// begin is when records arrive that tell no time, where none before them does either.
var begin = time.Unix(1, 0)

// aheadOfAll is how many batches of all files together are read ahead, beside one of each.
const aheadOfAll = 8

// Run replays files as one, merged by the arrival of their records.
func (r *Replay) Run(ctx context.Context, paths []string) (*Summary, error) {
	w, err := r.Config.wire(r.Receiver)
	if err != nil {
		return nil, err
	}
	told := &announcer{each: r.Each, sequences: map[string]int64{}}
	g, err := build(ctx, w, told)
	if err != nil {
		return nil, err
	}
	if err := g.start(ctx); err != nil {
		return nil, errors.Join(err, g.shutdown(ctx))
	}
	for _, message := range w.skipped() {
		r.Tell("not run: "+message, false)
	}
	summary, err := r.deliverAll(ctx, g, paths)
	if err == nil {
		g.host.advance(g.host.now.Add(r.Wait))
	}
	err = errors.Join(err, g.shutdown(ctx))
	if told.err != nil {
		err = told.err
	}
	return summary, err
}

// deliverAll sends the records of all files.
func (r *Replay) deliverAll(ctx context.Context, g *graph, paths []string) (*Summary, error) {
	running, cancel := context.WithCancel(ctx)
	readers := newReaders(running, g, r.Now.Add(tolerance).UnixNano())
	m := &merger{graph: g}
	for _, path := range paths {
		m.sources = append(m.sources, readers.open(running, path, r.Open, 1+aheadOfAll/len(paths)))
	}
	all := m.sources
	err := m.run(running)
	cancel()
	readers.group.Wait()
	for _, s := range all {
		m.summary.Bytes += s.bytes
		r.tell(g, s)
	}
	if err == nil {
		err = ctx.Err()
	}
	m.summary.Last = g.host.now
	return &m.summary, err
}

// tell says what of a file was lost.
func (r *Replay) tell(g *graph, s *source) {
	for _, message := range s.lost {
		r.Tell(s.path+": "+message, false)
	}
	for _, odd := range []struct {
		n          int
		one, other string
	}{
		{s.counts.unreadable, "1 object is not of the form of the file", "%d objects are not of the form of the file"},
		{s.counts.future, "1 record says that it is later than now, which is not believed", "%d records say that they are later than now, which is not believed"},
	} {
		switch {
		case odd.n == 1:
			r.Tell(s.path+": "+odd.one, false)
		case odd.n > 1:
			r.Tell(s.path+": "+fmt.Sprintf(odd.other, odd.n), false)
		}
	}
	if s.arrived == 0 && s.trouble == nil && s.records > 0 {
		r.Tell(s.path+": no record tells a time: all arrive at once", false)
	}
	for _, signal := range []pipeline.Signal{pipeline.SignalLogs, pipeline.SignalTraces} {
		if n := s.nowhere[signal]; n > 0 {
			r.Tell(fmt.Sprintf("%s: %d records went nowhere: no pipeline of %s leads to a connector that makes incidents", s.path, n, signal), false)
		}
	}
	if s.trouble != nil {
		r.Tell(s.trouble.Error(), true)
	}
}

// merger sends the records of several files in the order of their arrival.
type merger struct {
	graph   *graph
	sources []*source
	summary Summary
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
		if err := m.deliver(ctx, first, limit); err != nil {
			return err
		}
	}
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
		if more {
			left = append(left, s)
			if first == nil || s.arrival() < first.arrival() {
				first = s
			}
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
