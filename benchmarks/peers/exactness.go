package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
)

// exactTexts is how many labelled messages are compared. Trying all expressions
// on one with the standard library takes tens of milliseconds.
const exactTexts = 150

// checkExactness compares what ours finds with what a plain loop over all
// expressions finds, on labelled messages and on quiet lines: speed is worth
// nothing otherwise, so a difference ends the run. Differences of the peers are
// told and change nothing.
func (b *bench) checkExactness() (report.Table, error) {
	b.say("comparing what the engines find")
	texts := slices.Concat(b.messages[:exactTexts], b.lines[:slowLines])
	expressions := translate.Expressions(b.set)
	wanted := make([][]int, len(texts))
	table := report.Against("What is found")
	for _, e := range b.peers {
		if e.note != "" {
			table.Notes = append(table.Notes, e.note)
		}
	}
	oracle, err := standard(translate.Flagged(expressions))
	if err != nil {
		return table, err
	}
	found := 0
	for i, text := range texts {
		if wanted[i], err = oracle.find(text); err != nil {
			return table, err
		}
		found += len(wanted[i])
		want := map[string]bool{}
		for _, at := range wanted[i] {
			want[expressions[at].Rule] = true
		}
		got := map[string]bool{}
		for _, d := range b.bare.Text(text).Detections {
			got[d.Rule.ID] = true
		}
		if !maps.Equal(want, got) {
			return table, fmt.Errorf("exactness: a plain loop finds %v, this project %v in %q", slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)), text)
		}
	}
	table.Notes = append(table.Notes, fmt.Sprintf("%d expressions of %d rules match %d times in %d texts; this project finds the same rules as a plain loop over all expressions.",
		len(expressions), len(b.set.Rules), found, len(texts)))
	for _, e := range b.peers {
		if e.find == nil || e.name == oracle.name {
			continue
		}
		missed, more := differences(e, texts, wanted)
		table.Notes = append(table.Notes, fmt.Sprintf("%s misses %d of these matches and finds %d others.", e.name, missed, more))
	}
	table.Notes = []string{strings.Join(table.Notes, "\n\n")}
	return table, nil
}

func differences(e *engine, texts []string, wanted [][]int) (missed, more int) {
	for i, text := range texts {
		// A text on which an engine gives up is one in which it finds nothing.
		got, _ := e.find(text)
		for _, at := range wanted[i] {
			if !slices.Contains(got, at) {
				missed++
			}
		}
		for _, at := range got {
			if !slices.Contains(wanted[i], at) {
				more++
			}
		}
	}
	return missed, more
}
