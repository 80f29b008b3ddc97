package literal

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

// parser reads an expression and draws from it what its parts match. Flags make
// no difference: case is ignored everywhere, and nothing is known of what a dot
// or an anchor matches.
type parser struct {
	rest string
	// failed says that something was met that it does not know.
	failed bool
	buffer [maxExactLength]byte
}

// read gives what is known of a whole expression, if all of it is understood.
func read(expr string) (part, bool) {
	p := parser{rest: expr}
	whole := p.alternation()
	return whole, !p.failed && p.rest == ""
}

// take reads a text if it comes next.
func (p *parser) take(text string) bool {
	rest, found := strings.CutPrefix(p.rest, text)
	if found {
		p.rest = rest
	}
	return found
}

func (p *parser) fail() part {
	p.failed, p.rest = true, ""
	return part{}
}

func (p *parser) alternation() part {
	first := p.concatenation()
	if !p.take("|") {
		return first
	}
	a := newAlternation()
	a.add(first)
	a.add(p.concatenation())
	for p.take("|") {
		a.add(p.concatenation())
	}
	return a.whole()
}

func (p *parser) concatenation() part {
	s := newSequence()
	for p.rest != "" && p.rest[0] != '|' && p.rest[0] != ')' {
		if next := p.repetition(p.atom()); !p.failed {
			s.add(next)
		}
	}
	return s.whole()
}

// repetition reads the operators behind a part.
func (p *parser) repetition(of part) part {
	for {
		switch least, most, rest := bounds(p.rest); {
		case p.take("*"):
			of = part{}
		case p.take("+"):
			of = of.repeated()
		case p.take("?"):
			of = of.optional()
		case rest != p.rest:
			p.rest = rest
			of = of.times(least, most)
		default:
			return of
		}
		p.take("?") // As few as possible are as many as any.
	}
}

// bounds reads {n}, {n,} or {n,m}, and what else begins with a brace not at all:
// it is text.
func bounds(s string) (least, most int, rest string) {
	if s == "" || s[0] != '{' {
		return 0, 0, s
	}
	inner, rest, closed := strings.Cut(s[1:], "}")
	low, high, isRange := strings.Cut(inner, ",")
	least, ok := number(low)
	most = least
	if isRange && ok {
		if most = -1; high != "" {
			most, ok = number(high)
		}
	}
	if !closed || !ok {
		return 0, 0, s
	}
	return least, most, rest
}

// number reads digits, the first of which is a zero only if it is alone.
func number(digits string) (int, bool) {
	n, err := strconv.ParseUint(digits, 10, 16)
	return int(n), err == nil && (digits[0] != '0' || len(digits) == 1)
}

// atom reads what an operator binds to, or as much text as none binds to.
func (p *parser) atom() part {
	switch p.rest[0] {
	case '(':
		return p.group()
	case '[':
		return p.class()
	case '.':
		p.rest = p.rest[1:]
		return part{}
	case '^', '$':
		p.rest = p.rest[1:]
		return empty
	case '*', '+', '?':
		return p.fail()
	case '\\':
		if known, ok := p.escapedSet(); ok {
			return known
		}
	}
	return p.text()
}

// group reads a group, or a setting of flags, which is as nothing: an operator
// behind one binds to what is before it.
func (p *parser) group() part {
	p.rest = p.rest[1:]
	if p.take("?") {
		switch {
		case p.take("P<"), p.take("<"):
			_, p.rest, _ = strings.Cut(p.rest, ">")
		default:
			p.rest = strings.TrimLeft(p.rest, "imsU-")
			if p.take(")") && !bindsTo(p.rest) {
				return empty
			}
			if !p.take(":") {
				return p.fail()
			}
		}
	}
	inner := p.alternation()
	if !p.take(")") {
		return p.fail()
	}
	return inner
}

// escapedSet reads an escape that stands for no single character.
func (p *parser) escapedSet() (part, bool) {
	if len(p.rest) < 2 {
		return part{}, false
	}
	after := p.rest[2:]
	switch p.rest[1] {
	case 'A', 'z', 'b', 'B':
		p.rest = after
		return empty, true
	case 's':
		p.rest = after
		return part{exact: whiteSpace}, true
	case 'd', 'D', 'w', 'W', 'S':
		p.rest = after
		return part{}, true
	case 'p', 'P':
		p.rest = unicodeSet(p.rest)
		return part{}, true
	}
	return part{}, false
}

// text reads characters that stand for themselves, up to one that an operator
// binds to.
func (p *parser) text() part {
	text := p.buffer[:0]
	for {
		if n := plain(p.rest); n > 0 {
			text = fold.Append(text, p.rest[:n])
			p.rest = p.rest[n:]
			continue
		}
		r, rest := character(p.rest)
		switch {
		case len(text) == 0 && r == notOne:
			return p.fail()
		case len(text) == 0 && r == utf8.RuneError:
			p.rest = rest
			return part{} // It also matches any byte that is not UTF-8.
		case r == notOne, r == utf8.RuneError, len(text) > 0 && bindsTo(rest):
			return part{exact: []string{string(text)}}
		}
		text = utf8.AppendRune(text, fold.Rune(r))
		if p.rest = rest; bindsTo(rest) {
			return part{exact: []string{string(text)}}
		}
	}
}

// plain counts the bytes of ASCII ahead that stand for themselves and that no
// operator can bind to, since another one comes next.
func plain(s string) int {
	n := 0
	for n < len(s) && (s[n] == ' ' || 'a' <= s[n] && s[n] <= 'z' || 'A' <= s[n] && s[n] <= 'Z' || '0' <= s[n] && s[n] <= '9') {
		n++
	}
	return max(n-1, 0)
}

// bindsTo says whether an operator comes next, which binds to what is before it.
func bindsTo(rest string) bool {
	if rest == "" {
		return false
	}
	switch rest[0] {
	case '*', '+', '?':
		return true
	case '{':
		_, _, behind := bounds(rest)
		return behind != rest
	}
	return false
}
