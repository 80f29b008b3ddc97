package redact

import "strings"

// maxQuoted bounds the search for the end of a quoted value, in bytes. A
// private key in a JSON text has 3 KiB.
const maxQuoted = 4 << 10

// maxJudged is how much of a value decides whether it is a secret, in bytes. It
// bounds the work on what turns out to be none.
const maxJudged = 256

// value gives the value that begins at a place, without its quotes, and
// whether it has quotes.
func value(text string, at int) (Range, bool) {
	if at < len(text) && (text[at] == '(' || text[at] == '[' && !strings.HasPrefix(text[at:], Mask)) {
		at++ // A list or tuple: its first value.
	}
	if at+1 < len(text) && text[at] == '{' && word[text[at+1]] {
		if end := strings.IndexByte(text[at:], '}'); end > 0 {
			return Range{Start: at + 1, End: at + end}, true // ODBC: Pwd={…}.
		}
	}
	if r, ok := quoted(text, at); ok {
		return r, true
	}
	return bare(text, at), false
}

// quoted gives the text between quotes. Within a JSON text in another one, the
// quotes themselves are escaped: by one backslash, or three, and so on.
func quoted(text string, at int) (Range, bool) {
	open := at
	if at+1 < len(text) && strings.IndexByte("bru", text[at]|0x20) >= 0 && quotes[text[at+1]] {
		at++ // Python: b'…'.
		open = at
	}
	for open < len(text) && text[open] == '\\' {
		open++
	}
	if open == len(text) || !quotes[text[open]] {
		return Range{}, false
	}
	escapes, quote, start := open-at, text[open], open+1
	backslashes := 0
	for i := start; i < min(len(text), start+maxQuoted); i++ {
		switch {
		case text[i] == '\\':
			backslashes++
			continue
		case text[i] != quote:
		case escapes == 0 && backslashes == 0 && i > start && i+1 < len(text) && text[i+1] == quote:
			i++ // A doubled quote stands for one, as in SQL.
		case backslashes < escapes || (backslashes-escapes)%(2*escapes+2) == 0:
			return Range{Start: start, End: i - min(backslashes, escapes)}, true
		}
		backslashes = 0
	}
	// The text breaks off within the value.
	if line := strings.IndexByte(text[start:], '\n'); line >= 0 {
		return Range{Start: start, End: start + line}, true
	}
	return Range{Start: start, End: len(text)}, true
}

// bare gives a value without quotes.
func bare(text string, at int) Range {
	end := at
	for end < len(text) && !endsBare(text, end) {
		end++
	}
	// The end of a sentence.
	for end > at && strings.IndexByte(".,:", text[end-1]) >= 0 {
		end--
	}
	return Range{Start: at, End: end}
}

// endsBare tells a character after a value from one in it: passwords have all
// of them.
func endsBare(text string, at int) bool {
	rest := text[at+1:]
	switch c := text[at]; c {
	case '"', '\'', '`', '>':
		return true
	case '<':
		return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "br")
	case '\\':
		return rest == "" || strings.IndexByte("nrtu\\\"'", rest[0]) >= 0
	case ')', ']', '}':
		return rest == "" || afterClosing[rest[0]]
	case '[':
		return strings.HasPrefix(text[at:], Mask)
	case ',', '&', ';':
		return rest == "" || gaps[rest[0]] || quotes[rest[0]] || rest[0] == '\\' || beginsPair(rest)
	default:
		return gaps[c]
	}
}

// pairName is what names in connection strings, queries and forms are made of.
var pairName = union(dotted, classOf(nil, " []"))

// afterClosing is what a bracket stands before that closes something around a value.
var afterClosing = union(gaps, quotes, classOf(nil, ",;.:)]}>&\\=-"))

// beginsPair says whether a text begins with a name and a sign of equality, or
// what is left of an escaped ampersand.
func beginsPair(text string) bool {
	// Connection strings have names of several words.
	const longest = 40
	name := 0
	for name < min(len(text), longest) && pairName[text[name]] {
		name++
	}
	return name > 0 && name < len(text) && (text[name] == '=' || text[name] == ':' || text[name] == ';')
}
