package redact

import "strings"

// class is a set of bytes.
type class [256]bool

// classOf makes a class of spans such as "az" and of single characters.
func classOf(spans []string, single string) *class {
	var c class
	for _, span := range spans {
		for b := span[0]; b <= span[1]; b++ {
			c[b] = true
		}
	}
	for _, b := range []byte(single) {
		c[b] = true
	}
	return &c
}

var (
	decimals    = classOf([]string{"09"}, "")
	hex         = classOf([]string{"09", "af"}, "")
	hexDashed   = classOf([]string{"09", "af"}, "-")
	upperAlnum  = classOf([]string{"09", "AZ"}, "")
	upperDash   = classOf([]string{"09", "AZ"}, "-")
	alnum       = classOf([]string{"09", "AZ", "az"}, "")
	word        = classOf([]string{"09", "AZ", "az"}, "_-")
	dotted      = classOf([]string{"09", "AZ", "az"}, "_-.")
	dottedTilde = classOf([]string{"09", "AZ", "az"}, "_-.~")
	base64Text  = classOf([]string{"09", "AZ", "az"}, "_-+/=")
	tokenText   = classOf([]string{"09", "AZ", "az"}, "_-+/=.~")
	pathText    = classOf([]string{"09", "AZ", "az"}, "_-+/=@")
	blanks      = classOf(nil, " \t")
	// Controls end a word as well as a space does.
	gaps   = classOf([]string{"\x00\x20"}, "\x7f")
	quotes = classOf(nil, "\"'`")
)

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// run gives where a run of a class that begins at a place ends.
func run(text string, at int, of *class) int {
	for at < len(text) && of[text[at]] {
		at++
	}
	return at
}

// runBack gives where a run of a class that ends at a place begins, at most
// limit bytes before.
func runBack(text string, at, limit int, of *class) int {
	for lowest := max(at-limit, 0); at > lowest && of[text[at-1]]; {
		at--
	}
	return at
}

// union is a class with all of the bytes of others.
func union(others ...*class) *class {
	var c class
	for _, other := range others {
		for b := range c {
			c[b] = c[b] || other[b]
		}
	}
	return &c
}

// without is a class with all of the bytes that others lack.
func without(others ...*class) *class {
	var c class
	for b := range c {
		c[b] = true
		for _, other := range others {
			c[b] = c[b] && !other[b]
		}
	}
	return &c
}

// begins says whether a word can begin at a place: no letter or digit stands
// before it, unless as a part of an escape such as \n, %20 or \u003d.
func begins(text string, at int) bool {
	if at == 0 || !alnum[text[at-1]] && text[at-1] != '_' {
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
		if alnum[c] || c >= 0x80 {
			return true
		}
	}
	return false
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
