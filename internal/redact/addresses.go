package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func addressSigns() []sign { return []sign{{literal: "%40", secret: escapedAddress}} }

// escapedAddress finds an e-mail address in a query. Unlike an @, the escape can
// be read as a part of another address, so that the lengths of RFC 5321 bound the work.
func escapedAddress(text string, at, end int) (Range, bool) {
	const longestLocal, longestDomain = 64, 255
	from := max(at-longestLocal, 0)
	r, domain := addressAround(text[from:min(len(text), end+longestDomain)], at-from, end-from)
	return Range{Start: from + r.Start, End: from + r.End}, from+r.Start < at && isDomain(domain)
}

// address finds the e-mail address whose @ stands at a place.
func address(text string, at int) (Range, bool) {
	r, domain := addressAround(text, at, at+1)
	return r, r.Start < at && isDomain(domain) && !isOther(text, r.Start, at, domain)
}

// addressAround gives what may be an address of any language around text[at:from].
func addressAround(text string, at, from int) (r Range, domain string) {
	start := at
	for {
		start = runBack(text, start, start, localText)
		letter, size := utf8.DecodeLastRuneInString(text[:start])
		if size < 2 || !isLetter(letter) {
			break
		}
		start -= size
	}
	end := from
	for {
		end = run(text, end, domainText)
		letter, size := utf8.DecodeRuneInString(text[end:])
		if size < 2 || !isLetter(letter) {
			break
		}
		end += size
	}
	domain, _, _ = strings.Cut(text[from:end], "..")
	domain = strings.TrimRight(domain, ".-")
	return Range{Start: start, End: from + len(domain)}, domain
}

var (
	localText  = union(dotted, classOf(nil, "%+"))
	domainText = union(alnum, classOf(nil, ".-"))
)

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

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
