package survey

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// pipeline has one goroutine that reads, and a classifier for each processor.
type pipeline struct {
	// work is for the classifiers, and ordered has the same tasks in the order of
	// the input.
	work, ordered chan *task
	// free has tasks whose memory can be used again.
	free  chan *task
	group sync.WaitGroup
}

// task is a batch on its way, or the end of a file.
type task struct {
	batch      *logfile.Batch
	results    []Result
	unreadable int
	done       chan struct{}

	end *fileEnd
}

// fileEnd is what is known when a file has been read.
type fileEnd struct {
	file string
	// bytes counts what was read decompressed, and stored as it is in the file.
	bytes, stored int64
	lost          []string
	trouble       error
}

func newPipeline() *pipeline {
	size := 2 * runtime.GOMAXPROCS(0)
	return &pipeline{work: make(chan *task, size), ordered: make(chan *task, size), free: make(chan *task, 2*size)}
}

func (p *pipeline) start(ctx context.Context, s *Survey, paths []string) {
	for range runtime.GOMAXPROCS(0) {
		p.group.Go(func() {
			c := newClassifier(s)
			for t := range p.work {
				if ctx.Err() == nil {
					t.results, t.unreadable = c.classify(t.batch, t.results[:0])
				}
				t.done <- struct{}{}
			}
		})
	}
	p.group.Go(func() {
		defer close(p.work)
		defer close(p.ordered)
		for _, path := range paths {
			if end := p.read(ctx, s, path); !send(ctx, p.ordered, &task{end: end}) {
				return
			}
		}
	})
}

func (p *pipeline) wait() { p.group.Wait() }

// read hands the batches of a file on.
func (p *pipeline) read(ctx context.Context, s *Survey, path string) *fileEnd {
	end := &fileEnd{file: path}
	r, err := s.Open(path)
	if err != nil {
		end.trouble = err
		return end
	}
	for err == nil {
		t := p.borrow()
		if err = r.Next(t.batch); errors.Is(err, io.EOF) {
			break
		}
		if len(t.batch.Records) == 0 {
			continue
		}
		if !send(ctx, p.ordered, t) || !send(ctx, p.work, t) {
			t.done <- struct{}{} // Whoever waits for it is told.
			break
		}
	}
	if !errors.Is(err, io.EOF) {
		end.trouble = err
	}
	end.lost = r.Lost()
	end.bytes, end.stored = r.Read(), r.Size()
	end.trouble = errors.Join(end.trouble, r.Close())
	return end
}

// send hands a task on unless the context ends first.
func send(ctx context.Context, to chan<- *task, t *task) bool {
	select {
	case to <- t:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *pipeline) borrow() *task {
	select {
	case t := <-p.free:
		return t
	default:
		return &task{batch: new(logfile.Batch), done: make(chan struct{}, 1)}
	}
}

func (p *pipeline) giveBack(t *task) {
	clear(t.results) // They refer to the text of the batch.
	select {
	case p.free <- t:
	default:
	}
}
