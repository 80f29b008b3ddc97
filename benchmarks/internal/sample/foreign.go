package sample

import (
	_ "embed"
	"strings"
)

// foreign has log lines in scripts of two and three bytes a letter, and in
// Latin with accents.
//
//go:embed foreign.txt
var foreign string

// Foreign gives log lines that are not English, and as many English ones of the
// same lengths in bytes, cut from the lines given.
func Foreign(lines []string) (other, english []string) {
	whole := strings.Join(lines, " ")
	for line := range strings.Lines(foreign) {
		line = strings.TrimSuffix(line, "\n")
		start := strings.IndexByte(whole[len(whole)/8:], ' ') + len(whole)/8 + 1
		english = append(english, whole[start:start+len(line)])
		whole = whole[start+len(line):]
		other = append(other, line)
	}
	return other, english
}
