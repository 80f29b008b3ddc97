package processes

import (
	"bytes"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/fields"
)

// ticks are how many units of the kernel make a second.
const ticks = 100

// process is what /proc/PID/stat says of it.
type process struct {
	name                  []byte
	started, ticks, pages uint64
}

// Columns of the file, counted from the one behind the name.
const (
	userTime    = 11
	systemTime  = 12
	startTime   = 19
	residentSet = 21
)

// parse reads a stat file. A name can have blanks and brackets in it, so the last bracket ends it.
func parse(text []byte) (process, bool) {
	start, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if start < 0 || end < start {
		return process{}, false
	}
	p := process{name: text[start+1 : end]}
	rest := text[end+1:]
	for column := 0; column <= residentSet; column++ {
		var field []byte
		field, rest = fields.Next(rest)
		switch column {
		case userTime, systemTime, startTime, residentSet:
		default:
			continue
		}
		n, ok := fields.Uint(field)
		if !ok {
			return process{}, false
		}
		switch column {
		case startTime:
			p.started = n
		case residentSet:
			p.pages = n
		default:
			p.ticks += n
		}
	}
	return p, true
}
