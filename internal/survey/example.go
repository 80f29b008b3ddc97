package survey

import (
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/redact"
)

// example is the line of a record on which the failure was recognised, without
// the secrets in it: of a long one the beginning.
func example(r *Result, found *detect.Detection) string {
	evidence, _, _ := strings.Cut(strings.TrimLeft(found.Text, "\r\n"), "\n")
	at := max(strings.Index(r.text, evidence), 0)
	from := strings.LastIndexByte(r.text[:at], '\n') + 1
	line, _, _ := strings.Cut(r.text[from:], "\n")
	if len(line) > maxExample {
		end := maxExample
		for end > 0 && !utf8.RuneStart(line[end]) {
			end--
		}
		line = line[:end]
	}
	return strings.TrimSpace(redact.String(line))
}
