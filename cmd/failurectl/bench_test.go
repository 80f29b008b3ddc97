package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/rules"
)

// pressLog has words that two rules of the test pack look for, in records of
// which some report a failure.
const pressLog = "10:01 zpress-7 reports a jam\n10:02 zpress-7 is ready\n10:03 zpress-7 is clear again\n10:04 zpress-x reports\n10:05 zpress-8 is slow\n"

const benchedPage = `2000 records in 1.5 MB of 2 files, 1500 ns a record
79.50% of the time went into reading them and looking for the literals of all rules.
Cut short, since it would have taken more than a record may: 1 record.

RULE                SEEN   MATCHED    SHARE
press-jammed         300         0   12.50%
press-any           1200      1199    8.00%
press-\x1b[31m         1         1    0.00%

437 other rules were tried on no record.

rule "press-jammed": it takes 12.50% of the time; it was tried on 300 of 2000 records and matched 0: ask for a rarer text in zpress-\d+
rule "press-any": it takes 8.00% of the time; it was tried on 1200 of 2000 records and matched 1199: narrow the gaps and name fewer groups in z.{1,90}y
`

func TestBenchPage(t *testing.T) {
	cost := func(id string, seen, matched int, took time.Duration, pattern string) detect.RuleCost {
		return detect.RuleCost{Rule: &rules.Rule{ID: id}, Seen: seen, Matched: matched, Time: took, Pattern: pattern}
	}
	var p page
	p.benched(&benched{
		Costs: detect.Costs{Records: 2000, CutShort: 1, Time: 3 * time.Millisecond, Rules: []detect.RuleCost{
			cost("press-jammed", 300, 0, 375*time.Microsecond, `zpress-\d+`),
			cost("press-any", 1200, 1199, 240*time.Microsecond, `z.{1,90}y`),
			cost("press-\x1b[31m", 1, 1, 10, `z`),
		}},
		bytes: 1.5e6, files: 2, allRules: 440,
	})
	require.Equal(t, benchedPage, p.String())
}

func TestBenchAsText(t *testing.T) {
	path := writeFile(t, "app.log.gz", zipped(t, pressLog))
	for name, got := range map[string]result{
		"standard input":    runWith(t, pressLog, "rules", "bench", "--rules", "testdata/press.yaml"),
		"a compressed file": runWith(t, "", "rules", "bench", "--rules", "testdata/press.yaml", path),
	} {
		require.Equal(t, result{}, result{code: got.code, err: got.err}, name)
		require.Regexp(t, `^5 records in 129 B of 1 file, \d+ ns a record\n\d+\.\d\d% of the time went into reading `, got.out, name)
		for _, row := range []string{`press-any +2 +1`, `press-jammed +2 +2`, `press-slow +1 +1`} {
			require.Regexp(t, `(?m)^`+row+` +\d+\.\d\d%$`, got.out, name)
		}
		require.Contains(t, got.out, " other rules were tried on no record.\nShares of fewer than 1000 records differ from run to run.\n", name)
	}
}

func TestBenchOfNothing(t *testing.T) {
	for input, records := range map[string]string{"": "0 records in 0 B", "all is well\n": "1 record in 12 B"} {
		got := runWith(t, input, "rules", "bench")
		require.Equal(t, exitFound, got.code)
		require.Contains(t, got.out, records+" of 1 file, ")
		require.Contains(t, got.out, "\n\nNo rule was tried on any of them.\n")
	}
}

