package fingerprint

import (
	"bytes"
	"strings"
)

// word takes a run of characters without blanks, quotes and brackets, and masks
// what it is. Signs at its ends are no part of it.
func (m *masker) word() {
	start, text := m.at, m.text
	at := start
	for at < len(text) && kinds[text[at]].has(letter) {
		at++
	}
	end := at
	for end < len(text) && kinds[text[end]].has(trailing) {
		end++
	}
	if size := at - start; 0 < size && size < minRandom && (end == len(text) || !isWord(text[end])) {
		m.add(text[start:at]) // Most words are letters alone, and none of what is masked.
		m.addEach(text[at:end])
		m.at = end
		return
	}
	has := kind(0)
	for at < len(text) && kinds[text[at]].has(within) {
		has |= kinds[text[at]]
		at++
	}
	if has.has(slash) && strings.Contains(text[start:at], "://") {
		// The query of a URL has signs that no other word has.
		for at < len(text) && text[at] > ' ' && strings.IndexByte("\"'`<>)]}", text[at]) < 0 {
			at++
		}
	}
	run := text[start:at]
	first, last := 0, len(run)
	for last > 0 && kinds[run[last-1]].has(trailing) {
		last--
	}
	for first < last && kinds[run[first]].has(leading) {
		first++
	}
	m.addEach(run[:first])
	if first < last {
		m.masked(run[first:last], has)
	}
	m.addEach(run[last:])
	m.at = at
}

// addEach adds signs one by one.
func (m *masker) addEach(signs string) {
	for i := range len(signs) {
		m.add(signs[i : i+1])
	}
}

// masked adds what stands for a word, of which it is given what kinds of bytes it has at most.
// The order is from the most telling form to the least.
func (m *masker) masked(word string, has kind) {
	switch {
	case has.has(slash) && isPath(word):
		m.add(maskPath)
	case has.has(digit) && isTime(word):
		m.add(maskTime)
	case has.has(joint) && isAddress(word):
		m.add(maskAddress)
	case isUUID(word):
		m.add(maskID)
	default:
		m.parts(word)
	}
}

