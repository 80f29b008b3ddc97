package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// style is a terminal's code for how text looks.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
	alarm  style = "1;31"
)

// page collects text for a person. What comes from a message or a rule goes
// through visible, so that the terminal shows it and obeys nothing in it.
type page struct {
	strings.Builder

	colours bool
}

func newPage(out io.Writer) *page { return &page{colours: takesColours(out)} }

// line writes a line of our own words; %s stands for text that is already visible.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.Builder, format, args...)
	p.WriteByte('\n')
}

// styled gives text that is already visible the look of a style.
func (p *page) styled(s style, text string) string {
	if !p.colours || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// takesColours says whether the output is a terminal that is to show colours.
func takesColours(out io.Writer) bool {
	//nolint:misspell // That is how the variable is spelt.
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	// An older Windows console prints the codes instead of obeying them.
	if runtime.GOOS == "windows" && os.Getenv("WT_SESSION") == "" {
		return false
	}
	return isTerminal(out)
}

// isTerminal says whether a stream is a terminal: a character device that is
// not the null device.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// visible makes one line of any text: what a terminal would obey or not show
// becomes an escape like \x1b or \u200b, a tab becomes spaces.
func visible(text string) string {
	var shown strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&shown, `\x%02x`, text[i])
		case r == '\t':
			shown.WriteString("    ")
		case unicode.IsPrint(r):
			shown.WriteRune(r)
		case unicode.IsSpace(r) && !unicode.IsControl(r):
			shown.WriteByte(' ')
		default:
			shown.WriteString(strings.Trim(fmt.Sprintf("%+q", r), "'"))
		}
		i += size
	}
	return shown.String()
}

// visibleLines is visible for text whose ends of lines are to stay.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = visible(strings.TrimSuffix(lines[i], "\r"))
	}
	return strings.Join(lines, "\n")
}
