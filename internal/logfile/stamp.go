package logfile

import (
	"bytes"
	"slices"
)

// stamp says how the first bytes of a line tell that a record begins there.
type stamp uint8

const (
	// unstamped lines may begin a record or go on with one.
	unstamped stamp = iota
	// levelled lines begin with the word for a level, as programs without a
	// logger print them too.
	levelled
	// headed lines are the first of what a dying program prints.
	headed
	// dated lines begin with a time, or with what a logger writes before it.
	// What has none below them belongs to them.
	dated
	// whole lines are objects, with which nothing goes on.
	whole
)

// heads are the beginnings of headed lines.
var heads = [][]byte{
	[]byte("panic: "), []byte("fatal error: "), []byte(`Exception in thread "`), []byte("thread '"),
	[]byte("<--- Last few GCs"), []byte("Unhandled exception"), []byte("Traceback (most recent call last):"),
	[]byte("runtime: "), []byte("SIGQUIT: quit"), []byte("Fatal Python error: "),
}

// stampOf looks at the first bytes of a line that is not blank. A time may also
// be its second word, behind the name of a file, container or host.
func stampOf(line []byte) stamp {
	first := stampOfFirst(line)
	if first == unstamped && secondIsTime(line) {
		return dated
	}
	return first
}

// maxName is the longest first word that a time is looked for behind, in bytes.
const maxName = 64

func secondIsTime(line []byte) bool {
	end := bytes.IndexByte(line[:min(len(line), maxName)], ' ')
	if end < 0 {
		return false
	}
	rest := bytes.TrimLeft(line[end:], " |[")
	return len(rest) > 0 && isDigit(rest[0]) && beginsWithDate(rest)
}

func stampOfFirst(line []byte) stamp {
	switch c := line[0]; {
	case isDigit(c):
		return datedIf(beginsWithTime(line))
	case c == '{':
		if bytes.HasPrefix(bytes.TrimLeft(line[1:], " \t"), []byte(`"`)) && last(line) == '}' {
			return whole
		}
		return unstamped
	case c == '[':
		return inBrackets(line[1:])
	case c == '<':
		if len(line) > 2 && isDigit(line[1]) && bytes.IndexByte(line[:min(len(line), 6)], '>') > 0 {
			return dated
		}
	case 'A' <= c && c <= 'Z':
		return byCapital(line)
	}
	return byWord(line)
}

func datedIf(holds bool) stamp {
	if holds {
		return dated
	}
	return unstamped
}

func headedIf(line []byte) stamp {
	for _, head := range heads {
		if bytes.HasPrefix(line, head) {
			return headed
		}
	}
	return unstamped
}

// byWord knows the keys that logfmt begins with, and levels in lower case.
func byWord(line []byte) stamp {
	switch line[0] {
	case 't':
		if hasAnyPrefix(line, "time=", "ts=", "t=", "timestamp=") {
			return dated
		}
	case 'l':
		if hasAnyPrefix(line, "level=", "lvl=") {
			return dated
		}
	case 'e', 'w', 'i', 'd':
		if hasAnyPrefix(line, "error: ", "warn: ", "warning: ", "info: ", "debug: ") {
			return levelled
		}
	}
	return headedIf(line)
}

// byCapital knows months, weekdays, levels, and the forms of glog and Ruby.
func byCapital(line []byte) stamp {
	if len(line) > 5 {
		// I0310 09:00:16, and E, [2026-03-10T09:00:16.
		if isDigits(line[1:5]) && line[5] == ' ' && bytes.IndexByte([]byte("IWEFD"), line[0]) >= 0 {
			return dated
		}
		if line[1] == ',' && line[2] == ' ' && line[3] == '[' && isDigit(line[4]) {
			return dated
		}
	}
	if n := nameOfDay(line); n > 0 || monthOf(line) > 0 {
		return datedIf(beginsWithNamedDate(line))
	}
	if isLevel(line) {
		return levelled
	}
	return headedIf(line)
}

// inBrackets looks at what follows the bracket that a line begins with.
func inBrackets(rest []byte) stamp {
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 {
		return unstamped
	}
	if isDigit(rest[0]) {
		return datedIf(beginsWithTime(rest) || isUptime(rest))
	}
	if monthOf(rest) > 0 || nameOfDay(rest) > 0 {
		return datedIf(beginsWithNamedDate(rest))
	}
	if end := bytes.IndexByte(rest[:min(len(rest), 12)], ']'); end > 0 && isLevel(bytes.ToUpper(rest[:end+1])) {
		return levelled
	}
	return unstamped
}

var levels = []string{
	"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "FATAL", "CRITICAL", "CRIT", "ALERT", "EMERG", "SEVERE", "PANIC",
}

// isLevel says whether a line begins with the word for a level, alone.
func isLevel(line []byte) bool {
	end := 0
	for end < len(line) && 'A' <= line[end] && line[end] <= 'Z' {
		end++
	}
	if end < 3 || end == len(line) || bytes.IndexByte([]byte(" :|]\t["), line[end]) < 0 {
		return false
	}
	return slices.Contains(levels, string(line[:end]))
}

