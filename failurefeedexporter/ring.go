package failurefeedexporter

import "sync/atomic"

const (
	// maxRingBytes bounds the texts that are kept, however long those of a sender are.
	maxRingBytes = 32 << 20
	// maxBatch and maxBatchBytes bound what is written to a client at once, and has to be taken by it in time.
	maxBatch      = 64
	maxBatchBytes = 64 << 10
)

// ring keeps the latest messages for all who listen. One goroutine writes at a time, and any number read, none
// of which can make the writer wait: a reader that is too slow finds that what it wanted is gone.
type ring struct {
	slots []atomic.Pointer[message]
	// newest and oldest are the numbers of the messages that are kept. Numbers begin at 1.
	newest, oldest atomic.Uint64
	// bytes is how long the kept texts are together; only the writer knows it.
	bytes int
}

func newRing(size int) *ring {
	r := &ring{slots: make([]atomic.Pointer[message], size)}
	r.oldest.Store(1)
	return r
}

func (r *ring) slot(number uint64) *atomic.Pointer[message] {
	return &r.slots[number%uint64(len(r.slots))]
}

// add keeps the next message.
func (r *ring) add(m *message) {
	if m.number >= uint64(len(r.slots))+r.oldest.Load() {
		r.drop()
	}
	r.slot(m.number).Store(m)
	r.bytes += len(m.text)
	for r.bytes > maxRingBytes && r.oldest.Load() < m.number {
		r.drop()
	}
	r.newest.Store(m.number)
}

func (r *ring) drop() {
	oldest := r.oldest.Load()
	r.oldest.Store(oldest + 1)
	r.bytes -= len(r.slot(oldest).Swap(nil).text)
}

// batch is what a reader finds.
type batch struct {
	messages []*message
	// lost is how many messages before these are gone.
	lost uint64
	// upTo is the number from which the reader goes on.
	upTo uint64
	// bytes is how long the texts are together.
	bytes int
}

// after gives what a filter lets through of the messages after one, as much as is written at once.
func (r *ring) after(number uint64, wanted *filter) batch {
	b := batch{upTo: number}
	for newest := r.newest.Load(); b.upTo < newest && len(b.messages) < maxBatch && b.bytes < maxBatchBytes; {
		m := r.slot(b.upTo + 1).Load()
		switch {
		case m != nil && m.number == b.upTo+1:
			b.upTo++
			if wanted.matchesEver(m.failure) {
				b.messages = append(b.messages, m)
				b.bytes += len(m.text)
			}
		case len(b.messages) > 0:
			return b // What is lost is told before what comes after it.
		default:
			gone := r.oldest.Load() - 1 - b.upTo
			b.lost += gone
			b.upTo += gone
		}
	}
	return b
}
