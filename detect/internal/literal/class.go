package literal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// maxClass bounds how many characters a class is expanded to.
const maxClass = 8

// whiteSpace is what \s stands for.
var whiteSpace = []string{"\t", "\n", "\f", "\r", " "}

// class gives the members of a class after folding, if they are few.
func (p *parser) class() part {
	p.rest = p.rest[1:]
	m := members{unknown: p.take("^")}
	for first := true; first || !strings.HasPrefix(p.rest, "]"); first = false {
		if p.rest == "" {
			return p.fail()
		}
		if !p.classSet(&m) && !p.classRange(&m) {
			return p.fail()
		}
	}
	p.rest = p.rest[1:]
	if m.unknown {
		return part{}
	}
	return part{exact: m.list}
}

// classSet reads what stands for several characters within a class.
func (p *parser) classSet(m *members) bool {
	if named, isNamed := strings.CutPrefix(p.rest, "[:"); isNamed {
		if _, rest, closed := strings.Cut(named, ":]"); closed {
			p.rest, m.unknown = rest, true
			return true
		}
	}
	if len(p.rest) < 2 || p.rest[0] != '\\' {
		return false
	}
	switch p.rest[1] {
	case 's':
		for _, s := range whiteSpace {
			m.add(rune(s[0]))
		}
	case 'd', 'D', 'w', 'W', 'S':
		m.unknown = true
	case 'p', 'P':
		p.rest, m.unknown = unicodeSet(p.rest), true
		return true
	default:
		return false
	}
	p.rest = p.rest[2:]
	return true
}

// classRange reads one character or a range of them.
func (p *parser) classRange(m *members) bool {
	low, rest := classCharacter(p.rest)
	if low == notOne {
		return false
	}
	high := low
	if len(rest) >= 2 && rest[0] == '-' && rest[1] != ']' {
		if high, rest = classCharacter(rest[1:]); high == notOne {
			return false
		}
	}
	p.rest = rest
	for r := low; r <= high && !m.unknown; r++ {
		m.add(r)
	}
	return true
}

// unicodeSet skips \pN or \p{Greek}.
func unicodeSet(s string) string {
	rest := s[2:]
	if strings.HasPrefix(rest, "{") {
		_, rest, _ = strings.Cut(rest, "}")
		return rest
	}
	_, size := utf8.DecodeRuneInString(rest)
	return rest[size:]
}

// members collects the characters of a class until they are too many.
type members struct {
	list    []string
	unknown bool
}

func (m *members) add(r rune) {
	s := string(fold.Rune(r))
	switch {
	case m.unknown, slices.Contains(m.list, s):
	case r == utf8.RuneError, len(m.list) == maxClass:
		m.unknown = true
	default:
		m.list = append(m.list, s)
	}
}
