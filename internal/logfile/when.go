package logfile

import (
	"strconv"
	"strings"
	"time"
)

// maxTimeAt is how far into a record its time is looked for, in bytes.
const maxTimeAt = 160

// timeKeys are those under which structured loggers write the time.
var timeKeys = []string{`"time":`, `"timestamp":`, `"@timestamp":`, `"ts":`, `"lastTimestamp":`, `"t":`}

// TimeOf finds the time in the first line of a record. One without a zone is
// taken for UTC; one without a year for the last such day up to a latest time.
func TimeOf(text string, latest time.Time) (time.Time, bool) {
	if strings.HasPrefix(text, "{") {
		return timeInObject(text, latest)
	}
	text, _, _ = strings.Cut(text[:min(len(text), maxTimeAt)], "\n")
	for at := range len(text) {
		if at > 0 && isWord(text[at-1]) && !isGlog(text, at-1) {
			continue
		}
		if found, ok := timeAt(text[at:], latest); ok {
			return found, true
		}
		// Elsewhere such a number may be anything.
		if at == 0 || text[at-1] == '[' || text[at-1] == '(' {
			if found, ok := epoch(text[at:]); ok {
				return found, true
			}
		}
	}
	return time.Time{}, false
}

func timeInObject(text string, latest time.Time) (time.Time, bool) {
	for _, key := range timeKeys {
		if _, rest, ok := strings.Cut(text, key); ok {
			rest = strings.TrimLeft(rest, ` "`)
			if found, ok := timeAt(rest[:min(len(rest), 64)], latest); ok {
				return found, true
			}
			if found, ok := epoch(rest); ok {
				return found, true
			}
		}
	}
	return time.Time{}, false
}

// isGlog says whether the letter at a place begins a line of glog, I0310 09:00:16.
func isGlog(text string, at int) bool {
	return at == 0 && strings.IndexByte("IWEFD", text[0]) >= 0 && len(text) > 5 && text[5] == ' '
}

// layouts are the forms of times, each with the number of characters that tell
// it from others and whether it has a year.
var layouts = []struct {
	shape, layout string
	hasYear       bool
}{
	{"9999-99-99T99:99:99", "2006-01-02T15:04:05", true},
	{"9999-99-99 99:99:99", "2006-01-02 15:04:05", true},
	{"9999/99/99 99:99:99", "2006/01/02 15:04:05", true},
	{"99/Aaa/9999:99:99:99", "02/Jan/2006:15:04:05", true},
	{"99-Aaa-9999 99:99:99", "02-Jan-2006 15:04:05", true},
	{"99 Aaa 9999 99:99:99", "02 Jan 2006 15:04:05", true},
	{"Aaa _9 99:99:99 9999", "Jan _2 15:04:05 2006", true},
	{"Aaa _9 99:99:99", "Jan _2 15:04:05", false},
	{"9999 99:99:99", "0102 15:04:05", false},
	{"999999 999999", "060102 150405", true},
}

// timeAt reads the time that a text begins with.
func timeAt(text string, latest time.Time) (time.Time, bool) {
	for _, form := range layouts {
		if !hasShape(text, form.shape) {
			continue
		}
		found, err := time.Parse(form.layout, text[:len(form.shape)])
		if err != nil {
			continue
		}
		if !form.hasYear {
			return inYear(found, latest), true
		}
		return found.Add(fraction(&text, len(form.shape)) - zone(text)), true
	}
	return time.Time{}, false
}

// hasShape compares a text with a shape, in which 9 stands for a digit, _ for
// one or a space, and letters for letters.
func hasShape(text, shape string) bool {
	if len(text) < len(shape) {
		return false
	}
	for i := range len(shape) {
		c := text[i]
		switch shape[i] {
		case '9':
			if !isDigit(c) {
				return false
			}
		case '_':
			if !isDigit(c) && c != ' ' {
				return false
			}
		case 'A', 'a':
			if !isLetter(c) {
				return false
			}
		case 'T':
			if c != 'T' {
				return false
			}
		default:
			if c != shape[i] {
				return false
			}
		}
	}
	return true
}

// fraction reads what follows the seconds, and moves the text behind it.
func fraction(text *string, at int) time.Duration {
	rest := (*text)[at:]
	n := 0
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		n = 1 + digits([]byte(rest[1:min(len(rest), 10)]))
	}
	*text = rest[n:]
	if n < 2 {
		return 0
	}
	value, err := strconv.ParseFloat("0."+rest[1:n], 64)
	if err != nil {
		return 0
	}
	return time.Duration(value * float64(time.Second)).Round(time.Microsecond)
}

// zone reads an offset like +02:00, -0700 or " +0000".
func zone(text string) time.Duration {
	text = strings.TrimPrefix(text, " ")
	for _, layout := range []string{"-07:00", "-0700"} {
		if len(text) >= len(layout) {
			if found, err := time.Parse(layout, text[:len(layout)]); err == nil {
				_, offset := found.Zone()
				return time.Duration(offset) * time.Second
			}
		}
	}
	return 0
}

// epoch reads seconds, milliseconds, microseconds or nanoseconds since 1970.
func epoch(text string) (time.Time, bool) {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	units := map[int]time.Duration{10: time.Second, 13: time.Millisecond, 16: time.Microsecond, 19: time.Nanosecond}
	unit := units[n]
	if unit == 0 || text[0] != '1' {
		return time.Time{}, false
	}
	value, err := strconv.ParseInt(text[:n], 10, 64)
	return time.Unix(0, value*int64(unit)).UTC(), err == nil
}

// inYear puts a time without a year into the last year in which it is not later
// than another; a day is left for the zones.
func inYear(found, latest time.Time) time.Time {
	latest = latest.UTC().AddDate(0, 0, 1)
	if found = found.AddDate(latest.Year(), 0, 0); found.After(latest) {
		found = found.AddDate(-1, 0, 0)
	}
	return found
}

func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }

func isWord(c byte) bool { return isDigit(c) || isLetter(c) }
