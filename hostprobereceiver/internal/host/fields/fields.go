// Package fields takes apart the text that the kernel writes, without allocating.
package fields

import (
	"bytes"
	"errors"
	"math"
)

// ErrFormat is what a text is that does not look as the kernel writes it.
var ErrFormat = errors.New("not in the format that is expected")

// Line returns the first line of a text and what follows it.
func Line(text []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(text, []byte{'\n'})
	return line, rest
}

// Next returns the first field of a line, between blanks, and what follows it.
func Next(line []byte) (field, rest []byte) {
	start := 0
	for start < len(line) && blank(line[start]) {
		start++
	}
	end := start
	for end < len(line) && !blank(line[end]) {
		end++
	}
	return line[start:end], line[end:]
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// Uint reads a number that fills the whole field. One that is larger than fits is the largest that does.
func Uint(field []byte) (uint64, bool) {
	if len(field) == 0 {
		return 0, false
	}
	var n uint64
	for _, c := range field {
		digit := c - '0'
		if digit > 9 {
			return 0, false
		}
		if n > (math.MaxUint64-uint64(digit))/10 {
			n = math.MaxUint64
			continue
		}
		n = n*10 + uint64(digit)
	}
	return n, true
}

// Decimal reads a number with or without a fraction that fills the whole field.
func Decimal(field []byte) (float64, bool) {
	whole, fraction, dotted := bytes.Cut(field, []byte{'.'})
	n, ok := Uint(whole)
	if !ok || !dotted {
		return float64(n), ok
	}
	parts, ok := Uint(fraction)
	if !ok {
		return 0, false
	}
	return float64(n) + float64(parts)/math.Pow10(len(fraction)), true
}

// Only returns the number that is all that a text has.
func Only(text []byte) (uint64, error) {
	field, rest := Next(text)
	n, ok := Uint(field)
	if more, _ := Next(rest); !ok || len(more) > 0 {
		return 0, ErrFormat
	}
	return n, nil
}

// Each calls with the first field of each line and with what follows it. The first field begins the line and
// ends at a blank, which is found faster than by Next: such files have hundreds of lines, of which few matter.
func Each(text []byte, call func(name, rest []byte)) {
	for len(text) > 0 {
		var line []byte
		line, text = Line(text)
		if end := bytes.IndexByte(line, ' '); end > 0 {
			call(line[:end], line[end:])
		}
	}
}

// First reads the number that is the first field.
func First(text []byte) (uint64, bool) {
	field, _ := Next(text)
	return Uint(field)
}
