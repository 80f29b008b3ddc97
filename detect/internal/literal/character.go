package literal

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// notOne is given for what is no single character.
const notOne rune = -1

// character reads one character that stands for itself outside of a class.
func character(s string) (r rune, rest string) {
	if s == "" {
		return notOne, s
	}
	switch s[0] {
	case '|', '(', ')', '[', '.', '^', '$', '*', '+', '?':
		return notOne, s
	}
	return classCharacter(s)
}

// classCharacter reads one character, which may be escaped.
func classCharacter(s string) (r rune, rest string) {
	if s == "" {
		return notOne, s
	}
	switch {
	case s[0] == '\\':
		return escaped(s)
	case s[0] < utf8.RuneSelf:
		return rune(s[0]), s[1:]
	}
	r, size := utf8.DecodeRuneInString(s)
	return r, s[size:]
}

// escaped reads an escape that stands for one character.
func escaped(s string) (r rune, rest string) {
	if len(s) < 2 {
		return notOne, s
	}
	c, rest := s[1], s[2:]
	switch {
	case c == 'x':
		return hexadecimal(s)
	case '0' <= c && c <= '7':
		return octal(s)
	case strings.IndexByte("afnrtv", c) >= 0:
		return rune("\a\f\n\r\t\v"[strings.IndexByte("afnrtv", c)]), rest
	case c >= utf8.RuneSelf, c == '8', c == '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return notOne, s
	}
	return rune(c), rest
}

// hexadecimal reads \x7F or \x{10FFFF}.
func hexadecimal(s string) (r rune, rest string) {
	digits, rest := s[2:], ""
	if strings.HasPrefix(digits, "{") {
		digits, rest, _ = strings.Cut(digits[1:], "}")
	} else if len(digits) >= 2 {
		digits, rest = digits[:2], digits[2:]
	}
	code, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || code > utf8.MaxRune {
		return notOne, s
	}
	return rune(code), rest
}

// octal reads up to three digits, the first of which is a zero if it is alone.
func octal(s string) (r rune, rest string) {
	end := 2
	for end < len(s) && end < 4 && '0' <= s[end] && s[end] <= '7' {
		end++
	}
	if end == 2 && s[1] != '0' {
		return notOne, s
	}
	code, err := strconv.ParseUint(s[1:end], 8, 32)
	if err != nil {
		return notOne, s
	}
	return rune(code), s[end:]
}
