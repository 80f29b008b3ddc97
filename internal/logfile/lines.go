package logfile

import (
	"bytes"
	"errors"
	"io"
)

// blockSize is how much is read at once, in bytes: large enough that the calls
// cost nothing, small enough for a cache.
const blockSize = 256 << 10

// lines gives the lines of a stream, each together with the one after it, since
// whether a line belongs to a record may show only there.
//
// Of a line over the limit the head and the tail of half the limit each are
// given: rules see no more of a record than its head and tail either.
type lines struct {
	source io.Reader
	limit  int
	// buffer holds the current line, then the next one, then what was read ahead.
	buffer              []byte
	from, middle, until int
	// end is where what was read ends, and searched up to where there is no end
	// of the next line.
	end, searched int
	number        int
	// shortened counts the lines that are over the limit.
	shortened int
	// dropped says that the next line already lacks its middle.
	dropped bool
	// read counts the bytes of the stream.
	read int64
	err  error
}

func newLines(source io.Reader, limit int) *lines {
	return &lines{source: source, limit: limit, buffer: make([]byte, blockSize)}
}

// advance moves to the next line. It reports false behind the last one.
func (l *lines) advance() bool {
	if l.number == 0 {
		l.findNext()
	}
	l.from, l.middle = l.middle, l.until
	if l.from == l.middle {
		return false
	}
	l.number++
	l.shorten()
	l.findNext()
	return true
}

// line is the current line with its end.
func (l *lines) line() []byte { return l.buffer[l.from:l.middle] }

// next is the line after the current one; empty behind the last one.
func (l *lines) next() []byte { return l.buffer[l.middle:l.until] }

// failure is what ended the stream, if not its end.
func (l *lines) failure() error {
	if errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}

// shorten takes the middle out of a current line over the limit.
func (l *lines) shorten() {
	half := l.limit / 2
	if l.middle-l.from > l.limit {
		copy(l.buffer[l.middle-2*half:], l.buffer[l.from:l.from+half])
		l.from = l.middle - 2*half
		l.dropped = true
	}
	if l.dropped {
		l.shortened++
		l.dropped = false
	}
}

// findNext finds the end of the next line, reading as far as that takes.
func (l *lines) findNext() {
	l.searched = l.middle
	for {
		if at := bytes.IndexByte(l.buffer[l.searched:l.end], '\n'); at >= 0 {
			l.until = l.searched + at + 1
			return
		}
		l.searched = l.end
		if l.err != nil {
			l.until = l.end
			return
		}
		l.fill()
	}
}

// fill reads more, after it made room where there is none.
func (l *lines) fill() {
	if l.end == len(l.buffer) {
		l.makeRoom()
	}
	n, err := l.source.Read(l.buffer[l.end:])
	l.end += n
	l.read += int64(n)
	l.err = err
}

func (l *lines) makeRoom() {
	copy(l.buffer, l.buffer[l.from:l.end])
	l.middle -= l.from
	l.searched -= l.from
	l.end -= l.from
	l.from = 0
	half := l.limit / 2
	switch {
	case l.end < len(l.buffer)/2:
	case l.end-l.middle > l.limit+half:
		copy(l.buffer[l.middle+half:], l.buffer[l.end-half:l.end])
		l.end = l.middle + 2*half
		l.searched = l.end
		l.dropped = true
	default:
		l.buffer = append(l.buffer, make([]byte, len(l.buffer))...)
	}
}
