package failuredetectorconnector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxName bounds the names that a sender may write, in bytes: types, rules, entities, values of
	// grouping attributes.
	maxName = 256
	// maxText bounds what is said of a failure, in bytes, and maxSentence what a probe says, which names
	// where it is, how bad and by which number.
	maxText     = 256
	maxSentence = 512
	// maxList bounds lists.
	maxList = 16
)

// clip gives a text of at most a number of bytes that shares no memory with a longer one.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return strings.Clone(text[:limit])
}

// printable gives a text with a space for every character that could confuse a terminal or a backend.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// trimStop takes the end off a sentence that goes into another one.
func trimStop(text string) string { return strings.TrimRight(strings.TrimSpace(text), ".") }
