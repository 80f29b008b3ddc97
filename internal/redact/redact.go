// Package redact finds secrets in text, so that what is derived from a message
// can leave the process without them.
package redact

import (
	"regexp"
	"slices"
	"strings"
)

// Mask stands in place of a secret.
const Mask = "[redacted]"

// Range is where a secret stands in a text, in bytes.
type Range struct{ Start, End int }

// secret is an expression whose last group, or whole match, is a secret.
type secret struct {
	*regexp.Regexp
	// holds decides on what the expression found; nil takes all of it.
	holds func(text string, found Range) bool
}

// secrets cover what commonly stands in error messages: credentials by their
// place, keys and tokens by the form that the vendor gives them, and personal data.
var secrets = []secret{
	// The password, or a long token alone, in front of a URL's host.
	{Regexp: regexp.MustCompile(`://[^\s/@:"']*:([^\s/"']+)@`)},
	{Regexp: regexp.MustCompile(`://([^\s/@:"']{20,})@`)},
	{Regexp: regexp.MustCompile(`(?i)\bbearer\s+([\w.~+/=-]{8,})`)},
	{Regexp: regexp.MustCompile(`(?i)\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:basic|bearer|digest|token|negotiate)\s+)?([^\s"',;]+)`)},
	{Regexp: regexp.MustCompile(`(?i)(?:password|passwd|passphrase|\bpwd|secret(?:[_-]?(?:access[_-]?)?key)?|api[_-]?key|access[_-]?key(?:[_-]?id)?|account[_-]?key|private[_-]?key|[a-z]*[_-]?token|\bsig(?:nature)?|session[_-]?id|cookie)\\?["']?\s*(?:=>|[=:])\s*\\?["']?([^\s"'&,;)}\]\\]+)`)},
	{Regexp: regexp.MustCompile(`(?i)\bidentified by\s+["']([^"']+)`)},
	{Regexp: regexp.MustCompile(`(?i)api key provided: ([^\s,'"]+)`)},
	{Regexp: regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)`)},
	// A JSON web token.
	{Regexp: regexp.MustCompile(`\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?`)},
	// OpenAI, Anthropic, Stripe; AWS; Google; GitHub, GitLab; Slack; SendGrid, Twilio; npm, PyPI, Hugging Face,
	// DigitalOcean, Supabase, Groq, xAI, Replicate, Databricks, Shopify, Atlassian, Grafana, Vault; Telegram.
	{Regexp: regexp.MustCompile(`\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{12,}`)},
	{Regexp: regexp.MustCompile(`\b(?:AKIA|ASIA|AIDA|AROA)[0-9A-Z]{12,}`)},
	{Regexp: regexp.MustCompile(`\bAIza[\w-]{20,}|\bya29\.[\w.-]{10,}`)},
	{Regexp: regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl(?:pat|dt|rt|ft|soat|cbt)-[\w-]{16,})`)},
	{Regexp: regexp.MustCompile(`\b(?:xox[a-z]|xapp)-[\w-]{10,}|hooks\.slack\.com/services/([\w/]+)`)},
	{Regexp: regexp.MustCompile(`\bSG\.[\w-]{10,}\.[\w-]{10,}|\b(?:SK|AC)[0-9a-f]{32}\b`)},
	{Regexp: regexp.MustCompile(`\b(?:npm_|pypi-|hf_|dop_v1_|doo_v1_|sbp_|sb_(?:secret|publishable)_|gsk_|xai-|r8_|dapi|shp(?:at|ca|pa|ss)_|ATATT|glsa_|hvs\.)[\w-]{16,}`)},
	{Regexp: regexp.MustCompile(`\b\d{8,10}:[\w-]{35}\b`)},
	{Regexp: regexp.MustCompile(`[\w.+%-]+@[\w-]+(?:\.[\w-]+)+`), holds: isAddress},
	// A card number: 13 to 19 digits, perhaps in groups, with a right check digit.
	{Regexp: regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`), holds: luhn},
}

// Find gives the secrets of a text in order, without overlaps.
func Find(text string) []Range {
	var found []Range
	for _, s := range secrets {
		for _, match := range s.FindAllStringSubmatchIndex(text, -1) {
			r := Range{Start: match[0], End: match[1]}
			for group := len(match) - 2; group > 0; group -= 2 {
				if match[group] >= 0 {
					r = Range{Start: match[group], End: match[group+1]}
					break
				}
			}
			if s.holds == nil || s.holds(text, r) {
				found = append(found, r)
			}
		}
	}
	slices.SortFunc(found, func(a, b Range) int { return a.Start - b.Start })
	return merge(found)
}

// merge joins ranges that overlap or touch.
func merge(sorted []Range) []Range {
	var merged []Range
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

// String gives a text without its secrets.
func String(text string) string { return Slice(text, Find(text), 0, len(text)) }

// isAddress tells an e-mail address from the password and host of a URL.
func isAddress(text string, found Range) bool {
	word := text[strings.LastIndexAny(text[:found.Start], " \t\r\n\"'<(")+1 : found.Start]
	return !strings.Contains(word, "://")
}

// luhn checks the last digit of a card number, by ISO/IEC 7812-1.
func luhn(text string, found Range) bool {
	number := text[found.Start:found.End]
	sum, double := 0, false
	for i := len(number) - 1; i >= 0; i-- {
		digit := int(number[i] - '0')
		if digit < 0 || digit > 9 {
			continue // A space or dash between groups.
		}
		if double {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		double = !double
	}
	return sum%10 == 0
}
