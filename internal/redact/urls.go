package redact

import "strings"

// appendURLPasswords adds the passwords in front of the hosts of URLs, and
// tokens that stand there alone.
func appendURLPasswords(found []Range, text string) []Range {
	word := urlWord{}
	for at := 0; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			return found
		}
		at += i + len("://")
		if at >= word.end {
			word = newURLWord(text, at)
		}
		if r, ok := word.password(text, at); ok && !r.hasMask(text) {
			found = append(found, r)
			at = r.End
		}
	}
}

// urlWord is text without a character that ends a URL, or several URLs in it.
type urlWord struct {
	end int
	// lastAt is where its last @ stands, -1 if there is none.
	lastAt int
}

func newURLWord(text string, start int) urlWord {
	end := start
	for end < len(text) && !endsURL(text, end) {
		end++
	}
	lastAt := strings.LastIndexByte(text[start:end], '@')
	if lastAt >= 0 {
		lastAt += start
	}
	return urlWord{end: end, lastAt: lastAt}
}

// endsURL takes an apostrophe for one in a password where a letter or digit follows.
func endsURL(text string, at int) bool {
	switch c := text[at]; c {
	case '"', '<', '>', '`':
		return true
	case '\'':
		return at+1 == len(text) || !alnum[text[at+1]]
	case '[':
		return strings.HasPrefix(text[at:], Mask)
	default:
		return gaps[c]
	}
}

// password finds the secret of the URL whose authority begins at a place. A
// password may have any character in it, for not every one is escaped as it should be.
func (w urlWord) password(text string, start int) (Range, bool) {
	authority := start
	for authority < w.end && strings.IndexByte("/?#", text[authority]) < 0 {
		authority++
	}
	if i := strings.LastIndexByte(text[start:authority], '@'); i >= 0 {
		return userinfo(text, start, start+i)
	}
	colon := strings.IndexByte(text[start:authority], ':')
	if colon < 0 || start+colon+1 == authority || text[start] == '[' {
		return Range{}, false
	}
	colon += start
	port := run(text, colon+1, decimals)
	if port > colon+1 && (port == w.end || !alnum[text[port]]) || port == w.end || strings.IndexByte("${%<:", text[port]) >= 0 {
		return Range{}, false
	}
	switch {
	case w.lastAt > authority:
		return Range{Start: colon + 1, End: w.lastAt}, true
	case w.end == len(text):
		// The text breaks off before the host.
		return Range{Start: colon + 1, End: w.end}, true
	}
	return Range{}, false
}

// userinfo finds the secret of what stands before the @ of an authority.
func userinfo(text string, start, at int) (Range, bool) {
	r := Range{Start: start, End: at}
	user, _, hasPassword := strings.Cut(text[start:at], ":")
	switch {
	case !hasPassword:
		const shortestToken = 20
		return r, len(user) >= shortestToken && random(user) || strings.Contains(user, "@")
	case !strings.Contains(user, "@"): // An e-mail address as a user is private too.
		r.Start += len(user) + 1
	}
	return r, r.Start < r.End
}

// appendAtSigns adds e-mail addresses, and passwords before the host of what is
// like a URL without a scheme.
func appendAtSigns(found []Range, text string) []Range {
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], '@')
		if i < 0 {
			return found
		}
		at += i
		if r, ok := hostPassword(text, at); ok && !r.hasMask(text) {
			found = append(found, r)
		} else if r, ok := address(text, at); ok {
			found = append(found, r)
		}
	}
}

// wordText is what may stand in a connection string without a scheme.
var wordText = without(gaps, quotes, classOf(nil, "<>[]"))

// hostPassword finds the password of user:password@host:port, user:password@host/
// and user:password@tcp(host).
func hostPassword(text string, at int) (Range, bool) {
	host := run(text, at+1, dotted)
	if host == at+1 || host == len(text) || isDigit(text[at+1]) && text[host] != ':' || strings.HasPrefix(text[at+1:host], "sha") {
		return Range{}, false
	}
	switch text[host] {
	case '/', '(':
	case ':':
		if host+1 == len(text) || !isDigit(text[host+1]) {
			return Range{}, false
		}
	default:
		return Range{}, false
	}
	const longest = 128
	start := runBack(text, at, longest, wordText)
	if strings.Contains(text[start:at], "://") {
		return Range{}, false
	}
	user, password, ok := strings.Cut(text[start:at], ":")
	if !ok || user == "" || password == "" || password[0] == ':' || !word[user[len(user)-1]] || strings.HasSuffix(user, "npm") || strings.HasSuffix(user, "mailto") {
		return Range{}, false
	}
	return Range{Start: at - len(password), End: at}, true
}
