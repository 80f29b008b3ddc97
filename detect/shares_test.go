package detect

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// benignRecords are the lines of logs of which nearly none reports a failure.
func benignRecords(tb testing.TB) []plog.LogRecord {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "benign", "*.log.gz"))
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var records []plog.LogRecord
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(tb, err)
		reader, err := gzip.NewReader(file)
		require.NoError(tb, err)
		content, err := io.ReadAll(reader)
		require.NoError(tb, err)
		require.NoError(tb, file.Close())
		for line := range strings.Lines(string(content)) {
			lr := plog.NewLogRecord()
			lr.Body().SetStr(strings.TrimRight(line, "\r\n"))
			records = append(records, lr)
		}
	}
	return records
}

// trial is a rule that is tried on a record, since literals of it occur there.
type trial struct {
	record   plog.LogRecord
	triggers []candidate
}

// trials gives for each rule the records that it is tried on.
func trials(d *Detector, records []plog.LogRecord) [][]trial {
	list := make([][]trial, len(d.rules))
	s := d.borrow()
	defer d.giveBack(s)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	for _, lr := range records {
		d.reader.readLog(&s.input, rl, sl, lr)
		d.gather(s)
		for _, t := range s.candidates {
			rule := d.triggers[t.expression].rule
			if last := len(list[rule]) - 1; last >= 0 && list[rule][last].record == lr {
				list[rule][last].triggers = append(list[rule][last].triggers, t)
				continue
			}
			list[rule] = append(list[rule], trial{record: lr, triggers: []candidate{t}})
		}
	}
	return list
}

// confirmAll tries a rule on its records, without the search for its literals,
// which is one for all rules. It gives the time that took.
func confirmAll(d *Detector, rule int, list []trial) time.Duration {
	s := d.borrow()
	defer d.giveBack(s)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	var verdict Verdict
	var spent time.Duration
	for _, t := range list {
		d.reader.readLog(&s.input, rl, sl, t.record)
		s.begin()
		start := time.Now()
		if _, ok := d.confirm(&d.rules[rule], t.triggers, false, s, &verdict); !ok {
			d.cleared(&d.rules[rule], t.triggers, s)
		}
		spent += time.Since(start)
	}
	return spent
}

func classifyAll(d *Detector, records []plog.LogRecord) time.Duration {
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	start := time.Now()
	for _, lr := range records {
		d.Log(rl, sl, lr)
	}
	return time.Since(start)
}

// maxShare is how much of the time one rule may take on benign logs.
const maxShare = 0.05

// BenchmarkRuleShares prints which share of the time each rule takes on benign
// logs, and fails where one takes more than maxShare. Each time is the best of
// all rounds, so that what else runs on the machine counts little.
func BenchmarkRuleShares(b *testing.B) {
	d := shippedDetector(b)
	records := benignRecords(b)
	all := trials(d, records)
	spent := make([]time.Duration, len(all))
	total := classifyAll(d, records)
	for rule, list := range all {
		spent[rule] = confirmAll(d, rule, list) // The first compiles expressions; a later one is less.
	}
	for b.Loop() {
		total = min(total, classifyAll(d, records))
		for rule, list := range all {
			spent[rule] = min(spent[rule], confirmAll(d, rule, list))
		}
	}
	reportShares(b, d, all, spent, total)
}

func reportShares(b *testing.B, d *Detector, all [][]trial, spent []time.Duration, total time.Duration) {
	b.Helper()
	share := func(rule int) float64 { return float64(spent[rule]) / float64(total) }
	var tried []int
	search := 1.0
	for rule, list := range all {
		if len(list) > 0 {
			tried = append(tried, rule)
			search -= share(rule)
		}
	}
	slices.SortFunc(tried, func(x, y int) int { return cmp.Compare(spent[y], spent[x]) })
	var table strings.Builder
	fmt.Fprintf(&table, "of the time on benign logs goes\n%6.2f%%  into reading records and looking for the literals of %d rules", 100*search, len(all))
	for _, rule := range tried {
		id := d.rules[rule].rule.ID
		fmt.Fprintf(&table, "\n%6.2f%%  into %s (lines that it is tried on: %d)", 100*share(rule), id, len(all[rule]))
		if share(rule) > maxShare {
			b.Errorf("rule %s takes %.1f%% of the time on benign logs, more than %.0f%%", id, 100*share(rule), 100*maxShare)
		}
	}
	b.Log(table.String() + "\nand none into the other rules")
	b.ReportMetric(100*share(tried[0]), "%-of-time/dearest-rule")
}

// TestNoRuleIsTriedOnMuchOfBenignLogs is what holds without a clock: how much
// text the patterns of a rule are tried on. A rule whose literals are common is
// tried on much.
func TestNoRuleIsTriedOnMuchOfBenignLogs(t *testing.T) {
	const most = 0.10
	d := shippedDetector(t)
	records := benignRecords(t)
	size := 0
	for _, lr := range records {
		size += len(lr.Body().Str())
	}
	for rule, list := range trials(d, records) {
		tried := 0
		for _, one := range list {
			tried += len(one.triggers) * len(one.record.Body().Str())
		}
		require.LessOrEqual(t, float64(tried)/float64(size), most, "%s is tried on too much: its literals are common", d.rules[rule].rule.ID)
	}
}
