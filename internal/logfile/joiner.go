package logfile

import "bytes"

const (
	// maxLines and maxBytes bound a record: a trace of several hundred frames,
	// and four times what rules see of a record.
	maxLines = 512
	maxBytes = 64 << 10
	// maxPrefix is the longest prefix of the lines of a trace, in bytes.
	maxPrefix = 256
)

// joiner decides which lines make a record.
type joiner struct {
	batch *Batch
	// cut counts the records that were over the bounds.
	cut int

	open bool
	// seen is the stamp of the current line, if it was looked for.
	seen   stamp
	isSeen bool
	stamp  stamp
	trace  trace
	// first is the end of the first line in the text of the batch.
	first int
	// prefix is what a logger wrote before each line of a trace.
	prefix []byte
	// stream is that of a container runtime, and partial says that the line that
	// it read goes on.
	stream  string
	partial bool
}

// begins says whether a line begins a record; if not, it goes on with the one
// that is open. It gives the text of the line that belongs to the record.
func (j *joiner) begins(line, next []byte) (begins bool, text []byte) {
	if !j.open {
		return true, line
	}
	if rest, ok := j.unprefix(line); ok {
		if after, ok := j.unprefix(next); ok {
			next = after
		}
		if isBlank(rest) || isIndented(rest) || j.trace.accepts(rest, next) {
			return false, rest
		}
		return true, line
	}
	switch {
	case isBlank(line):
		return false, line
	case isIndented(line):
		return j.stamp == whole || j.stamp < dated && isGroupHeader(line) && !j.trace.chained, line
	case j.trace.language == dying && j.trace.accepts(line, next):
		return false, line
	}
	j.seen, j.isSeen = stampOf(line), true
	switch {
	case j.seen == headed:
		return !j.goesOn(line), line
	case j.seen != unstamped:
		return j.beginsStamped(line)
	case j.stamp == whole:
		return true, line
	case j.stamp == dated:
		return false, line
	}
	if begins, text = j.beginsStamped(line); !begins {
		return false, text
	}
	return !j.trace.accepts(line, next), line
}

// goesOn says whether what a dying program prints belongs to what is open: a
// traceback to the message before it, or to the one that it is chained to.
func (j *joiner) goesOn(line []byte) bool {
	if !bytes.HasPrefix(line, pythonHeader) {
		return j.trace.language == golang && hasAnyPrefix(line, "runtime: ", "fatal error: ") && !j.trace.blank
	}
	if j.trace.language == pythonDone {
		return j.trace.chained
	}
	return j.trace.language == unknown && (j.stamp == dated || j.stamp == levelled)
}

// beginsStamped finds the frame of a trace, or a detail of PostgreSQL, behind a
// prefix that the first line of the record has as well.
func (j *joiner) beginsStamped(line []byte) (begins bool, text []byte) {
	at := frameIn(line)
	isDetail := at < 0
	if isDetail {
		at = detailIn(line)
	}
	if at <= 0 || at > maxPrefix {
		return true, line
	}
	first := j.batch.text[j.batch.last().from:j.first]
	if matchShape(line[:at], first) == 0 {
		return true, line
	}
	if !isDetail {
		j.prefix = append(j.prefix[:0], line[:at]...)
	}
	return false, line[at:]
}

// learn keeps the prefix of a line on which a traceback begins, or a panic of
// which more stands on the next line behind the same prefix.
func (j *joiner) learn(line, next []byte) {
	j.prefix = j.prefix[:0]
	trimmed := trimEnd(line)
	if bytes.HasSuffix(trimmed, pythonHeader) {
		j.prefix = append(j.prefix, line[:min(len(trimmed)-len(pythonHeader), maxPrefix)]...)
		return
	}
	at := bytes.Index(line, []byte("panic: "))
	if at <= 0 || at > maxPrefix {
		return
	}
	n := matchShape(line[:at], next)
	if rest := next[n:]; n > 0 && (isBlank(rest) || isGoTrace(rest)) {
		j.prefix = append(j.prefix, line[:at]...)
		j.trace.language = golang
	}
}

