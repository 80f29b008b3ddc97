package detect

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// looksLikeJSON says whether a text begins as a JSON object does. A log line
// that begins with a bracketed level or thread name does not.
func looksLikeJSON(text string) bool {
	brace := skipSpace(text, 0)
	if brace == len(text) || text[brace] != '{' {
		return false
	}
	quote := skipSpace(text, brace+1)
	return quote < len(text) && text[quote] == '"'
}

// skipSpace gives the position of the first character at or behind one that is no
// white space, as far as a text is read.
func skipSpace(text string, at int) int {
	for at < min(len(text), TextLimit) {
		switch text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		default:
			return at
		}
	}
	return len(text)
}

// readJSON takes the values of the body keys out of a JSON object. Where there
// are none, the text is taken as it is. Where the object breaks off, what was
// found is taken, and the rest as it is.
//
// It reads no more than the text limit, so of a longer object only the first
// half of the limit is read as JSON, and its end as plain text.
func (r *reader) readJSON(in *input, body string) {
	head := body
	if len(body) > TextLimit {
		head = body[:TextLimit/2]
	}
	before := len(in.pieces)
	s := jsonScanner{text: head}
	s.space()
	s.object(in, r.bodyKeys)
	if len(in.pieces) == before {
		in.add(sourceBody, body)
		return
	}
	switch {
	case len(body) > TextLimit:
		in.add(sourceBody, body[len(body)-TextLimit/2:])
	case s.at < len(body):
		in.add(sourceBody, body[s.at:])
	}
}

// jsonScanner walks over JSON without building values. It stops where the text
// is no JSON.
type jsonScanner struct {
	text string
	at   int
}

// object takes the values of the wanted keys and reports whether there were
// any. After it, at is behind the object, or where it broke off.
func (s *jsonScanner) object(in *input, wanted map[string]bodyKey) (found bool) {
	if !s.next('{') {
		return false
	}
	for s.space(); s.at < len(s.text); s.space() {
		if s.next('}') {
			return found
		}
		s.next(',')
		s.space()
		key, ok := s.quoted()
		if !ok {
			return found
		}
		s.space()
		if !s.next(':') {
			return found
		}
		s.space()
		if own, isWanted := wanted[key]; isWanted {
			found = s.value(in, own) || found
		} else {
			s.skip()
		}
	}
	return found
}

// value takes the value of a wanted key.
func (s *jsonScanner) value(in *input, key bodyKey) bool {
	start := s.at
	switch {
	case s.at >= len(s.text):
		return false
	case s.text[s.at] == '"':
		raw, _ := s.quoted()
		in.addUnescaped(key.source, raw)
		return raw != ""
	case s.text[s.at] == '{' && key.inner != nil:
		if s.object(in, key.inner) {
			return true
		}
	case s.text[s.at] == '{', s.text[s.at] == '[':
		s.skip()
	default:
		s.skip()
		return false
	}
	in.add(key.source, s.text[start:s.at])
	return true
}

// space moves over white space.
func (s *jsonScanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// next moves over a character if it is the wanted one.
func (s *jsonScanner) next(wanted byte) bool {
	if s.at < len(s.text) && s.text[s.at] == wanted {
		s.at++
		return true
	}
	return false
}

// quoted gives a string as it is written, without its quotes. One that breaks
// off with the text is given up to there, and reported as not whole.
func (s *jsonScanner) quoted() (raw string, whole bool) {
	if !s.next('"') {
		return "", false
	}
	start := s.at
	for s.at < len(s.text) {
		step := strings.IndexAny(s.text[s.at:], `"\`)
		if step < 0 {
			break
		}
		s.at += step
		if s.text[s.at] == '"' {
			s.at++
			return s.text[start : s.at-1], true
		}
		s.at = min(s.at+2, len(s.text))
	}
	s.at = len(s.text)
	return s.text[start:], false
}

// skip moves over a value of any depth.
func (s *jsonScanner) skip() {
	for depth := 0; s.at < len(s.text); {
		switch s.text[s.at] {
		case '"':
			s.quoted()
			if depth == 0 {
				return
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return
			}
			if depth--; depth == 0 {
				s.at++
				return
			}
		case ',':
			if depth == 0 {
				return
			}
		}
		s.at++
	}
}

// addUnescaped puts a JSON string's value. One without escapes is not copied.
func (in *input) addUnescaped(source, raw string) {
	if strings.IndexByte(raw, '\\') < 0 {
		in.add(source, raw)
		return
	}
	if in.rendered == nil {
		in.rendered = make([]byte, 0, TextLimit)
	}
	start := len(in.rendered)
	in.rendered = appendUnescaped(in.rendered, raw)
	in.addOwn(source, in.rendered[start:])
}

// appendUnescaped appends what fits of a JSON string's value. An escape that is
// none stays as it is written.
func appendUnescaped(buffer []byte, raw string) []byte {
	for raw != "" {
		at := strings.IndexByte(raw, '\\')
		if at < 0 {
			return appendBounded(buffer, raw)
		}
		buffer = appendBounded(buffer, raw[:at])
		value, size := unescape(raw[at:])
		var encoded [utf8.UTFMax]byte
		buffer = appendBounded(buffer, string(utf8.AppendRune(encoded[:0], value)))
		raw = raw[at+size:]
	}
	return buffer
}

// unescape reads the escape that a text begins with.
func unescape(text string) (value rune, size int) {
	if len(text) < 2 {
		return '\\', 1
	}
	switch text[1] {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case '"', '\\', '/':
		return rune(text[1]), 2
	case 'u':
		first, ok := unit(text)
		if !ok {
			return '\\', 1
		}
		if second, ok := unit(text[6:]); ok && utf16.IsSurrogate(first) {
			if both := utf16.DecodeRune(first, second); both != utf8.RuneError {
				return both, 12
			}
		}
		return first, 6
	default:
		return '\\', 1
	}
}

// unit reads an escape like \u00e9.
func unit(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	value, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(value), err == nil
}
