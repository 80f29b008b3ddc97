package main

import (
	"fmt"
	"io"
	"time"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// bench is what the measurements share.
type bench struct {
	options
	progress io.Writer
	started  time.Time

	set      *rules.Set
	detector *detect.Detector
	// bare knows the match patterns alone, as the peers do.
	bare *detect.Detector
	// lines match nothing, for no engine.
	lines []string
	// messages are labelled ones, many of which are a failure.
	messages []string

	ours *engine
	// peers are in the order of the tables.
	peers []*engine
}

// quietLines is how many lines a fast engine is measured on: enough that
// neither they nor the way through their branches stay in the caches near the core.
const quietLines = 2_000

func (b *bench) say(format string, args ...any) {
	// Nobody is worse off where it cannot be shown.
	_, _ = fmt.Fprintf(b.progress, "%4.0fs %s: %s\n", time.Since(b.started).Seconds(), kernel(), fmt.Sprintf(format, args...))
}

func newBench(o options, progress io.Writer) (*bench, error) {
	b := &bench{options: o, progress: progress, started: time.Now()}
	var err error
	if b.set, err = rules.Load(rules.NewDefaultConfig()); err != nil {
		return nil, err
	}
	if b.detector, err = newDetector(b.set); err != nil {
		return nil, err
	}
	if b.bare, err = translate.Bare(b.set); err != nil {
		return nil, err
	}
	if b.lines, err = sample.Quiet(o.testdata, b.bare); err != nil {
		return nil, err
	}
	b.lines = b.lines[:min(quietLines, len(b.lines))]
	if b.messages, err = sample.Labelled(o.testdata); err != nil {
		return nil, err
	}
	b.ours = ours(b.detector)
	return b, b.compilePeers()
}

// newDetector compiles rules as the processor does by default.
func newDetector(set *rules.Set) (*detect.Detector, error) {
	return detect.New(set, detect.Options{BodyKeys: detect.DefaultBodyKeys(), Attributes: detect.DefaultAttributes()})
}

func (b *bench) compilePeers() error {
	expressions := translate.Expressions(b.set)
	flagged := translate.Flagged(expressions)
	compilers := []func() (*engine, error){
		func() (*engine, error) { return transform(b.set) },
		func() (*engine, error) { return vectorscan(expressions) },
	}
	if !b.brief {
		compilers = append(compilers,
			func() (*engine, error) { return standard(flagged) },
			func() (*engine, error) { return re2(flagged) })
	}
	for _, compile := range compilers {
		b.say("compiling the catalogue for a peer")
		e, err := compile()
		if err != nil {
			return err
		}
		if e != nil {
			b.peers = append(b.peers, e)
		}
	}
	return nil
}

// measureAll makes every table for the kernel of this process.
func measureAll(o options, progress io.Writer) ([]report.Table, error) {
	b, err := newBench(o, progress)
	if err != nil {
		return nil, err
	}
	var tables []report.Table
	for _, part := range []func() (report.Table, error){
		b.checkExactness,
		b.measureLines,
		b.measureProcessors,
		b.measureTraces,
		b.measureKinds,
		b.measureHostile,
		b.measureScale,
		b.measureResources,
	} {
		table, err := part()
		if err != nil {
			return nil, err
		}
		if len(table.Rows)+len(table.Notes) > 0 {
			table.Title += ", " + kernel()
			tables = append(tables, table)
			// Those who wait see what there is so far.
			if err := report.WriteText(progress, []report.Table{table}); err != nil {
				return nil, err
			}
		}
	}
	return tables, nil
}

// against compares ours with a peer on the same texts. At least is how many
// times cheaper ours should be; 0 where nothing is expected.
func (b *bench) against(what string, peer *engine, texts []string, atLeast float64) report.Row {
	b.say("%s, %s", what, peer.name)
	return comparison(what+": "+peer.name, measure.Pairs(b.ours.side(texts), peer.side(texts), b.pairs, b.least), atLeast)
}

func comparison(what string, c measure.Comparison, atLeast float64) report.Row {
	low, high := c.Spread()
	row := report.Row{
		What:  what,
		Ours:  report.Nanoseconds(measure.Median(c.Ours)),
		Peer:  report.Nanoseconds(measure.Median(c.Peer)),
		Ratio: report.Times(c.Ratio(), low, high),
	}
	if atLeast > 0 {
		row.Expected, row.Met = "at least "+report.Count(atLeast), report.Verdict(c.Ratio() >= atLeast)
	}
	return row
}

// harder is a comparison of ours with itself on something harder. At most is how many
// times as much that should cost; 0 where nothing is expected.
func harder(what string, c measure.Comparison, atMost float64) report.Row {
	row := comparison(what, c, 0)
	if atMost > 0 {
		row.Expected, row.Met = "at most "+report.Count(atMost), report.Verdict(c.Ratio() <= atMost)
	}
	return row
}

// variant gives the expectation of the kernel that runs.
func variant(avx2, portable float64) float64 {
	if kernel() == "AVX2" {
		return avx2
	}
	return portable
}
