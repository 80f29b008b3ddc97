// Command host measures what a collection of the host probe costs, beside the host metrics receiver. See the
// README beside it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
)

type options struct {
	pairs  int
	least  time.Duration
	record string
}

func main() {
	var o options
	flag.IntVar(&o.pairs, "pairs", 9, "how often the comparison is made")
	flag.DurationVar(&o.least, "least", 500*time.Millisecond, "how long each side of a pair runs at least")
	flag.StringVar(&o.record, "record", "", "page whose section bench-host is replaced with the table")
	flag.Parse()
	if err := run(context.Background(), o, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "host: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	probe, err := ours(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, probe.shutdown(ctx)) }()
	metrics, err := peer(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, metrics.shutdown(ctx)) }()

	tables := []report.Table{compare(o, probe, metrics)}
	if err := report.WriteText(out, tables); err != nil || o.record == "" {
		return err
	}
	origin := report.Origin(fmt.Sprintf("make bench-host BENCHFLAGS='-pairs %d -least %v'", o.pairs, o.least), time.Now(), "hostmetricsreceiver")
	return report.Record(o.record, "bench-host", origin, tables)
}

// What one collection should cost at most, of what the peer's does.
const (
	lessTime   = 2
	lessMemory = 3
)

// inARow is how many collections follow each other, so that to start and stop them costs little beside.
const inARow = 20

func compare(o options, probe, metrics *onDemand) report.Table {
	side := func(r *onDemand) measure.Side {
		return measure.Side{Pass: func() { r.collect(inARow) }, Operations: inARow}
	}
	times := measure.Pairs(side(probe), side(metrics), o.pairs, o.least)
	low, high := times.Spread()
	table := report.Against("One collection of a host")
	table.Add(report.Row{
		What:     "processor time: host metrics receiver",
		Ours:     micros(measure.Median(times.Ours)),
		Peer:     micros(measure.Median(times.Peer)),
		Ratio:    fmt.Sprintf("%.1f (%.1f to %.1f)", times.Ratio(), low, high),
		Expected: fmt.Sprintf("%d times less", lessTime),
		Met:      report.Verdict(times.Ratio() >= lessTime),
	})
	mine, theirs := allocated(probe), allocated(metrics)
	table.Add(memory("memory allocated", "KB", mine.bytes/1e3, theirs.bytes/1e3, lessMemory))
	table.Add(memory("allocations", "", mine.objects, theirs.objects, lessMemory))
	return table
}

func memory(what, unit string, mine, theirs float64, less int) report.Row {
	return report.Row{
		What:     what + ": host metrics receiver",
		Ours:     fmt.Sprintf("%.0f %s", mine, unit),
		Peer:     fmt.Sprintf("%.0f %s", theirs, unit),
		Ratio:    fmt.Sprintf("%.1f", theirs/mine),
		Expected: fmt.Sprintf("%d times less", less),
		Met:      report.Verdict(theirs >= float64(less)*mine),
	}
}

func micros(nanoseconds float64) string { return fmt.Sprintf("%.0f µs", nanoseconds/1e3) }

// cost is what one collection takes of the heap, in the mean of many.
type cost struct{ objects, bytes float64 }

func allocated(r *onDemand) cost {
	const collections = 200
	_, spent := measure.Allocated(func() struct{} {
		r.collect(collections)
		return struct{}{}
	})
	return cost{objects: float64(spent.Objects) / collections, bytes: float64(spent.Bytes) / collections}
}
