package redact

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

func headerSigns() []sign {
	return []sign{
		{literal: "authorization", secret: authorization},
		{literal: "bearer", secret: bearer},
		{literal: "basic ", secret: basic},
		{literal: "cookie", secret: cookie},
	}
}

// schemes are the words in front of credentials in HTTP, beyond RFC 9110 those
// of vendors. After those with parameters the whole header is secret.
var (
	schemes = []string{
		"basic", "bearer", "token", "negotiate", "ntlm", "apikey", "api-key", "bot", "dpop", "gnap", "key", "privatetoken",
		"sharedkey", "sharedkeylite", "splunk", "ssws", "geniekey", "zoho-oauthtoken", "klaviyo-api-key", "pat",
	}
	withParameters = []string{
		"digest", "oauth", "hawk", "mac", "hmac", "hmac-sha256", "signature", "aws", "aws4-hmac-sha256", "sharedaccesssignature",
		"scram-sha-256", "mutual", "hoba", "vapid",
	}
)

func isScheme(word string) bool {
	return slices.ContainsFunc(schemes, func(scheme string) bool { return strings.EqualFold(scheme, word) })
}

func hasParameters(word string) bool {
	return slices.ContainsFunc(withParameters, func(scheme string) bool { return strings.EqualFold(scheme, word) })
}

// authorization finds the credentials of an Authorization or
// Proxy-Authorization header, without the scheme.
func authorization(text string, at, end int) (Range, bool) {
	from, how, ok := delimiter(text, at, end)
	if !ok {
		return Range{}, false
	}
	whole, quotes := headerValue(text[:min(len(text), from+maxJudged)], from)
	first, rest, more := strings.Cut(text[whole.Start:whole.End], " ")
	start := whole.Start
	switch {
	case more && hasParameters(first):
		whole, _ = headerValue(text, from)
		return Range{Start: whole.Start + len(first) + 1, End: whole.End}, hasAlnum(rest)
	case !isScheme(first) && (whole.hasMask(text) || strings.HasPrefix(text[whole.End:], Mask)):
		return Range{}, false // What is left is the scheme, whatever it looks like.
	case more && (isScheme(first) || random(firstWord(rest))):
		start = whole.End - len(strings.TrimLeft(rest, " "))
		how = assigned
	}
	credentials := bare(text, start)
	given := text[credentials.Start:min(credentials.End, credentials.Start+maxJudged)]
	sure := quotes || how == assigned || random(given)
	return credentials, sure && hasAlnum(given) && !isNothing(given) && !isProse(given)
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	return word
}

// headerValue gives a value up to the end of its line or quotes.
func headerValue(text string, at int) (Range, bool) {
	if at < len(text) && (text[at] == '[' || text[at] == '(') && !strings.HasPrefix(text[at:], Mask) {
		at++ // Go prints the values of a header as a list.
	}
	if r, ok := quoted(text, at); ok {
		return r, true
	}
	end := at
	for {
		end = run(text, end, headerText)
		if end == len(text) || text[end] != '\\' && text[end] != '[' || strings.HasPrefix(text[end:], Mask) ||
			strings.HasPrefix(text[end:], `\n`) || strings.HasPrefix(text[end:], `\r`) {
			return Range{Start: at, End: end}, false
		}
		end++
	}
}

// headerText goes on with a header, whatever follows.
var headerText = without(classOf([]string{"\x00\x1f"}, "]<[\\"), quotes)

// beforeToken may stand between a word and the token that it announces.
var beforeToken = union(gaps, quotes, classOf(nil, ":=\\"))

// bearer finds a token behind the word, wherever it stands.
func bearer(text string, at, end int) (Range, bool) {
	if !begins(text, at) {
		return Range{}, false
	}
	start := run(text, end, beforeToken)
	if hasPrefixFold(text[end:], "%20") {
		start = end + len("%20")
	}
	if start == end || !random(text[start:run(text[:min(len(text), start+maxJudged)], start, tokenText)]) {
		return Range{}, false
	}
	r := Range{Start: start, End: run(text, start, tokenText)}
	for text[r.End-1] == '.' {
		r.End--
	}
	return r, true
}

// basic finds credentials behind the word where they are what RFC 7617 says,
// a name and a password in base64: "basic" is a common word.
func basic(text string, _, end int) (Range, bool) {
	r := Range{Start: end, End: run(text, end, base64Text)}
	given := strings.TrimRight(text[r.Start:r.End], "=")
	// The beginning tells enough, and bounds the work.
	const enough = 64
	given = given[:min(len(given), enough)]
	plain, err := base64.RawStdEncoding.DecodeString(given)
	return r, err == nil && len(given) >= 4 && bytes.IndexByte(plain, ':') >= 0
}

// cookie finds the pairs of a Cookie or Set-Cookie header.
func cookie(text string, at, end int) (Range, bool) {
	from, _, ok := delimiter(text, at, end)
	if !ok {
		return Range{}, false
	}
	whole, quotes := headerValue(text[:min(len(text), from+maxJudged)], from)
	if !strings.Contains(firstWord(text[whole.Start:whole.End]), "=") {
		return Range{}, false
	}
	whole, _ = headerValue(text, from)
	if quotes {
		return whole, true
	}
	// Without quotes the header ends with its last pair, the line may go on.
	last := whole.Start
	for at := whole.Start; at < whole.End; {
		space := strings.IndexByte(text[at:whole.End], ' ')
		if space < 0 {
			space = whole.End - at
		}
		pair := text[at : at+space]
		attribute := strings.HasSuffix(pair, ";")
		if !attribute && !strings.Contains(pair, "=") && !strings.EqualFold(pair, "HttpOnly") && !strings.EqualFold(pair, "Secure") {
			break
		}
		last = at + space
		if !attribute {
			break
		}
		at = run(text[:whole.End], last, blanks)
	}
	return Range{Start: whole.Start, End: last}, true
}
