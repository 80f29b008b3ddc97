package draft

import (
	"fmt"
	"strings"
)

// YAML writes drafts as a pack that loads and does nothing: its rules are experimental and in shadow mode.
// Hits are how often each matched in records of healthy systems, by id; nil is not measured.
func YAML(drafts []*Rule, hits map[string]int, healthy int) string {
	var b strings.Builder
	b.WriteString("# Drafts for errors that no rule recognises. Read each, give it a name and a type, narrow or widen its\n" +
		"# pattern, and take out what is private. Until mode and maturity are changed they do nothing.\n")
	fmt.Fprintf(&b, "pack: %s\nrules:\n", Pack)
	for _, r := range drafts {
		fmt.Fprintf(&b, "  # Seen: %d, the first in %s. Healthy records that match: %s.\n", r.Count, place(r), measured(r, hits, healthy))
		fmt.Fprintf(&b, "  - id: %s\n    type: NOVEL_ERROR\n    confidence: 0.5\n    maturity: experimental\n    mode: shadow\n", r.ID)
		fmt.Fprintf(&b, "    match:\n      patterns:\n        - %s\n    examples:\n", quoted(r.Pattern))
		writeTexts(&b, "match", r.Match)
		writeTexts(&b, "ignore", r.Ignore)
	}
	return b.String()
}

func writeTexts(b *strings.Builder, key string, texts []string) {
	fmt.Fprintf(b, "      %s:\n", key)
	for _, text := range texts {
		fmt.Fprintf(b, "        - %s\n", quoted(text))
	}
}

// quoted writes a text that has no line ends as YAML.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// place is where the first record is, on one line.
func place(r *Rule) string {
	return fmt.Sprintf("%s:%d", strings.Join(strings.Fields(strings.ToValidUTF8(r.File, "?")), " "), r.Line)
}

func measured(r *Rule, hits map[string]int, healthy int) string {
	if hits == nil {
		return "not measured"
	}
	return fmt.Sprintf("%d of %d", hits[r.ID], healthy)
}
