package replay

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"

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
	// Progress is told how much of the files, as they are stored, was read, and how many events there were.
	Progress func(read int64, events int)
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

// aheadOfAll is how many batches of all files together are read ahead, beside one of each.
const aheadOfAll = 8

// Run replays files as one, merged by the arrival of their records.
func (r *Replay) Run(ctx context.Context, paths []string) (*Summary, error) {
	w, err := r.Config.wire(r.Receiver)
	if err != nil {
		return nil, err
	}
	told := &announcer{each: r.Each}
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
	m := &merger{graph: g, progress: r.Progress}
	for _, path := range paths {
		m.sources = append(m.sources, readers.open(running, path, r.Open, 1+aheadOfAll/len(paths)))
	}
	all := m.sources
	err := m.run(running)
	cancel()
	readers.group.Wait()
	for _, s := range all {
		m.summary.Bytes += s.bytes
		for _, message := range s.report() {
			r.Tell(message, false)
		}
		if s.trouble != nil {
			r.Tell(s.trouble.Error(), true)
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	m.summary.Last = g.host.now
	return &m.summary, err
}
