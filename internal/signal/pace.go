package signal

import "time"

const (
	// tooSoon is the least time between two scans that says anything about a rate.
	tooSoon = time.Second
	// tooLate is after how many intervals a scan says nothing about what was in between: the machine was
	// suspended, or the process starved.
	tooLate = 5
)

// verdict is whether a scan counts.
type verdict uint8

const (
	counts verdict = iota
	skipped
	// restarted is a scan that is skipped and after which what was before it no longer counts.
	restarted
)

// pace tells which scans count.
type pace struct {
	last time.Duration
	seen bool
}

func (p *pace) judge(now, interval time.Duration) verdict {
	passed, first := now-p.last, !p.seen
	if !first && passed < min(tooSoon, interval/2) {
		return skipped
	}
	p.last, p.seen = now, true
	switch {
	case first:
		return skipped
	case passed > tooLate*interval:
		return restarted
	default:
		return counts
	}
}