// beginsWithTime knows dates and times that begin with a digit.
func beginsWithTime(line []byte) bool {
	n := digits(line)
	if n == len(line) {
		return false
	}
	after := line[n]
	rest := line[n+1:]
	switch {
	case n == 4 && (after == '-' || after == '/' || after == '.'):
		return beginsWithDate(line)
	case n <= 2 && after == ':':
		// 09:00:00, and 1:M 10 Mar of Redis.
		return len(rest) > 4 && isDigits(rest[:2]) && rest[2] == ':' && isDigits(rest[3:5]) || isRedis(rest)
	case n <= 2 && (after == '/' || after == '.' || after == '-'):
		// 10/03/2026, 10.03.2026, 10/Mar/2026, 10-Mar-2026.
		return len(rest) > 5 && (isDigits(rest[:2]) && rest[2] == after && isDigits(rest[3:5]) || monthOf(rest) > 0 && rest[3] == after)
	case n <= 2 && after == ' ':
		return monthOf(rest) > 0 && len(rest) > 4 && rest[3] == ' '
	case n == 6 && after == ' ':
		return len(rest) > 5 && (isDigits(rest[:6]) || rest[2] == ':' && isDigits(rest[:2]) || rest[1] == ':')
	case n == 8 && (after == ' ' || after == 'T' || after == '-'):
		return len(rest) > 3 && isDigits(rest[:2])
	case n == 10 || n == 13 || n == 16 || n == 19:
		return line[0] == '1' && (after == '.' || after == ' ' || after == ',' || after == '\t')
	case after == ':':
		return isRedis(rest)
	case after == '.':
		return isAddress(line)
	}
	return false
}

// beginsWithDate knows 2026-03-10, also with slashes or dots.
func beginsWithDate(line []byte) bool {
	const length = len("2026-03-10")
	return len(line) >= length && isDigits(line[:4]) && bytes.IndexByte([]byte("-/."), line[4]) >= 0 &&
		isDigits(line[5:7]) && line[7] == line[4] && isDigits(line[8:length])
}

// isRedis knows what follows the process id in a line of Redis.
func isRedis(rest []byte) bool {
	return len(rest) > 3 && bytes.IndexByte([]byte("MSCX"), rest[0]) >= 0 && rest[1] == ' ' && isDigit(rest[2])
}

// isAddress knows the address and the dash that a line of an access log begins with.
func isAddress(line []byte) bool {
	at := 0
	for part := range 4 {
		n := digits(line[at:])
		if n == 0 || n > 3 {
			return false
		}
		if at += n; part < 3 {
			if at == len(line) || line[at] != '.' {
				return false
			}
			at++
		}
	}
	return bytes.HasPrefix(line[at:], []byte(" - "))
}

// isUptime knows the seconds since the start in a line of the kernel: 24387.218707].
func isUptime(rest []byte) bool {
	n := digits(rest)
	if n == len(rest) || rest[n] != '.' {
		return false
	}
	m := digits(rest[n+1:])
	return m > 0 && n+1+m < len(rest) && rest[n+1+m] == ']'
}

// beginsWithNamedDate knows dates that begin with a month or a day of the week:
// Mar 10 09:00:00, Sun Dec 04 04:47:44 2005, Tue, 10 Mar 2026.
func beginsWithNamedDate(line []byte) bool {
	if n := nameOfDay(line); n > 0 {
		rest := bytes.TrimLeft(line[n:], ", ")
		return len(rest) > 4 && (monthOf(rest) > 0 || isDigit(rest[0]))
	}
	rest := bytes.TrimLeft(line[min(3, len(line)):], " ")
	n := digits(rest)
	return n > 0 && n <= 2 && len(rest) > n+3 && (rest[n] == ' ' || rest[n] == ',') && isDigit(rest[n+1])
}

var months = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// monthOf gives the number of the month that a text begins with, or 0.
func monthOf(text []byte) int { return 1 + indexOfPrefix(text, months) }

// nameOfDay gives the length of the day of the week that a text begins with, or 0.
func nameOfDay(text []byte) int {
	if indexOfPrefix(text, days) < 0 {
		return 0
	}
	return 3
}

var days = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// indexOfPrefix tells which of some words of three letters a text begins with,
// before a character that is no letter.
func indexOfPrefix(text []byte, words []string) int {
	if len(text) < 4 || 'a' <= text[3] && text[3] <= 'z' {
		return -1
	}
	for i, word := range words {
		if string(text[:3]) == word {
			return i
		}
	}
	return -1
}

func hasAnyPrefix(line []byte, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if len(line) >= len(prefix) && string(line[:len(prefix)]) == prefix {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isDigits(text []byte) bool { return digits(text) == len(text) }

// digits counts the digits that a text begins with.
func digits(text []byte) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}
