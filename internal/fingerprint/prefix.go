package fingerprint

import "strings"

// levels are the words for the level of a log record.
var levels = map[string]bool{
	"trace": true, "debug": true, "info": true, "notice": true, "warn": true, "warning": true, "error": true, "err": true, "severe": true,
	"crit": true, "critical": true, "fatal": true, "alert": true, "emerg": true, "panic": true, "fine": true, "information": true,
}

// signs stand between the parts of a prefix.
var signs = map[string]bool{" ": true, "-": true, "|": true, ":": true, ",": true, ".": true, "+": true}

// calendar are the names that stand in times.
var calendar = map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "may": true, "jun": true, "jul": true, "aug": true, "sep": true, "oct": true, "nov": true, "dec": true,
	"mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true, "utc": true, "cet": true, "cest": true, "gmt": true, "est": true, "pst": true,
}

// skipPrefix gives the first token behind what a logger wrote before the message: time,
// level, process, thread and what else stands in brackets.
func skipPrefix(tokens []string) int {
	at, times, syslog := 0, 0, false
	for at < len(tokens) {
		token := strings.ToLower(tokens[at])
		switch {
		case token == maskTime:
			times++
			at++
		case calendar[token] && isCalendar(tokens[at:]):
			syslog = true
			at++
		case token == maskNumber, token == maskNumber+"#"+maskNumber, signs[token], levels[token]:
			at++
		case token == "[" || token == "(" && times > 0 || token == "<" && at == 0:
			end := closingToken(tokens, at)
			if end < 0 {
				return at
			}
			at = end
		case times > 0 && hostLength(tokens[at:], syslog) > 0:
			at += hostLength(tokens[at:], syslog)
			times = 0
		default:
			return at
		}
	}
	return at
}

// isCalendar says whether a number or another name of the calendar follows.
func isCalendar(tokens []string) bool {
	for _, token := range tokens[1:] {
		if token != " " && token != "," {
			return token == maskNumber || token == maskTime || calendar[strings.ToLower(token)]
		}
	}
	return false
}

// maxBracketed is how many tokens a bracketed part of a prefix has at most.
const maxBracketed = 16

func closingToken(tokens []string, at int) int {
	want := "]"
	switch tokens[at] {
	case "(":
		want = ")"
	case "<":
		want = ">"
	}
	for i := at + 1; i < len(tokens) && i < at+maxBracketed; i++ {
		if tokens[i] == want {
			return i + 1
		}
	}
	return -1
}

// hostLength gives the length of "host process[12]:", and of "host process:" if
// the time before it was that of syslog, or 0.
func hostLength(tokens []string, syslog bool) int {
	if len(tokens) < 4 || tokens[1] != " " {
		return 0
	}
	numbered := syslog || tokens[2] == "kernel"
	for i := 3; i < min(len(tokens)-1, maxBracketed); i++ {
		switch {
		case tokens[i] == ":" && tokens[i+1] == " " && numbered:
			return i + 1
		case tokens[i] == " ":
			return 0
		case tokens[i] == maskNumber && tokens[i-1] == "[":
			numbered = true
		}
	}
	return 0
}
