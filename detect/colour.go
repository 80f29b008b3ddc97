package detect

import "strings"

const escape = 0x1b

// skipColour gives the length of the terminal control sequence that a text
// begins with, or 0. Consoles colour levels and messages with such sequences;
// their last letter would join the word behind it.
func skipColour(text string) int {
	if len(text) < 2 || text[0] != escape || text[1] != '[' {
		return 0
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 0x40 && c <= 0x7E:
			return i + 1
		case c < 0x20 || c > 0x3F:
			return 0
		}
	}
	return 0
}

// appendPlain appends a text without its control sequences.
func appendPlain(buffer []byte, text string) []byte {
	for {
		at := strings.IndexByte(text, escape)
		if at < 0 {
			return append(buffer, text...)
		}
		buffer = append(buffer, text[:at]...)
		size := skipColour(text[at:])
		if size == 0 {
			buffer = append(buffer, escape)
			size = 1
		}
		text = text[at+size:]
	}
}

// withoutColour gives a text without its control sequences; most have none and
// are not copied.
func withoutColour(text string) string {
	if strings.IndexByte(text, escape) < 0 {
		return text
	}
	return string(appendPlain(nil, text))
}

// colouredPosition turns a position in a text without control sequences into
// the one in the text that has them.
func colouredPosition(coloured string, plain int) int {
	at := 0
	for at < len(coloured) {
		if size := skipColour(coloured[at:]); size > 0 {
			at += size
			continue
		}
		if plain == 0 {
			return at
		}
		plain--
		at++
	}
	return at
}
