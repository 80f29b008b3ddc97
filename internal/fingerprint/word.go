package fingerprint

import "strings"

// trailing are signs that at the end of a word are no part of it.
const trailing = ".:-,+&#@%"

// word takes a run of characters without blanks, quotes and brackets, and masks
// what it is. Signs at its ends are no part of it.
func (m *masker) word() {
	start := m.at
	for m.at < len(m.text) && isLetter(m.text[m.at]) {
		m.at++
	}
	end := m.at
	for end < len(m.text) && strings.IndexByte(trailing, m.text[end]) >= 0 {
		end++
	}
	if size := m.at - start; 0 < size && size < minRandom && (end == len(m.text) || !isWord(m.text[end])) {
		m.add(m.text[start:m.at]) // Most words are letters alone, and none of what is masked.
		m.addEach(m.text[m.at:end])
		m.at = end
		return
	}
	for m.at < len(m.text) && isWord(m.text[m.at]) {
		m.at++
	}
	if strings.Contains(m.text[start:m.at], "://") {
		// The query of a URL has signs that no other word has.
		for m.at < len(m.text) && m.text[m.at] > ' ' && strings.IndexByte("\"'`<>)]}", m.text[m.at]) < 0 {
			m.at++
		}
	}
	run := m.text[start:m.at]
	core := strings.TrimRight(run, trailing)
	lead := len(core) - len(strings.TrimLeft(core, ":-+&#%@"))
	m.addEach(core[:lead])
	if core = core[lead:]; core != "" {
		m.add(maskWord(core))
	}
	m.addEach(run[lead+len(core):])
}

// addEach adds signs one by one.
func (m *masker) addEach(signs string) {
	for i := range len(signs) {
		m.add(signs[i : i+1])
	}
}

// maskWord masks a word. The order is from the most telling form to the least.
func maskWord(word string) string {
	switch {
	case isPath(word):
		return maskPath
	case isTime(word):
		return maskTime
	case isAddress(word):
		return maskAddress
	case isUUID(word):
		return maskID
	}
	return maskParts(word)
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

// maskParts masks the parts of a name: numbers, and those that are random.
func maskParts(word string) string {
	// Random ids have digits too.
	if !hasDigit(word) {
		return word
	}
	var b strings.Builder
	b.Grow(len(word))
	for at := 0; at < len(word); {
		end := at
		for end < len(word) && isAlphanumeric(word[end]) && word[end] != '_' {
			end++
		}
		if end == at {
			b.WriteByte(word[at])
			at++
			continue
		}
		b.WriteString(maskPart(word[at:end]))
		at = end
	}
	// "1.5" and "1.2.3-rc4" are one number each.
	return foldNumbers(b.String())
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if isDigit(text[i]) {
			return true
		}
	}
	return false
}

// maskPart masks a run of letters and digits.
func maskPart(part string) string {
	count := 0
	for i := range len(part) {
		if isDigit(part[i]) {
			count++
		}
	}
	switch {
	case count == 0 && len(part) < minRandom:
		return part
	case isNumber(part):
		return maskNumber
	case strings.HasPrefix(part, "0x") && isHex(part[2:]):
		return maskID
	case count > 0 && len(part) >= minHex && isHex(part), isRandom(part, count):
		return maskID
	}
	var b strings.Builder
	for i := 0; i < len(part); {
		if !isDigit(part[i]) {
			b.WriteByte(part[i])
			i++
			continue
		}
		b.WriteString(maskNumber)
		for i < len(part) && isDigit(part[i]) {
			i++
		}
	}
	return b.String()
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

// foldNumbers makes one mask of numbers that points or commas join.
func foldNumbers(masked string) string {
	for _, joined := range []string{maskNumber + "." + maskNumber, maskNumber + "," + maskNumber} {
		for strings.Contains(masked, joined) {
			masked = strings.ReplaceAll(masked, joined, maskNumber)
		}
	}
	return masked
}
