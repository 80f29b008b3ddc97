// Command peers measures this project against what others would use in its
// place. See the README beside it.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/cpu"

	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
)

// options are what the command line says.
type options struct {
	testdata string
	pairs    int
	least    time.Duration
	measure  bool
	brief    bool
	record   string
}

func main() {
	var o options
	flag.StringVar(&o.testdata, "testdata", "../testdata", "folder with benign, labelled and hostile texts")
	flag.IntVar(&o.pairs, "pairs", 7, "how often each comparison is made")
	flag.DurationVar(&o.least, "least", 100*time.Millisecond, "how long each side of a pair runs at least")
	flag.StringVar(&o.record, "record", "", "page whose section bench-peers is replaced with the tables")
	flag.BoolVar(&o.measure, "measure", false, "measure in this process and write the tables as JSON, which the command asks itself for")
	flag.BoolVar(&o.brief, "brief", false, "with -measure: leave out what is the same in every run")
	flag.Parse()
	if err := run(context.Background(), o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "peers: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, progress io.Writer) error {
	if o.measure {
		tables, err := measureAll(o, progress)
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(tables)
	}
	// A processor feature can only be turned off for a whole process.
	all, err := measureInChild(ctx, "", []string{"-measure"}, progress)
	if err != nil {
		return err
	}
	if cpu.X86.HasAVX2 {
		portable, err := measureInChild(ctx, "cpu.avx2=off", []string{"-measure", "-brief"}, progress)
		if err != nil {
			return err
		}
		all = append(all, portable...)
	}
	if err := report.WriteText(out, all); err != nil {
		return err
	}
	if o.record == "" {
		return nil
	}
	origin := report.Origin(fmt.Sprintf("make bench-peers BENCHFLAGS='-pairs %d -least %v'", o.pairs, o.least), time.Now(), "transformprocessor", "go-re2")
	return report.Record(o.record, "bench-peers", origin, all)
}

func measureInChild(ctx context.Context, godebug string, arguments []string, progress io.Writer) ([]report.Table, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var written strings.Builder
	child := exec.CommandContext(ctx, self, append(arguments, os.Args[1:]...)...)
	child.Env = append(os.Environ(), "GODEBUG="+godebug)
	child.Stdout, child.Stderr = &written, progress
	if err := child.Run(); err != nil {
		return nil, fmt.Errorf("measuring with GODEBUG=%s: %w", godebug, err)
	}
	var tables []report.Table
	if err := json.Unmarshal([]byte(written.String()), &tables); err != nil {
		return nil, fmt.Errorf("measuring with GODEBUG=%s: %w", godebug, err)
	}
	return tables, nil
}

// kernel names the variant of the scan that runs.
func kernel() string {
	if cpu.X86.HasAVX2 {
		return "AVX2"
	}
	return "portable"
}
