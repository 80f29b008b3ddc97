package draft

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/failuredetector/failuredetector/rules"
)

const (
	// gap stands for what differs: some text on the same line.
	gap = `[^\n]{1,200}?`
	// minWords and minLetters are what a pattern has at least of what is the same: less is on many lines.
	minWords, minLetters = 2, 10
	// maxParts is how many pieces and gaps a pattern has: what follows seldom tells more.
	maxParts = 7
)

// differs is what stands in a template for what differs, together with what is glued to it. A word of a
// message has no such sign.
var differs = regexp.MustCompile(`\S*<(?:n|q|path|addr|id|time|obj|\*)>\S*`)

// pattern makes an expression of a template: its words as they are, and gaps between them. It is empty
// where there are too few.
func pattern(template string) string {
	var parts []string
	words, letters := 0, 0
	for i, part := range differs.Split(template, -1) {
		if len(parts) >= maxParts && words >= minWords && letters >= minLetters {
			break
		}
		if i > 0 && (len(parts) == 0 || parts[len(parts)-1] != gap) {
			parts = append(parts, gap)
		}
		if strings.TrimSpace(part) == "" {
			continue
		}
		parts = append(parts, part)
		for _, word := range strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }) {
			words++
			letters += len(word)
		}
	}
	if words < minWords || letters < minLetters {
		return ""
	}
	return assemble(parts)
}

// assemble joins parts of a pattern. Gaps at its ends would say nothing.
func assemble(parts []string) string {
	for len(parts) > 0 && parts[0] == gap {
		parts = parts[1:]
	}
	for len(parts) > 0 && parts[len(parts)-1] == gap {
		parts = parts[:len(parts)-1]
	}
	last := len(parts) - 1
	parts[0] = strings.TrimLeft(parts[0], " ")
	parts[last] = strings.TrimRight(parts[last], " ")
	var b strings.Builder
	if isWord(parts[0][0]) {
		b.WriteString(`\b`)
	}
	for _, part := range parts {
		if part != gap {
			part = regexp.QuoteMeta(part)
		}
		b.WriteString(part)
	}
	if end := parts[last]; isWord(end[len(end)-1]) {
		b.WriteString(`\b`)
	}
	return b.String()
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// compile makes the expression that a rule with a pattern is.
func compile(expr string) (*regexp.Regexp, error) {
	return regexp.Compile((&rules.Pattern{Expr: expr}).Flagged())
}
