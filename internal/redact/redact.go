// Package redact finds secrets in text, so that what is derived from a message
// can leave the process without them: credentials by the name or the place that
// they stand at, keys and tokens by the form that their vendor gives them, and
// personal data.
//
// A text without a secret costs one pass. A search begins where a sign of a
// secret stands; it fails within a bounded distance, or takes what it went
// through, so that the time is linear in the length of a text whatever is in it.
package redact

import (
	"slices"
	"strings"
)

// Mask stands in place of a secret.
const Mask = "[redacted]"

// Range is where a secret stands in a text, in bytes.
type Range struct{ Start, End int }

// Find gives the secrets of a text in order, without overlaps.
func Find(text string) []Range {
	found := appendTold(nil, text)
	found = appendURLPasswords(found, text)
	found = appendAtSigns(found, text)
	found = appendCards(found, text)
	slices.SortFunc(found, func(a, b Range) int { return a.Start - b.Start })
	return merge(found)
}

// hasMask says whether there is something masked in a range. It then stays as it
// is, so that masking twice is masking once.
func (r Range) hasMask(text string) bool { return strings.Contains(text[r.Start:r.End], Mask) }

// merge joins ranges that overlap or touch.
func merge(sorted []Range) []Range {
	merged := sorted[:0]
	for _, r := range sorted {
		if last := len(merged) - 1; last >= 0 && r.Start <= merged[last].End {
			merged[last].End = max(merged[last].End, r.End)
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// Slice gives text[start:end] with a mask in place of every secret or part of
// one in it. The secrets are those of the whole text, since a part of a message
// does not show that it is, say, a password.
func Slice(text string, secrets []Range, start, end int) string {
	var b strings.Builder
	at := start
	for _, s := range secrets {
		if s.End <= at || s.Start >= end {
			continue
		}
		b.WriteString(text[at:max(at, s.Start)])
		b.WriteString(Mask)
		at = min(s.End, end)
	}
	b.WriteString(text[at:end])
	return b.String()
}

// String gives a text without its secrets. Masks are shorter than what they
// stand for, and bring what stood far apart together, so it is searched until
// nothing is found.
func String(text string) string {
	// Each time needs a secret that only the last one brought to light.
	const mostTimes = 8
	for range mostTimes {
		secrets := Find(text)
		if len(secrets) == 0 {
			break
		}
		text = Slice(text, secrets, 0, len(text))
	}
	return text
}
