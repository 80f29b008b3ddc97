package databaseprobereceiver

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
	"github.com/failuredetector/failuredetector/internal/probe"
	"github.com/failuredetector/failuredetector/internal/signal"
)

// judge takes what a check found, and appends the events that come of it.
func (t *target) judge(at time.Time, r *check.Result, events plog.Logs) {
	t.set.Begin(at)
	for class, sig := range t.signals.failed {
		t.set.Measure(sig, &t.entity, failed(check.Class(class), r.Failure))
	}
	switch {
	case t.config.Type == typeTCP:
	case r.Figures == nil:
		for _, sig := range t.signals.measured() {
			t.set.Skip(sig, &t.entity)
		}
	default:
		t.judgeFigures(at, r)
	}
	t.set.End(events)
}

// failed says whether a check failed in a way.
func failed(class check.Class, f *check.Failure) probe.Reading {
	if f == nil || f.Class != class {
		return probe.Reading{Sample: signal.Of(0), Says: "it is not so any more"}
	}
	says := fmt.Sprintf("%s (%s, stage %s)", f.Text, f.Code, f.Stage)
	return probe.Reading{Sample: signal.Of(1), Says: says}
}

func (t *target) judgeFigures(at time.Time, r *check.Result) {
	f, s := r.Figures, t.signals
	measure := func(sig *probe.Signal, value float64, evidence func() []string) {
		t.set.Measure(sig, &t.entity, probe.Reading{Sample: signal.Of(value), Evidence: evidence})
	}
	measure(s.latency, r.Timings[check.Query].Took.Seconds(), nil)
	if f.Usable > 0 {
		t.set.Measure(s.connections, &t.entity, probe.Reading{
			Sample: signal.Of(float64(f.Connections) / float64(f.Usable)), Capacity: float64(f.Usable), Evidence: byState(f),
		})
	}
	if f.Lag != nil {
		measure(s.lag, f.Lag.Seconds(), nil)
	}
	if f.Replica != nil {
		t.set.Measure(s.replica, &t.entity, following(f.Replica))
	}
	if f.Memory != nil {
		measure(s.memory, *f.Memory, nil)
	}
	if w := f.Wraparound; w != nil {
		measure(s.wraparound, w.Share, func() []string { return []string{w.Text} })
	}
	if f.Transactions != nil {
		t.rates.add(at, f.Transactions)
		measure(s.rollbacks, t.rates.worstShare(), nil)
		if n, told := t.rates.deadlocks(); told {
			measure(s.deadlocks, float64(n), nil)
		}
	}
	if queue := f.Queue; queue != nil {
		measure(s.queue, queue.Longest.Seconds(), func() []string { return []string{fmt.Sprintf("%d clients wait", queue.Waiting)} })
	}
	if running := f.Running; running != nil {
		measure(s.longest, running.Longest.Seconds(), nil)
		if running.Idle != nil {
			measure(s.idle, running.Idle.Seconds(), nil)
		}
		t.set.Measure(s.locks, &t.entity, waitingForLocks(running))
	}
}

// waitingForLocks judges the longest wait, which is certain at once, where a number of waits is not: many short ones
// are how a busy server works. Many that wait while one has waited for long are all held up.
func waitingForLocks(running *check.Running) probe.Reading {
	sample := signal.Of(running.LongestWait.Seconds())
	if running.Waiting >= manyWaiting && running.LongestWait >= longWait {
		sample.Severe = max(sample.Severe, veryLongWait.Seconds())
	}
	return probe.Reading{Sample: sample, Evidence: func() []string {
		list := []string{fmt.Sprintf("%d sessions wait for a lock", running.Waiting)}
		if running.Blocker != "" {
			list = append(list, running.Blocker)
		}
		return list
	}}
}

// following says whether a replica follows its source.
func following(r *check.Replica) probe.Reading {
	says := r.Text
	if r.State == check.Following {
		says = "it follows again"
	}
	return probe.Reading{Sample: signal.Of(float64(r.State)), Says: says}
}

// byState says what the sessions do.
func byState(f *check.Figures) func() []string {
	return func() []string {
		list := []string{fmt.Sprintf("%d of %d usable connections", f.Connections, f.Usable)}
		for _, s := range f.Sessions {
			list = append(list, fmt.Sprintf("%d %s", s.Count, s.State))
		}
		return list
	}
}
