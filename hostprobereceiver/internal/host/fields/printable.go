package fields

import (
	"strings"
	"unicode"
)

// Printable makes text of a name that a program has chosen, which can be any bytes.
func Printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
}
