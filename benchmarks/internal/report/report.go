// Package report shows figures beside what is expected of them.
package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table is a group of figures.
type Table struct {
	Title string
	Heads []string
	Rows  [][]string
	// Notes stand below it.
	Notes []string
}

// Row is a figure of this project, beside another one and beside what is expected.
type Row struct {
	// What was measured.
	What string
	// Ours and Peer are the two medians, in words. Peer is empty where ours stands alone.
	Ours, Peer string
	// Ratio is peer to ours, in words and with its spread; empty where there is none.
	Ratio string
	// Expected says what is hoped for, Met whether it is so. Both are empty
	// where nothing is.
	Expected, Met string
}

// Against gives an empty table of rows.
func Against(title string) Table {
	return Table{Title: title, Heads: []string{"measured", "this project", "other", "ratio (lowest to highest pair)", "expected", "is it so"}}
}

// Add puts a row below the others.
func (t *Table) Add(r Row) {
	t.Rows = append(t.Rows, []string{r.What, r.Ours, r.Peer, r.Ratio, r.Expected, r.Met})
}

// WriteText writes tables for a terminal.
func WriteText(w io.Writer, tables []Table) error {
	var b strings.Builder
	for _, t := range tables {
		fmt.Fprintf(&b, "\n%s\n\n", t.Title)
		if len(t.Rows) > 0 {
			columns := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			for _, cells := range append([][]string{t.Heads}, t.Rows...) {
				// A strings.Builder takes all.
				_, _ = fmt.Fprintln(columns, strings.Join(cells, "\t"))
			}
			_ = columns.Flush()
			b.WriteByte('\n')
		}
		for _, note := range t.Notes {
			fmt.Fprintf(&b, "%s\n\n", note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes the same for a page.
func WriteMarkdown(w io.Writer, tables []Table) error {
	var b strings.Builder
	for _, t := range tables {
		fmt.Fprintf(&b, "### %s\n\n", t.Title)
		if len(t.Rows) > 0 {
			fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(t.Heads, " | "), strings.Repeat("---|", len(t.Heads)))
		}
		for _, cells := range t.Rows {
			escaped := strings.ReplaceAll(strings.Join(cells, "\x00"), "|", `\|`)
			fmt.Fprintf(&b, "| %s |\n", strings.ReplaceAll(escaped, "\x00", " | "))
		}
		if len(t.Rows) > 0 {
			b.WriteByte('\n')
		}
		for _, note := range t.Notes {
			fmt.Fprintf(&b, "%s\n\n", note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Verdict is the word for an expectation that was met or not.
func Verdict(met bool) string {
	if met {
		return "met"
	}
	return "not met"
}

// Nanoseconds gives a duration with three digits that count.
func Nanoseconds(ns float64) string {
	switch {
	case ns < 1e3:
		return digits(ns) + " ns"
	case ns < 1e6:
		return digits(ns/1e3) + " µs"
	case ns < 1e9:
		return digits(ns/1e6) + " ms"
	default:
		return digits(ns/1e9) + " s"
	}
}

// Times gives a ratio with its spread.
func Times(ratio, low, high float64) string {
	return fmt.Sprintf("%s (%s to %s)", digits(ratio), digits(low), digits(high))
}

// Bytes gives a size in the decimal units that people write.
func Bytes(bytes float64) string {
	switch {
	case bytes < 1e3:
		return digits(bytes) + " B"
	case bytes < 1e6:
		return digits(bytes/1e3) + " kB"
	default:
		return digits(bytes/1e6) + " MB"
	}
}

// Count gives a number with three digits that count and its thousands apart; a
// whole one stays whole.
func Count(number float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(digits(number), ".00"), ".0")
}

// digits gives three digits that count, and the thousands apart.
func digits(value float64) string {
	switch {
	case value < 0:
		return "-" + digits(-value)
	case value == 0:
		return "0"
	case value < 10:
		return fmt.Sprintf("%.2f", value)
	case value < 100:
		return fmt.Sprintf("%.1f", value)
	}
	unit := 1.0
	for value/unit >= 1000 {
		unit *= 10
	}
	whole := fmt.Sprintf("%.0f", float64(int64(value/unit+0.5))*unit)
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return whole
}
