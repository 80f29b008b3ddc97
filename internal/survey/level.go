package survey

import (
	"regexp"
	"strings"
)

// maxLevelAt is how far into a record its level is looked for, in bytes.
const maxLevelAt = 200

var (
	// level is the word for a level as loggers write it: in capitals, in brackets, behind a key, or before a
	// colon. The second form of glog is a letter and a date.
	level = regexp.MustCompile(`\b(?:(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|CRIT(?:ICAL)?|FATAL|PANIC|ALERT|EMERG)\b` +
		`|(?i:(?:level|lvl|severity|log\.level|levelname|sev)"?\s*[=:]\s*"?([a-z]+))` +
		`|(?i:(trace|debug|info|notice|warn(?:ing)?|error|err|severe|crit(?:ical)?|fatal|panic|alert|emerg))[\]:|>])` +
		`|^([IWEF])\d{4} \d\d:\d\d:\d\d`)
	// bad are the words for the level of an error.
	bad = map[string]bool{
		"error": true, "err": true, "severe": true, "crit": true, "critical": true, "fatal": true, "panic": true, "alert": true, "emerg": true, "e": true, "f": true,
	}
)

// saysError says whether a logger wrote a text as an error: whether the first word for a level in it is one
// for that.
func saysError(text string) bool {
	found := level.FindStringSubmatch(text[:min(len(text), maxLevelAt)])
	if found == nil {
		return false
	}
	return bad[strings.ToLower(found[1]+found[2]+found[3]+found[4])]
}
