package fingerprint

import (
	"bytes"
	"strings"
	"sync"
)

// What stands in place of what differs between two occurrences of a failure.
const (
	maskNumber  = "<n>"
	maskText    = "<q>"
	maskPath    = "<path>"
	maskAddress = "<addr>"
	maskID      = "<id>"
	maskTime    = "<time>"
	maskObject  = "<obj>"
)

// maxMessage bounds the message that identifies a failure, in bytes. What
// follows are details.
const maxMessage = 1 << 10

// Mask gives a message with a mask in place of numbers, hexadecimal and random
// ids, addresses, quoted text, objects, paths and times, without the prefix that a
// logger wrote before it. White space is folded.
func Mask(text string) string {
	m := maskers.Get().(*masker)
	defer m.giveBack()
	return string(m.mask(text))
}

// maskers are kept, since a failure is masked at each record that tells of it.
var maskers = sync.Pool{New: func() any { return new(masker) }}

// masker splits a text into tokens, each masked.
type masker struct {
	text   string
	at     int
	tokens tokens
}

func (m *masker) giveBack() {
	m.text = ""
	maskers.Put(m)
}

// mask gives the masked message, which is valid until the masker is given back.
func (m *masker) mask(text string) []byte {
	m.text, m.at = text[:min(len(text), maxMessage)], 0
	m.tokens.masked, m.tokens.ends = m.tokens.masked[:0], m.tokens.ends[:0]
	for m.at < len(m.text) {
		m.next()
	}
	all := m.tokens.masked
	if message := bytes.TrimSpace(all[m.tokens.begin(m.tokens.skipPrefix()):]); len(message) > 0 {
		return message
	}
	return bytes.TrimSpace(all) // Where nothing would remain, all is kept.
}

// next takes a token: white space, something enclosed, a word, or a sign.
func (m *masker) next() {
	switch c := m.text[m.at]; {
	case c <= ' ':
		for m.at < len(m.text) && m.text[m.at] <= ' ' {
			m.at++
		}
		if m.tokens.count() > 0 {
			m.add(" ")
		}
	case isQuote(c) && !m.insideWord():
		m.enclosed(closing(m.text, m.at), maskText, 1)
	case c >= 0x80 && openingMark(m.text[m.at:]) > 0:
		m.enclosed(closingMark(m.text, m.at), maskText, openingMark(m.text[m.at:]))
	case c == '{':
		m.enclosed(closingBrace(m.text, m.at), maskObject, 1)
	case isWord(c):
		m.word()
	default:
		m.add(m.text[m.at : m.at+1])
		m.at++
	}
}

func (m *masker) add(token string) {
	m.tokens.masked = append(m.tokens.masked, token...)
	m.end()
}

// end makes a token of what was appended behind the last one.
func (m *masker) end() { m.tokens.ends = append(m.tokens.ends, int32(len(m.tokens.masked))) }

// enclosed masks up to the end of what was opened, or takes the opening sign
// alone, of a length, where nothing closes it.
func (m *masker) enclosed(end int, mask string, opening int) {
	if end < 0 {
		m.add(m.text[m.at : m.at+opening])
		m.at += opening
		return
	}
	m.add(mask)
	m.at = end
}

// insideWord says whether the sign at hand is the apostrophe of a word.
func (m *masker) insideWord() bool {
	return m.text[m.at] == '\'' && m.at > 0 && isAlphanumeric(m.text[m.at-1])
}

func isQuote(c byte) bool { return c == '\'' || c == '"' || c == '`' }

// closing gives the end of the quotation that begins at a place, or -1. An
// apostrophe inside a word does not close it.
func closing(text string, at int) int {
	quote := text[at]
	end := quote
	for i := at + 1; i < len(text) && text[i] != '\n'; i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == end || quote == '`' && text[i] == '\'':
			if quote == '\'' && i+1 < len(text) && isAlphanumeric(text[i+1]) {
				continue
			}
			return i + 1
		}
	}
	return -1
}

// marks are the typographic signs of quotation, opening and closing.
var marks = [][2]string{{"“", "”"}, {"„", "“"}, {"«", "»"}, {"»", "«"}, {"「", "」"}, {"‘", "’"}}

// openingMark gives the length of the mark that a text begins with, or 0.
func openingMark(text string) int {
	for _, mark := range marks {
		if strings.HasPrefix(text, mark[0]) {
			return len(mark[0])
		}
	}
	return 0
}

// closingMark gives the end of a quotation in typographic marks, or -1.
func closingMark(text string, at int) int {
	for _, mark := range marks {
		rest, found := strings.CutPrefix(text[at:], mark[0])
		if !found {
			continue
		}
		if i := strings.Index(rest, mark[1]); i > 0 {
			return at + len(mark[0]) + i + len(mark[1])
		}
	}
	return -1
}

// closingBrace gives the end of the object that begins at a place, or -1.
// Braces in its quoted texts do not count.
func closingBrace(text string, at int) int {
	depth, unclosed := 0, byte(0)
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case isQuote(c) && c != unclosed && !isAlphanumeric(text[i-1]):
			if end := closing(text, i); end > 0 {
				i = end - 1
			} else {
				unclosed = c // Looking again would take time with the square of the length.
			}
		}
	}
	return -1
}
