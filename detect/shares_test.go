package detect

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

// maxShare is how much of the time one rule may take on benign logs.
const maxShare = 0.05

func profileOf(d *Detector, records []plog.LogRecord) Costs {
	p := NewProfile(d)
	rl, sl := plog.NewResourceLogs(), plog.NewScopeLogs()
	for _, lr := range records {
		p.Log(rl, sl, lr)
	}
	return p.Costs()
}

// BenchmarkRuleShares prints which share of the time each rule takes on benign
// logs, and fails where one takes more than maxShare.
func BenchmarkRuleShares(b *testing.B) {
	d := shippedDetector(b)
	records := benignRecords(b)
	costs := profileOf(d, records)
	for b.Loop() {
		// The quietest run of the machine is the truest.
		if again := profileOf(d, records); again.Time < costs.Time {
			costs = again
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "of the time on benign logs goes\n%6.2f%%  into reading records and looking for the literals of %d rules",
		100*costs.Share(costs.Reading()), len(d.rules))
	for _, rule := range costs.Rules {
		share := costs.Share(rule.Time)
		fmt.Fprintf(&table, "\n%6.2f%%  into %s (lines that it is tried on: %d)", 100*share, rule.Rule.ID, rule.Seen)
		if share > maxShare {
			b.Errorf("rule %s takes %.1f%% of the time on benign logs, more than %.0f%%", rule.Rule.ID, 100*share, 100*maxShare)
		}
	}
	b.Log(table.String() + "\nand none into the other rules")
	b.ReportMetric(100*costs.Share(costs.Rules[0].Time), "%-of-time/dearest-rule")
}

// TestNoRuleIsTriedOnMuchOfBenignLogs is what holds without a clock: on how many
// lines the literals of a rule are, and on how much text its patterns are tried.
func TestNoRuleIsTriedOnMuchOfBenignLogs(t *testing.T) {
	const (
		mostLines = 0.02
		mostText  = 0.03
	)
	records := benignRecords(t)
	size := 0
	for _, lr := range records {
		size += len(lr.Body().Str())
	}
	for _, rule := range profileOf(shippedDetector(t), records).Rules {
		require.LessOrEqual(t, float64(rule.Seen)/float64(len(records)), mostLines, "%s is tried on too many lines: its literals are common", rule.Rule.ID)
		require.LessOrEqual(t, float64(rule.Walked)/float64(size), mostText, "%s is tried on too much text: its gaps are wide", rule.Rule.ID)
	}
}