// isPath recognises URLs and paths of files: absolute, relative to a directory
// that is named, or on a Windows drive.
func isPath(word string) bool {
	if strings.Contains(word, "://") {
		return true
	}
	if len(word) > 2 && isLetter(word[0]) && word[1] == ':' && (word[2] == '\\' || word[2] == '/') {
		return true
	}
	for _, begin := range []string{"/", "./", "../", "~/", `\\`} {
		if strings.HasPrefix(word, begin) {
			return len(word) > len(begin)
		}
	}
	slash := strings.LastIndexAny(word, `/\`)
	// "models/order.rb" is a path, "read/write" and "HTTP/1.1" are not.
	return slash > 0 && strings.IndexByte(word[slash:], '.') > 1 && !isDigit(word[len(word)-1])
}

// isTime recognises dates, times of day and both together, in digits.
func isTime(word string) bool {
	separators, count := 0, 0
	for i := range len(word) {
		switch c := word[i]; {
		case isDigit(c):
			count++
		case c == ':' || c == '-' || c == '/' || c == '.' || c == '+':
			separators++
		case c != 'T' && c != 'Z':
			return false
		}
	}
	if !isDigit(word[0]) || count < 5 || separators < 2 {
		return false
	}
	// An IPv4 address has the same signs.
	return strings.IndexByte(word, ':') >= 0 && strings.Count(word, ".") < 3 || strings.IndexByte(word, '-') >= 0 || strings.IndexByte(word, '/') >= 0
}

// isAddress recognises IP addresses, e-mail addresses, and hosts that show
// themselves as such: by a port, or by a top-level domain.
func isAddress(word string) bool {
	host, port := word, ""
	if colon := strings.LastIndexByte(word, ':'); colon > 0 {
		host, port = word[:colon], word[colon+1:]
	}
	switch {
	case strings.IndexByte(word, '@') > 0:
		return strings.IndexByte(word[strings.IndexByte(word, '@'):], '.') > 0
	case isIPv4(host), isIPv6(word):
		return true
	case port != "" && isNumber(port):
		return len(port) >= 2 && !isSource(host)
	}
	return strings.Count(host, ".") > 0 && isDomain(host)
}

// isSource says whether the name before a colon and a number is a file of
// source code, and the number a line.
func isSource(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return strings.IndexByte(name, '-') < 0 && name != "localhost"
	}
	switch strings.ToLower(name[dot+1:]) {
	case "go", "py", "java", "kt", "js", "ts", "mjs", "cjs", "jsx", "tsx", "rb", "php", "rs", "cs", "fs", "c", "cc", "cpp", "h", "hpp", "swift", "scala", "ex", "exs", "erl", "sql", "lua":
		return true
	}
	return false
}

func isIPv4(text string) bool {
	if strings.Count(text, ".") != 3 {
		return false
	}
	for part := range strings.SplitSeq(text, ".") {
		if !isNumber(part) || len(part) > 3 {
			return false
		}
	}
	return true
}

func isIPv6(text string) bool {
	if strings.Count(text, ":") < 2 {
		return false
	}
	for part := range strings.SplitSeq(text, ":") {
		if len(part) > 4 || !isHex(part) {
			return false
		}
	}
	return true
}

// domains end the names of hosts and seldom those of code.
var domains = map[string]bool{
	"com": true, "net": true, "org": true, "io": true, "dev": true, "cloud": true, "local": true, "internal": true, "svc": true, "lan": true, "localdomain": true,
	"de": true, "eu": true, "co": true, "ai": true, "us": true, "uk": true, "fr": true, "jp": true, "cn": true, "ru": true, "arpa": true, "example": true, "test": true,
}

func isDomain(host string) bool {
	return domains[host[strings.LastIndexByte(host, '.')+1:]]
}

func isUUID(word string) bool {
	return len(word) == 36 && word[8] == '-' && word[13] == '-' && word[18] == '-' && word[23] == '-' && isHex(strings.ReplaceAll(word, "-", ""))
}

func isNumber(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}

func isHex(text string) bool {
	for i := range len(text) {
		if c := text[i] | 0x20; !isDigit(text[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// parts adds a name with its parts masked: numbers, and those that are random.
func (m *masker) parts(word string) {
	// Random ids have digits too.
	if !hasDigit(word) {
		m.add(word)
		return
	}
	for at := 0; at < len(word); {
		end := at
		for end < len(word) && kinds[word[end]].has(letter|digit) {
			end++
		}
		if end == at {
			m.tokens.masked = append(m.tokens.masked, word[at])
			at++
			continue
		}
		m.part(word[at:end])
		at = end
	}
	m.end()
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if isDigit(text[i]) {
			return true
		}
	}
	return false
}

// part appends a run of letters and digits, masked.
func (m *masker) part(part string) {
	count := 0
	for i := range len(part) {
		if isDigit(part[i]) {
			count++
		}
	}
	switch {
	case count == len(part):
		m.number()
		return
	case count == 0 && len(part) < minRandom:
		m.tokens.masked = append(m.tokens.masked, part...)
		return
	case strings.HasPrefix(part, "0x") && isHex(part[2:]), count > 0 && len(part) >= minHex && isHex(part), isRandom(part, count):
		m.tokens.masked = append(m.tokens.masked, maskID...)
		return
	}
	for i := 0; i < len(part); {
		if !isDigit(part[i]) {
			m.tokens.masked = append(m.tokens.masked, part[i])
			i++
			continue
		}
		m.number()
		for i < len(part) && isDigit(part[i]) {
			i++
		}
	}
}

// number appends the mask of a number. Numbers that points join are one: "1.5", and "1.2.3-rc4".
func (m *masker) number() {
	word := m.tokens.masked[m.tokens.begin(m.tokens.count()):]
	if bytes.HasSuffix(word, []byte(maskNumber+".")) {
		m.tokens.masked = m.tokens.masked[:len(m.tokens.masked)-1]
		return
	}
	m.tokens.masked = append(m.tokens.masked, maskNumber...)
}

const (
	// minHex is the shortest hexadecimal id, that of an abbreviated commit.
	minHex = 7
	// minMixed is the length of the random ends of names of pods.
	minMixed = 5
	// minRandom is a length that words do not have.
	minRandom = 32
)

// isRandom tells a random id from a word with a number in it: in an id digits
// and letters take turns.
func isRandom(part string, count int) bool {
	if len(part) >= minRandom {
		return count > 0
	}
	if len(part) < minMixed || count == 0 {
		return false
	}
	turns := 0
	for i := 1; i < len(part); i++ {
		if isDigit(part[i]) != isDigit(part[i-1]) {
			turns++
		}
	}
	return turns >= 3
}
