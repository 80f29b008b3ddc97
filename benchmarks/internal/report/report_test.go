package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/benchmarks/internal/report"
)

func TestFiguresHaveThreeDigitsThatCount(t *testing.T) {
	require.Equal(t, "0.51 ns", report.Nanoseconds(0.512))
	require.Equal(t, "231 ns", report.Nanoseconds(231.4))
	require.Equal(t, "1.80 µs", report.Nanoseconds(1_804))
	require.Equal(t, "25.0 ms", report.Nanoseconds(25_012_345))
	require.Equal(t, "2.10 s", report.Nanoseconds(2_100_000_000))
	require.Equal(t, "12,300", report.Count(12_345))
	require.Equal(t, "1,230,000", report.Count(1_234_567))
	require.Equal(t, "-42", report.Count(-42))
	require.Equal(t, "17.3 MB", report.Bytes(17_340_000))
	require.Equal(t, "1,230 (1,000 to 2,350)", report.Times(1234, 1001, 2345))
}

func TestTablesAreWrittenForTerminalAndPage(t *testing.T) {
	table := report.Against("Apples")
	table.Notes = []string{"Counted twice."}
	table.Add(report.Row{What: "a|b", Ours: "1 ns", Peer: "2 ns", Ratio: "2", Expected: "at least 1", Met: report.Verdict(true)})
	tables := []report.Table{table}
	var text, page strings.Builder
	require.NoError(t, report.WriteText(&text, tables))
	require.Contains(t, text.String(), "a|b       1 ns          2 ns   2")
	require.NoError(t, report.WriteMarkdown(&page, tables))
	require.Contains(t, page.String(), "### Apples\n\n| measured |")
	require.Contains(t, page.String(), `| a\|b | 1 ns | 2 ns | 2 | at least 1 | met |`)
	require.Contains(t, page.String(), "Counted twice.")
}
