package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func addressSigns() []sign { return []sign{{literal: "%40", secret: escapedAddress}} }

// escapedAddress finds an e-mail address in a query.
func escapedAddress(text string, at, end int) (Range, bool) {
	r, domain := addressAround(text, at, end)
	return r, r.Start < at && isDomain(domain)
}

// address finds the e-mail address whose @ stands at a place.
func address(text string, at int) (Range, bool) {
	r, domain := addressAround(text, at, at+1)
	return r, r.Start < at && isDomain(domain) && !isOther(text, r.Start, at, domain)
}

// addressAround gives what may be an address of any language around text[at:from].
func addressAround(text string, at, from int) (r Range, domain string) {
	start := at
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !isAddressRune(r, size) && strings.IndexByte("._%+-", text[start-1]) < 0 {
			break
		}
		start -= size
	}
	end, last := from, from
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case r == '.' && end > last:
			last = end + 1
		case r == '-' && end > last, isAddressRune(r, size):
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		end += size
	}
	domain = strings.TrimRight(text[from:end], ".-")
	return Range{Start: start, End: from + len(domain)}, domain
}

func isAddressRune(r rune, size int) bool {
	return (r != utf8.RuneError || size > 1) && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// isDomain demands a top-level domain of letters, which tells a domain from the
// version of a package.
func isDomain(domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	if dot <= 0 || strings.HasPrefix(domain, "v") && len(domain) > 1 && isDigit(domain[1]) {
		return false
	}
	top := domain[dot+1:]
	if strings.HasPrefix(top, "xn--") {
		return true
	}
	for _, r := range top {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return false
		}
	}
	major, _, _ := strings.Cut(domain, ".")
	return len(top) >= 2 && !slices.Contains(notTop, top) && (run(major, 0, decimals) < len(major) || strings.Count(domain, ".") == 1)
}

// notTop ends names that have an @ and are no addresses: units of systemd, files.
var notTop = []string{
	"service", "socket", "timer", "target", "mount", "device", "slice", "scope", "path", "swap",
	"png", "jpg", "svg", "jar", "js", "ts", "json", "yaml", "yml", "log", "conf", "tgz",
}

// isOther tells an address from what else has an @ before a domain: the user of
// a git remote, the node of a message broker, a realm, an account of a service,
// the user of a URL.
func isOther(text string, start, at int, domain string) bool {
	switch local := text[start:at]; local {
	case "git", "rabbit", "ejabberd", domain:
		return true
	}
	if strings.HasSuffix(domain, ".cluster.local") || strings.HasSuffix(domain, ".gserviceaccount.com") {
		return true
	}
	const longest = 256
	start = runBack(text, start, longest, authorityText)
	return start >= len("://") && text[start-len("://"):start] == "://"
}

// authorityText is what may stand in a URL before its path.
var authorityText = without(gaps, quotes, classOf(nil, "/?#<>("))
