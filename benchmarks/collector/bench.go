package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
)

// bench is what the measurements share.
type bench struct {
	options
	folder   string
	lines    []string
	progress io.Writer
	variants []variant
}

// flooded is what a collector did that was sent as much as it took.
type flooded struct {
	// perSecond is records, processor is nanoseconds a record, resident is bytes.
	perSecond, processor, resident []float64
}

// paced is what a collector did at the rate of the claims.
type paced struct {
	// share is that of one processor, 0 to 1.
	share []float64
	// took is how long answers took, in nanoseconds, of all rounds.
	took []float64
}

// The rate of the claims, and the requests that it comes in.
const (
	pacedRate     = 1_000
	pacedRecords  = 10
	pacedInterval = time.Second * pacedRecords / pacedRate
)

// warmUp is how long a collector is loaded before it is measured.
const warmUp = time.Second

// withCollector runs work on a fresh collector.
func (b *bench) withCollector(ctx context.Context, v variant, work func(*process, sender) error) error {
	p, err := start(ctx, b.binary, b.folder, v)
	if err != nil {
		return err
	}
	s, err := dial(p.address)
	if err != nil {
		return errors.Join(err, p.stop())
	}
	return errors.Join(work(p, s), s.close(), p.stop())
}

func (b *bench) say(round int, v variant, doing string) {
	// Nobody is worse off where it cannot be shown.
	_, _ = fmt.Fprintf(b.progress, "round %d of %d, %s: %s\n", round+1, b.rounds, v.name, doing)
}

// flood adds one round of a variant.
func (b *bench) flood(ctx context.Context, v variant, f *flooded) error {
	r, err := prepare(b.lines, v.batch)
	if err != nil {
		return err
	}
	return b.withCollector(ctx, v, func(p *process, s sender) error {
		if _, err := s.flood(ctx, r, warmUp); err != nil {
			return err
		}
		before, err := p.processorTime()
		if err != nil {
			return err
		}
		started := time.Now()
		taken, err := s.flood(ctx, r, b.duration)
		if err != nil {
			return err
		}
		wall := time.Since(started)
		after, err := p.processorTime()
		if err != nil {
			return err
		}
		resident, err := p.residentMemory()
		if err != nil {
			return err
		}
		f.perSecond = append(f.perSecond, float64(taken)/wall.Seconds())
		f.processor = append(f.processor, float64(after-before)/float64(taken))
		f.resident = append(f.resident, resident)
		return nil
	})
}

// pace adds one round of a variant at the rate of the claims.
func (b *bench) pace(ctx context.Context, v variant, total *paced) error {
	r, err := prepare(b.lines, pacedRecords)
	if err != nil {
		return err
	}
	return b.withCollector(ctx, v, func(p *process, s sender) error {
		if _, err := s.flood(ctx, r, warmUp); err != nil {
			return err
		}
		before, err := p.processorTime()
		if err != nil {
			return err
		}
		started := time.Now()
		took, err := s.steady(ctx, r, pacedInterval, int(b.duration/pacedInterval))
		if err != nil {
			return err
		}
		after, err := p.processorTime()
		if err != nil {
			return err
		}
		total.share = append(total.share, float64(after-before)/float64(time.Since(started)))
		total.took = append(total.took, took...)
		return nil
	})
}

// differences gives the medians of what a list has above another one, round by round.
func differences(list, from []float64) float64 {
	above := make([]float64, 0, len(list))
	for i := range list {
		above = append(above, list[i]-from[i])
	}
	return measure.Median(above)
}
