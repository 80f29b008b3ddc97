// Command collector loads a built collector with logs over OTLP: without a
// processor, with ours, and with the transform processor in its place. See the
// README of the benchmarks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/rules"
)

// options are what the command line says.
type options struct {
	binary   string
	testdata string
	rounds   int
	duration time.Duration
	record   string
}

func main() {
	var o options
	flag.StringVar(&o.binary, "collector", "", "the collector that make bench-collector builds")
	flag.StringVar(&o.testdata, "testdata", "../testdata", "folder with benign logs")
	flag.IntVar(&o.rounds, "rounds", 7, "how often each collector is loaded, in turn")
	flag.DurationVar(&o.duration, "duration", 5*time.Second, "how long each time")
	flag.StringVar(&o.record, "record", "", "page whose section bench-collector is replaced with the tables")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "collector: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, progress io.Writer) error {
	set, err := rules.Load(rules.NewDefaultConfig())
	if err != nil {
		return err
	}
	bare, err := translate.Bare(set)
	if err != nil {
		return err
	}
	lines, err := sample.Quiet(o.testdata, bare)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "bench-collector")
	if err != nil {
		return err
	}
	b := &bench{options: o, folder: folder, lines: lines, progress: progress, variants: variants(set)}
	tables, err := b.measure(ctx)
	if err := errors.Join(err, os.RemoveAll(folder)); err != nil {
		return err
	}
	if err := report.WriteText(out, tables); err != nil || o.record == "" {
		return err
	}
	// What is compared was built into the collector; this program has the same versions.
	origin := report.Origin(fmt.Sprintf("make bench-collector BENCHFLAGS='-rounds %d -duration %v'", o.rounds, o.duration), time.Now(), "pkg/ottl", "collector/pdata")
	return report.Record(o.record, "bench-collector", origin, tables)
}