// unprefix takes the prefix of the trace's lines off a line.
func (j *joiner) unprefix(line []byte) ([]byte, bool) {
	if len(j.prefix) == 0 {
		return line, false
	}
	n := matchShape(j.prefix, line)
	return line[n:], n > 0
}

// matchShape gives the length of what a line has in common with a prefix, where
// any number stands for any other. It is 0 where the line lacks part of it.
func matchShape(prefix, line []byte) int {
	i, k := 0, 0
	for i < len(prefix) {
		n, m := digits(prefix[i:]), digits(line[k:])
		switch {
		case n > 0 && m > 0:
			i, k = i+n, k+m
		case n > 0 || m > 0 || k == len(line) || prefix[i] != line[k]:
			return 0
		default:
			i, k = i+1, k+1
		}
	}
	return k
}

// frameMarks begin a frame, with the indentation that stands behind a prefix.
var frameMarks = [][]byte{[]byte("\tat "), []byte("    at "), []byte("#011at "), []byte("   at "), []byte("\tfrom ")}

// frameIn finds where a frame, or the head of a goroutine, stands in a line.
func frameIn(line []byte) int {
	switch {
	case last(line) == ':':
		if at := bytes.Index(line, goHeader); at > 0 && isGoroutine(line[at:]) {
			return at
		}
		return -1
	case bytes.Contains(line, []byte("at ")) || bytes.Contains(line, []byte("\tfrom ")):
		for _, mark := range frameMarks {
			if at := bytes.Index(line, mark); at > 0 {
				return at
			}
		}
	}
	return -1
}

// details are the words before what PostgreSQL adds to an error.
var details = [][]byte{[]byte("DETAIL"), []byte("HINT"), []byte("CONTEXT"), []byte("STATEMENT"), []byte("QUERY"), []byte("LOCATION")}

// detailIn finds where a detail of PostgreSQL stands in a line.
func detailIn(line []byte) int {
	end := bytes.Index(line, []byte(":  "))
	if end < 0 {
		return -1
	}
	for _, word := range details {
		if at := end - len(word); at > 0 && line[at-1] == ' ' && bytes.HasSuffix(line[:end], word) {
			return at
		}
	}
	return -1
}

// isGroupHeader knows the indented line that a group of Python exceptions begins with.
func isGroupHeader(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("+ Exception Group Traceback"))
}

// take puts a line into the record that is open.
func (j *joiner) take(text []byte) {
	if isBlank(text) {
		j.trace.blank = true
	} else {
		j.trace.note(text)
	}
	j.put(text)
}

// put appends a line to the text of the batch, with a plain end of line.
func (j *joiner) put(text []byte) {
	if n := len(text); n > 1 && text[n-1] == '\n' && text[n-2] == '\r' {
		j.batch.text = append(append(j.batch.text, text[:n-2]...), '\n')
	} else {
		j.batch.text = append(j.batch.text, text...)
	}
	record := j.batch.last()
	record.lines++
	record.until = len(j.batch.text)
}

// start begins a record with a line that is not blank.
func (j *joiner) start(number int, d *decision) {
	if !j.isSeen {
		j.seen = stampOf(d.text)
	}
	j.open = true
	j.stamp = j.seen
	j.trace = trace{}
	j.learn(d.text, d.next)
	j.stream = d.stream
	j.next(number, d.time)
	j.take(d.text)
	j.first = len(j.batch.text)
}

// next begins a record without looking at what it begins with.
func (j *joiner) next(number int, time []byte) {
	at := len(j.batch.text)
	j.batch.Records = append(j.batch.Records, Record{Line: number, Time: string(time), from: at, until: at})
	j.first = at
}

// full says whether the open record may not grow.
func (j *joiner) full(line []byte) bool {
	record := j.batch.last()
	return record.lines >= maxLines || record.until-record.from+len(line) > maxBytes
}
