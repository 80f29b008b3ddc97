package mounts

import (
	"context"
	"sync"
	"time"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
)

// atOnce bounds how many filesystems are asked at the same time, and so how many threads those can hold
// that do not answer.
const atOnce = 16

type state uint8

const (
	idle state = iota
	queued
	asked
	answered
)

// Answer is what a filesystem says of itself.
type Answer struct {
	Space  figure.Value[figure.Space]
	Inodes figure.Value[figure.Inodes]
}

// question is what one filesystem is asked. It belongs to the worker while it is asked, so that no
// filesystem is asked twice at once, and to the pool otherwise.
type question struct {
	path  string
	state state
	// round is the scan that asked it.
	round  uint64
	answer Answer
	err    error
}

// pool asks filesystems, which may not answer.
type pool struct {
	ask func(path string) (Answer, error)

	mu      sync.Mutex
	wake    *sync.Cond
	queue   []*question
	workers int
	free    int
	round   uint64
	// awaited is how many questions the scan still waits for; done is told when it is none.
	awaited int
	closed  bool
	done    chan struct{}
	timer   *time.Timer
}

func newPool(ask func(path string) (Answer, error)) *pool {
	p := &pool{ask: ask, done: make(chan struct{}, 1), timer: time.NewTimer(time.Hour)}
	p.wake = sync.NewCond(&p.mu)
	p.timer.Stop()
	return p
}

// put asks all that were not asked before and did not answer, and waits until they have answered or the
// patience ends. What was not even asked by then, since others hold all workers, is idle afterwards.
func (p *pool) put(ctx context.Context, questions []*question, patience time.Duration) {
	if p.begin(questions) {
		p.timer.Reset(patience)
		select {
		case <-p.done:
		case <-p.timer.C:
		case <-ctx.Done():
		}
		p.timer.Stop()
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	for _, q := range p.queue {
		q.state = idle
	}
	clear(p.queue)
	p.queue = p.queue[:0]
	p.awaited = 0
	select {
	case <-p.done:
	default:
	}
}

// begin queues the questions, and sees to it that there are workers for them.
func (p *pool) begin(questions []*question) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.round++
	for _, q := range questions {
		if q.state != asked {
			q.state, q.round = queued, p.round
			p.queue = append(p.queue, q)
		}
	}
	p.awaited = len(p.queue)
	for p.workers < atOnce && p.free < len(p.queue) {
		p.workers++
		p.free++
		go p.work()
	}
	p.wake.Broadcast()
	// Where all workers wait for earlier questions, there is nothing to wait for.
	return p.awaited > 0 && p.free > 0
}

func (p *pool) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.queue) == 0 && !p.closed {
			p.wake.Wait()
		}
		if p.closed {
			return
		}
		q := p.queue[len(p.queue)-1]
		p.queue = p.queue[:len(p.queue)-1]
		q.state = asked
		p.free--
		p.mu.Unlock()
		q.answer, q.err = p.ask(q.path)
		p.mu.Lock()
		p.free++
		q.state = answered
		if q.round == p.round && p.awaited > 0 {
			if p.awaited--; p.awaited == 0 {
				p.done <- struct{}{}
			}
		}
	}
}

// take returns the state of a question, and makes an answer that was seen an old one.
func (p *pool) take(q *question) state {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := q.state
	if now == answered {
		q.state = idle
	}
	return now
}

// close ends the workers that wait for a question. The others end when their filesystem answers.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.wake.Broadcast()
}
