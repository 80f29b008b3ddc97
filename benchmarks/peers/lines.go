package main

import (
	"fmt"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
)

func (b *bench) measureLines() (report.Table, error) {
	table := report.Against("Matcher, log lines that match nothing")
	table.Notes = []string{fmt.Sprintf("The lines have %d bytes on average; slower engines get the first few of them.", sample.Bytes(b.lines))}
	for _, peer := range b.peers {
		lines := peer.sample(b.lines)
		table.Add(b.against(report.Count(float64(len(lines)))+" lines", peer, lines, peer.lines))
	}
	return table, nil
}

func (b *bench) measureTraces() (report.Table, error) {
	table := report.Against("Matcher, stack traces of 10 KB that match nothing")
	for _, trace := range sample.Traces() {
		if found := b.bare.Text(trace.Text).Detections; len(found) > 0 {
			return table, fmt.Errorf("trace of %s: rule %q matches", trace.Language, found[0].Rule.ID)
		}
		for _, peer := range b.peers {
			// OTTL takes seconds for a trace, and is no faster or slower in the second run.
			if peer.traces == 0 || b.brief && peer.most > 0 {
				continue
			}
			table.Add(b.against("trace of "+trace.Language, peer, []string{trace.Text}, peer.traces))
		}
	}
	return table, nil
}

// measureKinds compares texts that ours could find harder with those that it finds easy.
func (b *bench) measureKinds() (report.Table, error) {
	table := report.Against("Matcher, texts of two kinds")
	table.Notes = []string{"Here the ratio is that of the harder texts, in the column *other*, to the easier ones."}
	failing := sample.Failing(b.messages, b.detector)
	table.Add(b.kinds(fmt.Sprintf("2%% of the lines match, %s labelled failures in turn; none do", report.Count(float64(len(failing)))), b.mixed(b.lines), b.mixed(failing), 1.5))
	table.Add(b.kinds("2% of the lines match, each with another number; none do", b.mixed(sample.Numbered(b.lines, unseen)), b.mixed(sample.Numbered(failing, unseen)), 1.5))
	table.Add(b.kinds("2% of the lines match, each with a word that never came before; none do", b.mixed(sample.Worded(b.lines, unseen)), b.mixed(sample.Worded(failing, unseen)), 0))
	other, english := sample.Foreign(b.lines)
	for _, text := range append(other, english...) {
		if found := b.bare.Text(text).Detections; len(found) > 0 {
			return table, fmt.Errorf("line in another language or its like: rule %q matches %q", found[0].Rule.ID, text)
		}
	}
	table.Add(b.kinds("not English, English of as many bytes", b.ours.side(english), b.ours.side(other), 2))
	table.Notes = append(table.Notes,
		"Where some of the lines match, both sides have another text in each of these places in each pass: failures or quiet lines, numbered or with new words on both sides.",
		"Of a failure with another number most is recalled. One with a new word is judged in full, as is each the first time; the aim is not for these alone.",
		fmt.Sprintf("Lines in other languages have %d bytes on average, failures among the lines %d.", sample.Bytes(other), sample.Bytes(failing)))
	return table, nil
}

func (b *bench) kinds(what string, easy, hard measure.Side, atMost float64) report.Row {
	b.say("%s", what)
	return harder(what, measure.Pairs(easy, hard, b.pairs, b.least), atMost)
}

const (
	// every is of how many lines one is a failure: 2%.
	every = 50
	// unseen is many times what a detector remembers.
	unseen = 40_000
)

// mixed has texts in place of some of the lines, in each pass the next ones.
func (b *bench) mixed(texts []string) measure.Side {
	rl, sl := sample.Bare(b.lines)
	records, next := sl.LogRecords(), 0
	return measure.Side{Operations: records.Len(), Pass: func() {
		for i := range records.Len() {
			if i%every == every-1 {
				records.At(i).Body().SetStr(texts[next%len(texts)])
				next++
			}
			b.detector.Log(rl, sl, records.At(i))
		}
	}}
}
