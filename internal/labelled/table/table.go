package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/failuredetector/failuredetector/internal/labelled"
	"github.com/failuredetector/failuredetector/rules"
)

const (
	begin = "<!-- The table is written by go generate ./internal/labelled. -->\n"
	end   = "<!-- The table ends. -->\n"
	// dated begins the line that says when the figures changed last.
	dated = "These figures are of "
)

// render makes the table of what the shipped rules recognise, a row for each type.
func render(set *rules.Set, result *labelled.Result, messages int) string {
	count := map[string]labelled.Count{}
	for _, t := range result.Types {
		count[t.Type] = t.Count
	}
	var table strings.Builder
	table.WriteString("| Type | Rules | Patterns | Messages | Recall | False positives |\n| --- | ---: | ---: | ---: | ---: | ---: |\n")
	allRules, allPatterns := 0, 0
	for _, t := range set.Types {
		own, patterns := 0, 0
		for _, r := range set.Rules {
			if r.Type == t.Name {
				own++
				patterns += len(r.Match.Patterns)
			}
		}
		c := count[t.Name]
		fmt.Fprintf(&table, "| `%s` | %d | %d | %d | %s | %d |\n", t.Name, own, patterns, c.Messages, recall(c), c.FalsePositives)
		allRules += own
		allPatterns += patterns
	}
	total := result.Total
	fmt.Fprintf(&table, "| all | %d | %d | %d | %s | %d |\n", allRules, allPatterns, total.Messages, recall(total), total.FalsePositives)
	fmt.Fprintf(&table, "| messages without failure | | | %d | | |\n", messages-total.Messages)
	return table.String()
}

// recall is rounded down, so that 1.000 means all.
func recall(c labelled.Count) string {
	if c.Messages == 0 {
		return ""
	}
	return fmt.Sprintf("%.3f", math.Floor(c.Recall()*1000)/1000)
}

// replace puts a table into a page. The date is that of the figures: where they
// are as before, so is the date, so that the page is the same every day.
func replace(page, table, today string) (string, error) {
	before, rest, opened := strings.Cut(page, begin)
	old, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return "", errors.New("the comments that the table stands between are missing")
	}
	date := today
	oldTable, oldDate, found := strings.Cut(old, "\n"+dated)
	if found && strings.TrimPrefix(oldTable, "\n") == table {
		date = strings.TrimSuffix(oldDate, ".\n\n")
	}
	return before + begin + "\n" + table + "\n" + dated + date + ".\n\n" + end + after, nil
}
