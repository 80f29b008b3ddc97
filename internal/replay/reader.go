package replay

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"go.opentelemetry.io/collector/pipeline"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// readers has a goroutine for each file that reads it, and one for each processor that decodes and
// classifies what was read. How much they are ahead is bounded by the capacity of their channels.
type readers struct {
	work  chan *task
	group sync.WaitGroup
}

// task is a batch of a file on its way to its loads.
type task struct {
	batch  logfile.Batch
	loads  []*load
	counts counts
	read   int64
	err    error
	done   chan struct{}
}

// source is a file that is read.
type source struct {
	path  string
	tasks chan *task
	// ahead is what of the file was read but not delivered, and arrived the latest arrival so far.
	ahead   []*delivery
	arrived int64
	counts  counts
	records int
	// stored counts the bytes of the file, as it is stored, up to what is ahead.
	stored int64
	// nowhere counts the records that no pipeline takes.
	nowhere map[pipeline.Signal]int
	// lost, bytes and trouble are known when all tasks are taken.
	lost    []string
	bytes   int64
	trouble error
}

// newReaders begins to work, until the context ends.
func newReaders(ctx context.Context, g *graph, latest int64) *readers {
	r := &readers{work: make(chan *task, 2*runtime.GOMAXPROCS(0))}
	for range runtime.GOMAXPROCS(0) {
		r.group.Go(func() {
			reading := reading{graph: g, latest: latest}
			for {
				select {
				case t := <-r.work:
					t.err = reading.read(ctx, &t.batch)
					t.loads, t.counts = reading.loads, reading.counts
					t.read, t.batch = t.batch.Read, logfile.Batch{}
					close(t.done)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	return r
}

// open begins to read a file, of which so many batches may be ahead.
func (r *readers) open(ctx context.Context, path string, open func(string) (*logfile.Reader, error), ahead int) *source {
	s := &source{path: path, tasks: make(chan *task, ahead), nowhere: map[pipeline.Signal]int{}}
	r.group.Go(func() {
		defer close(s.tasks)
		file, err := open(path)
		if err != nil {
			s.trouble = err
			return
		}
		for err == nil {
			t := &task{done: make(chan struct{})}
			if err = file.Next(&t.batch); err != nil && errors.Is(err, io.EOF) || len(t.batch.Records) == 0 {
				continue
			}
			if !r.hand(ctx, s, t) {
				err = ctx.Err()
			}
		}
		if !errors.Is(err, io.EOF) {
			s.trouble = err
		}
		s.lost, s.bytes = file.Lost(), file.Read()
		s.trouble = errors.Join(s.trouble, file.Close())
	})
	return s
}

// hand puts a task into the order of its file, and then to work. It reports false where the context ends.
func (r *readers) hand(ctx context.Context, s *source, t *task) bool {
	for _, to := range []chan<- *task{s.tasks, r.work} {
		select {
		case to <- t:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// ready reads on where nothing is ahead. It reports false at the end of the file.
func (s *source) ready(ctx context.Context, g *graph) (bool, error) {
	for len(s.ahead) == 0 {
		t, err := s.next(ctx)
		if t == nil || err != nil {
			return false, err
		}
		s.counts.add(t.counts)
		s.stored = t.read
		for _, l := range t.loads {
			if len(l.arrivals) == 0 {
				continue
			}
			s.records += len(l.arrivals)
			if len(g.entries[l.signal]) == 0 {
				s.nowhere[l.signal] += len(l.arrivals)
			}
			s.ahead = append(s.ahead, g.deliveryOf(l))
		}
		s.begin()
	}
	return true, nil
}

// begin lets records that tell no time arrive with the first that does.
func (s *source) begin() {
	for i := 0; s.arrived == 0 && i < len(s.ahead); i++ {
		for _, at := range s.ahead[i].arrivals {
			if at > 0 {
				s.arrived = at
				break
			}
		}
	}
}

// arrival is when its next record arrives.
func (s *source) arrival() int64 { return s.ahead[0].arrival(s.arrived) }

// next gives the next task of a file when it is done, or nil at the end of the file.
func (s *source) next(ctx context.Context) (*task, error) {
	select {
	case t, open := <-s.tasks:
		if !open {
			return nil, nil
		}
		select {
		case <-t.done:
			return t, t.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
