package novelty

import (
	"strings"

	"github.com/failuredetector/failuredetector/internal/stacktrace"
)

// Headline is the part of a text by which it is compared: its first line, with the exception's type where a
// stack trace follows. Where it is a Python trace, which begins with what is the same in all, it is what the
// exception says.
func Headline(text string) string {
	first, _, several := strings.Cut(strings.TrimSpace(text), "\n")
	first = strings.TrimSpace(first)
	if !several {
		return first
	}
	trace, ok := stacktrace.Parse(text)
	switch {
	case !ok || trace.Type == "" || strings.Contains(first, trace.Type):
		return first
	case strings.Contains(first, "Traceback (most recent call last)"):
		message, _, _ := strings.Cut(trace.Message, "\n")
		return trace.Type + ": " + message
	default:
		return first + " " + trace.Type
	}
}
