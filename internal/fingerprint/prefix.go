package fingerprint

import (
	"strings"
	"unicode/utf8"
)

// levels are the words for the level of a log record.
var levels = map[string]bool{
	"trace": true, "debug": true, "info": true, "notice": true, "warn": true, "warning": true, "error": true, "err": true, "severe": true,
	"crit": true, "critical": true, "fatal": true, "alert": true, "emerg": true, "panic": true, "fine": true, "information": true,
}

// calendar are the names that stand in times.
var calendar = map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "may": true, "jun": true, "jul": true, "aug": true, "sep": true, "oct": true, "nov": true, "dec": true,
	"mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true, "utc": true, "cet": true, "cest": true, "gmt": true, "est": true, "pst": true,
}

// maxName is a length that no name has, in any alphabet in which it could be one.
const maxName = 2 * len("information")

// isName says whether a token is one of some names in any case.
func (t *tokens) isName(number int, names map[string]bool) bool {
	token := t.of(number)
	if len(token) > maxName {
		return false
	}
	var low [maxName]byte
	for i, c := range token {
		if c >= utf8.RuneSelf {
			return names[strings.ToLower(string(token))]
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		low[i] = c
	}
	return names[string(low[:len(token)])]
}

// skipPrefix gives the first token behind what a logger wrote before the message: time,
// level, process, thread and what else stands in brackets.
func (t *tokens) skipPrefix() int {
	at, times, syslog := 0, 0, false
	for at < t.count() {
		switch token := t.of(at); {
		case string(token) == maskTime:
			times++
			at++
		case t.isName(at, calendar) && t.isCalendar(at+1):
			syslog = true
			at++
		case string(token) == maskNumber, string(token) == maskNumber+"#"+maskNumber, isSign(token), t.isName(at, levels):
			at++
		case token[0] == '[' || token[0] == '(' && times > 0 || string(token) == "<" && at == 0:
			end := t.closing(at)
			if end < 0 {
				return at
			}
			at = end
		case times > 0 && t.hostLength(at, syslog) > 0:
			at += t.hostLength(at, syslog)
			times = 0
		default:
			return at
		}
	}
	return at
}

// isSign says whether a token is one of those that stand between the parts of a prefix.
func isSign(token []byte) bool { return len(token) == 1 && strings.IndexByte(" -|:,.+", token[0]) >= 0 }

// isCalendar says whether a number or another name of the calendar comes next.
func (t *tokens) isCalendar(at int) bool {
	for t.is(at, " ") || t.is(at, ",") {
		at++
	}
	return at < t.count() && (t.is(at, maskNumber) || t.is(at, maskTime) || t.isName(at, calendar))
}

// maxBracketed is how many tokens a bracketed part of a prefix has at most.
const maxBracketed = 16

// closing gives the token behind the one that closes a bracket, or -1.
func (t *tokens) closing(at int) int {
	want := "]"
	switch t.of(at)[0] {
	case '(':
		want = ")"
	case '<':
		want = ">"
	}
	for i := at + 1; i < min(t.count(), at+maxBracketed); i++ {
		if t.is(i, want) {
			return i + 1
		}
	}
	return -1
}

// hostLength gives the length of "host process[12]:", and of "host process:" if
// the time before it was that of syslog, or 0.
func (t *tokens) hostLength(at int, syslog bool) int {
	if t.count()-at < 4 || !t.is(at+1, " ") {
		return 0
	}
	numbered := syslog || t.is(at+2, "kernel")
	for i := 3; i < min(t.count()-at-1, maxBracketed); i++ {
		switch {
		case t.is(at+i, ":") && t.is(at+i+1, " ") && numbered:
			return i + 1
		case t.is(at+i, " "):
			return 0
		case t.is(at+i, maskNumber) && t.is(at+i-1, "["):
			numbered = true
		}
	}
	return 0
}
