package stacktrace

import "strings"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80 }

// isName says whether a byte can stand in an identifier. Those of other
// alphabets, which all these languages allow, count as letters.
func isName(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '$' }

// digits gives how many decimal digits a text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// isNumber says whether a text is decimal digits alone.
func isNumber(text string) bool { return text != "" && digits(text) == len(text) }

// indent gives how many blanks a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// hasAny says whether a text contains one of the parts.
func hasAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// hasAnyPrefix says whether a text begins with one of the prefixes.
func hasAnyPrefix(text string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// typeLength gives the length of the qualified type name that a text begins
// with, its parts joined by the separators that the language has, or 0. The
// last part begins with a capital or contains one: an ordinary word of a
// sentence or a log level is no type.
func typeLength(text, separators string) int {
	end, part := 0, 0
	for end < len(text) {
		c := text[end]
		switch {
		case isName(c):
			end++
			continue
		case strings.IndexByte(separators, c) >= 0 && end > part && end+1 < len(text):
			end++
			for end < len(text) && text[end] == c && c == ':' {
				end++
			}
			part = end
			continue
		}
		break
	}
	for end > 0 && strings.IndexByte(separators, text[end-1]) >= 0 {
		// What follows the name, as the colon of "Type: message".
		end--
		part = strings.LastIndexAny(text[:end], separators) + 1
	}
	if end == part || isDigit(text[0]) || !hasCapital(text[part:end]) {
		return 0
	}
	return end
}

func hasCapital(name string) bool {
	for i := range len(name) {
		if 'A' <= name[i] && name[i] <= 'Z' || name[i] >= 0x80 {
			return true
		}
	}
	return false
}

// splitHeader reads "Type: message", or a type alone, at the begin of a line.
func splitHeader(line, separators string) (typ, message string, ok bool) {
	n := typeLength(line, separators)
	if n == 0 {
		return "", "", false
	}
	switch rest := line[n:]; {
	case strings.TrimSpace(rest) == "":
		return line[:n], "", true
	case strings.HasPrefix(rest, ":"):
		return line[:n], strings.TrimSpace(rest[1:]), true
	}
	return "", "", false
}

// faultSuffixes end the names of most exception types, so that one can be told
// from other words in the middle of a line.
var faultSuffixes = []string{"Exception", "Error", "Throwable", "Failure", "Fault", "Interrupt", "Exit"}

// findHeader reads the last "SomethingError: message" in a line, where a logger
// wrote its own words before it.
func findHeader(line, separators string) (typ, message string, ok bool) {
	for at := len(line); at > 0; {
		at = strings.LastIndexAny(line[:at], " [(\"'>=:") // A word may begin behind these.
		if at < 0 {
			return "", "", false
		}
		n := typeLength(line[at+1:], separators)
		if n == 0 || !isFault(line[at+1:at+1+n]) {
			continue
		}
		if typ, message, ok = splitHeader(line[at+1:], separators); ok {
			return typ, message, true
		}
	}
	return "", "", false
}

func isFault(name string) bool {
	for _, suffix := range faultSuffixes {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// headerAbove finds the line that names the exception among those before its
// first frame: the last that begins with what is clearly a type, else the last
// that begins with what may be one, else the last that has one in it.
// The message goes on up to the frame. It gives the index of the line, or -1.
func headerAbove(lines []string, separators string) (e exception, at int) {
	telling := func(line, separators string) (typ, message string, ok bool) {
		typ, message, ok = splitHeader(line, separators)
		return typ, message, ok && (isFault(typ) || strings.ContainsAny(typ, separators))
	}
	for _, read := range []func(line, separators string) (typ, message string, ok bool){telling, splitHeader, findHeader} {
		for i := len(lines) - 1; i >= 0 && i >= len(lines)-maxMessageLines; i-- {
			if typ, message, ok := read(strings.TrimSpace(lines[i]), separators); ok {
				return exception{typ: typ, message: joinMessage(message, lines[i+1:])}, i
			}
		}
	}
	return exception{}, -1
}

// maxMessageLines bounds how far above its first frame the name of an exception
// is looked for; messages that quote a document or a query are this long at most.
const maxMessageLines = 64

func joinMessage(first string, more []string) string {
	return strings.TrimRight(first+"\n"+strings.Join(more, "\n"), " \t\n")
}
