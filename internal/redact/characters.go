package redact

import "strings"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isAlnum(c byte) bool { return isDigit(c) || isUpper(c) || isLower(c) }

func isWord(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' }

func isUpperAlnum(c byte) bool { return isUpper(c) || isDigit(c) }

func isDotted(c byte) bool { return isWord(c) || c == '.' }

func isBase64(c byte) bool { return isWord(c) || c == '+' || c == '/' || c == '=' }

func isTokenText(c byte) bool { return isBase64(c) || c == '.' || c == '~' }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// isBlank also holds for controls, which end a word as well as a space does.
func isBlank(c byte) bool { return c <= ' ' || c == 0x7f }

// run gives where a run of a class that begins at a place ends.
func run(text string, at int, class func(byte) bool) int {
	for at < len(text) && class(text[at]) {
		at++
	}
	return at
}

// runBack gives where a run of a class that ends at a place begins, at most
// limit bytes before.
func runBack(text string, at, limit int, class func(byte) bool) int {
	for lowest := max(at-limit, 0); at > lowest && class(text[at-1]); {
		at--
	}
	return at
}

// begins says whether a word can begin at a place: no letter or digit stands
// before it, unless as a part of an escape such as \n, %20 or \u003d.
func begins(text string, at int) bool {
	if at == 0 || !isAlnum(text[at-1]) && text[at-1] != '_' {
		return true
	}
	return at >= 2 && text[at-2] == '\\' && strings.IndexByte("nrt", text[at-1]) >= 0 ||
		at >= 3 && text[at-3] == '%' ||
		at >= 6 && text[at-6] == '\\' && text[at-5] == 'u'
}

// random says whether a text looks as if nobody had made it up: prose after a
// name such as "token" does not.
func random(text string) bool {
	var digits, lower, upper, other int
	for _, c := range []byte(text) {
		switch {
		case isDigit(c):
			digits++
		case isLower(c):
			lower++
		case isUpper(c):
			upper++
		default:
			other++
		}
	}
	switch {
	case digits == 0:
		return len(text) >= 32 && lower > 0 && upper > 0 && other == 0
	case lower+upper == 0:
		return digits >= 16
	}
	return len(text) >= 8
}

func hasAlnum(text string) bool {
	for _, c := range []byte(text) {
		if isAlnum(c) || c >= 0x80 {
			return true
		}
	}
	return false
}

func cutSuffixFold(text, suffix string) (string, bool) {
	at := len(text) - len(suffix)
	if at < 0 || !strings.EqualFold(text[at:], suffix) {
		return text, false
	}
	return text[:at], true
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