func TestBenchAsJSON(t *testing.T) {
	got := runWith(t, pressLog+strings.Repeat("10:06 zpress-x reports that it is ready\n", 20), "rules", "bench", "--output", "json", "--rules", "testdata/press.yaml")
	require.Equal(t, result{code: exitFound}, result{code: got.code, err: got.err})
	var object struct {
		Records int     `json:"records"`
		Bytes   int     `json:"bytes"`
		Mean    int     `json:"nanoseconds_per_record"`
		Cut     int     `json:"cut_short"`
		Reading float64 `json:"share_of_reading"`
		Tested  int     `json:"tested"`
		Rules   []struct {
			Rule    string  `json:"rule"`
			Type    string  `json:"type"`
			Seen    int     `json:"seen"`
			Matched int     `json:"matched"`
			Share   float64 `json:"share"`
			Advice  *string `json:"advice"`
		} `json:"rules"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &object))
	require.Equal(t, 25, object.Records)
	require.Equal(t, len(pressLog)+20*40, object.Bytes)
	require.Positive(t, object.Mean)
	require.Zero(t, object.Cut)
	require.Greater(t, object.Tested, 400)
	sum, before := object.Reading, 1.0
	seen := map[string][2]int{}
	for _, r := range object.Rules {
		require.LessOrEqual(t, r.Share, before, "the dearest comes first")
		require.Nil(t, r.Advice)
		sum, before = sum+r.Share, r.Share
		seen[r.Type+" "+r.Rule] = [2]int{r.Seen, r.Matched}
	}
	require.InDelta(t, 1, sum, 0.001)
	require.Equal(t, map[string][2]int{"PRESS_FAILURE press-any": {22, 1}, "PRESS_JAMMED press-jammed": {2, 2}, "PRESS_FAILURE press-slow": {1, 1}}, seen)
}

func TestBenchNamesARuleThatNeverMatches(t *testing.T) {
	const advice = `rule "press-any": it was tried on 20 of 20 records and matched 0: ask for a rarer text in zpress-\d+ reports`
	text := strings.Repeat("10:06 zpress-x reports that it is ready\n", 20)
	got := runWith(t, text, "rules", "bench", "--rules", "testdata/press.yaml")
	require.Equal(t, exitNothing, got.code)
	require.Contains(t, got.out, "differ from run to run.\n\nrule ")
	require.Contains(t, got.out, advice+"\n")
	got = runWith(t, text, "rules", "bench", "--output", "json", "--rules", "testdata/press.yaml")
	require.Equal(t, exitNothing, got.code)
	require.Contains(t, got.out, `"advice": "it was tried on 20 of 20 records`)
}

func TestBenchAdvice(t *testing.T) {
	rule := &rules.Rule{ID: "a"}
	for _, tc := range []struct {
		name    string
		records int
		cost    detect.RuleCost
		want    string
	}{
		{"a rule at its limits", 1000, detect.RuleCost{Seen: 20, Matched: 0, Time: 50, Pattern: "p"}, ""},
		{
			"one that takes too much for little", 1000,
			detect.RuleCost{Seen: 300, Matched: 2, Time: 51, Pattern: "p"},
			"it takes 5.10% of the time; it was tried on 300 of 1000 records and matched 2: ask for a rarer text in p",
		},
		{
			"one that takes too much where it is right", 1000,
			detect.RuleCost{Seen: 300, Matched: 299, Time: 512, Pattern: "p"},
			"it takes 51.20% of the time; it was tried on 300 of 1000 records and matched 299: narrow the gaps and name fewer groups in p",
		},
		{"one that takes much of few records", 999, detect.RuleCost{Seen: 300, Matched: 2, Time: 512, Pattern: "p"}, ""},
		{
			"one that never matches", 499,
			detect.RuleCost{Seen: 10, Pattern: "p"},
			"it was tried on 10 of 499 records and matched 0: ask for a rarer text in p",
		},
		{"one that never matches on hardly any", 20, detect.RuleCost{Seen: 9, Pattern: "p"}, ""},
		{
			"one without a pattern", 100,
			detect.RuleCost{Seen: 50},
			"it was tried on 50 of 100 records and matched 0: name fewer codes or exception types",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.cost.Rule = rule
			b := benched{Costs: detect.Costs{Records: tc.records, Time: 1000 * time.Nanosecond, Rules: []detect.RuleCost{tc.cost}}}
			require.Equal(t, tc.want, b.advice(&tc.cost))
		})
	}
}

func TestBenchUsage(t *testing.T) {
	const help = "`failurectl rules bench --help` tells how it is used.\n"
	require.Equal(t, result{code: exitTrouble, err: "failurectl: --minimum-confidence: 2 is outside 0 to 1\n" + help},
		runWith(t, "", "rules", "bench", "--minimum-confidence", "2"))
	require.Equal(t, exitTrouble, runWith(t, "", "rules", "bench", "--rules", "testdata/broken.yaml").code)
	missing := filepath.Join(t.TempDir(), "none.log")
	got := runWith(t, pressLog, "rules", "bench", "-", missing)
	require.Equal(t, exitTrouble, got.code)
	require.Equal(t, "failurectl: open "+missing+": no such file or directory\n", got.err)
	require.Contains(t, got.out, "5 records in 129 B of 2 files")
}
