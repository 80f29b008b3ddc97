package main

import (
	"context"
	"fmt"

	"github.com/failuredetector/failuredetector/benchmarks/internal/measure"
	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
)

// measure loads the variants in turn and makes the tables.
func (b *bench) measure(ctx context.Context) ([]report.Table, error) {
	floods := make([]flooded, len(b.variants))
	paces := make([]paced, 2) // Without a processor, and with ours.
	for round := range b.rounds {
		for i, v := range b.variants {
			b.say(round, v, "as much as it takes")
			if err := b.flood(ctx, v, &floods[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", v.name, err)
			}
		}
		for i := range paces {
			b.say(round, b.variants[i], "1,000 records a second")
			if err := b.pace(ctx, b.variants[i], &paces[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", b.variants[i].name, err)
			}
		}
	}
	inside, err := b.inside(ctx)
	if err != nil {
		return nil, err
	}
	return []report.Table{b.loadTable(floods), claimsTable(floods, paces, inside)}, nil
}

func (b *bench) loadTable(floods []flooded) report.Table {
	t := report.Table{
		Title: "Built collector, logs over OTLP into an exporter that drops",
		Heads: []string{"processor", "records in a request", "records a second", "processor time a record", "above no processor", "memory", "above no processor"},
	}
	for i, f := range floods {
		row := []string{
			b.variants[i].name, report.Count(float64(b.variants[i].batch)), report.Count(measure.Median(f.perSecond)),
			report.Nanoseconds(measure.Median(f.processor)), "", report.Bytes(measure.Median(f.resident)), "",
		}
		if i > 0 {
			row[4] = report.Nanoseconds(differences(f.processor, floods[0].processor))
			row[6] = report.Bytes(differences(f.resident, floods[0].resident))
		}
		t.Rows = append(t.Rows, row)
	}
	ours, theirs := floods[1], floods[2]
	t.Notes = append(t.Notes, fmt.Sprintf("Medians of %d rounds of %v, after %v; a fresh collector each time, the variants in turn, %d requests underway at a time.",
		b.rounds, b.duration, warmUp, underway),
		fmt.Sprintf("With ours the collector takes %s times the records that it takes with the transform processor, and our processor uses %s of its processor time.",
			report.Count(measure.Median(ours.perSecond)/measure.Median(theirs.perSecond)),
			fraction(differences(ours.processor, floods[0].processor), differences(theirs.processor, floods[0].processor))))
	return t
}

func fraction(part, whole float64) string { return "1/" + report.Count(whole/part) }

// claimsTable says how far the claims that the project began with are exceeded.
func claimsTable(floods []flooded, paces []paced, inside latency) report.Table {
	t := report.Table{
		Title: "The claims that the project began with",
		Heads: []string{"claim", "measured", "factor"},
		Notes: []string{
			"Latency inside is that of a batch of one record through the processor, one record in fifty a failure; the answer is that to a request of ten records at 1,000 records a second, everything included.",
		},
	}
	const second, memory, share = 100e6, 10e6, 0.05
	rate := measure.Median(floods[1].perSecond)
	answer := measure.Percentile(paces[1].took, 0.99)
	more := differences(floods[1].resident, floods[0].resident)
	used := differences(paces[1].share, paces[0].share)
	t.Rows = [][]string{
		{"1,000 messages a second", report.Count(rate) + " a second", report.Count(rate / pacedRate)},
		{"under 100 ms each, inside", fmt.Sprintf("%s, 99.9%% under %s, at most %s", report.Nanoseconds(inside.median), report.Nanoseconds(inside.high), report.Nanoseconds(inside.worst)), report.Count(second / inside.worst)},
		{"under 100 ms each, answer", fmt.Sprintf("%s, 99%% under %s (without a processor %s and %s)", report.Nanoseconds(measure.Median(paces[1].took)), report.Nanoseconds(answer),
			report.Nanoseconds(measure.Median(paces[0].took)), report.Nanoseconds(measure.Percentile(paces[0].took, 0.99))), report.Count(second / answer)},
		{"about 10 MB more memory", report.Bytes(more) + " under full load", report.Count(memory / more)},
		{"under 5% of a processor at 1,000 messages a second", fmt.Sprintf("%.2f%% (the whole collector %.2f%%)", 100*used, 100*measure.Median(paces[1].share)), factorOf(share, used)},
	}
	return t
}

// factorOf gives a factor where what is measured is enough to be told from nothing.
func factorOf(claim, measured float64) string {
	const least = 1e-4
	if measured < least {
		return "over " + report.Count(claim/least)
	}
	return report.Count(claim / measured)
}
