package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/mutate"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
	"github.com/failuredetector/failuredetector/detect"
)

// measureScale compares rule sets of growing size on lines that none of them matches.
func (b *bench) measureScale() (report.Table, error) {
	table := report.Against("Matcher, number of rules")
	table.Notes = []string{"The column *this project* is the cost of a line with 100 rules, *other* that with more."}
	sizes := []int{100, 1_000, 10_000}
	detectors := make([]*detect.Detector, len(sizes))
	lines := b.lines
	for i, size := range sizes {
		b.say("making %d rules", size)
		set, err := mutate.Set(b.set, size)
		if err != nil {
			return table, err
		}
		if detectors[i], err = newDetector(set); err != nil {
			return table, err
		}
		lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return len(detectors[i].Text(line).Detections) > 0 })
	}
	for i, atMost := range []float64{2, 5} {
		b.say("%d rules against %d", sizes[i+1], sizes[0])
		c := measure.Pairs(ours(detectors[0]).side(lines), ours(detectors[i+1]).side(lines), b.pairs, b.least)
		table.Add(harder(report.Count(float64(sizes[i+1]))+" rules to 100", c, atMost))
	}
	return table, nil
}

// measureHostile looks for texts that take long.
func (b *bench) measureHostile() (report.Table, error) {
	table := report.Against("Matcher, hostile texts")
	files, err := sample.Hostile(b.testdata)
	if err != nil || len(files) == 0 {
		return table, err
	}
	const limit = 1e6 // 1 ms.
	const named = 5
	b.say("%d hostile texts", len(files))
	costs := make([]float64, len(files))
	order := make([]int, len(files))
	over := 0
	for i, file := range files {
		order[i] = i
		costs[i] = measure.Median(measure.Alone(b.ours.side([]string{file.Text}), b.pairs, b.least))
		if costs[i] >= limit {
			over++
		}
	}
	slices.SortFunc(order, func(x, y int) int {
		if costs[x] > costs[y] {
			return -1
		}
		return 1
	})
	table.Add(report.Row{
		What: fmt.Sprintf("%d texts, so many take longer", len(files)), Ours: report.Count(float64(over)),
		Expected: "each under 1 ms", Met: report.Verdict(over == 0),
	})
	for _, i := range order[:min(named, len(order))] {
		table.Add(report.Row{
			What: fmt.Sprintf("%s, %s", files[i].Name, report.Bytes(float64(len(files[i].Text)))), Ours: report.Nanoseconds(costs[i]),
			Expected: "under 1 ms", Met: report.Verdict(costs[i] < limit),
		})
	}
	return table, nil
}

// measureResources takes what a start and a second worker cost and bring.
func (b *bench) measureResources() (report.Table, error) {
	table := report.Against("Compiling the catalogue, and workers")
	b.say("compiling, workers")
	var failed error
	compile := func() *detect.Detector {
		d, err := newDetector(b.set)
		if err != nil {
			failed = err
		}
		return d
	}
	median := measure.Median(measure.Alone(measure.Side{Pass: func() { compile() }, Operations: 1}, b.pairs, 0))
	_, memory := measure.Allocated(compile)
	if failed != nil {
		return table, failed
	}
	table.Add(report.Row{What: "compile the catalogue", Ours: report.Nanoseconds(median), Expected: "under 150 ms", Met: report.Verdict(median < 150e6)})
	table.Add(report.Row{
		What: "bytes allocated for it", Ours: report.Bytes(float64(memory.Bytes)),
		Expected: "under 20 MB", Met: report.Verdict(memory.Bytes < 20e6),
	})
	table.Add(report.Row{What: "bytes kept of it", Ours: report.Bytes(float64(memory.Kept))})
	one := measure.Side{Pass: workers(b.ours, b.lines, 1), Operations: len(b.lines), Clock: measure.WallTime}
	two := measure.Side{Pass: workers(b.ours, b.lines, 2), Operations: 2 * len(b.lines), Clock: measure.WallTime}
	c := measure.Pairs(two, one, b.pairs, b.least)
	low, high := c.Spread()
	table.Add(report.Row{
		What: "throughput of two workers to that of one", Ours: report.Nanoseconds(measure.Median(c.Ours)), Peer: report.Nanoseconds(measure.Median(c.Peer)),
		Ratio: report.Times(c.Ratio(), low, high),
	})
	return table, nil
}

// workers gives a pass that so many workers make at the same time, each over all lines.
func workers(e *engine, lines []string, count int) func() {
	passes := make([]func(), count)
	for i := range passes {
		passes[i] = e.prepare(lines)
	}
	return func() {
		var running sync.WaitGroup
		for _, pass := range passes {
			running.Go(pass)
		}
		running.Wait()
	}
}
