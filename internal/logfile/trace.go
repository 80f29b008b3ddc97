package logfile

import "bytes"

// trace knows how far the stack trace of a record has come, so that it can tell
// which lines without indentation belong to it. Indented lines always do.
type trace struct {
	language language
	// frames says that a line for a frame was seen, and caused that a cause was
	// whose frames are still to come.
	frames, caused bool
	// chained says that the words before a further Python traceback were seen.
	chained bool
	// blank says that the last line is blank, and indented that it is indented.
	blank, indented bool
	// excerpt says that a line of source with a caret below it was seen, and named
	// that the error that follows it was.
	excerpt, named bool
	// validation says that a message of pydantic began, whose fields stand at the
	// beginning of a line.
	validation bool
}

type language uint8

const (
	unknown language = iota
	// pythonFrames is a traceback before the line with the exception, and
	// pythonDone is one after it.
	pythonFrames
	pythonDone
	// golang is a panic, or goroutines.
	golang
	// numbered is a trace whose frames are numbered, as in PHP, Rust and V8.
	numbered
	// rustMessage is a panic of Rust whose message is still to come.
	rustMessage
	// dying is what V8 prints when the heap is full.
	dying
)

var (
	pythonHeader   = []byte("Traceback (most recent call last):")
	goHeader       = []byte("goroutine ")
	stackTrace     = []byte("Stack trace:")
	stackBacktrace = []byte("stack backtrace:")
	validationText = []byte("validation error")
)

// note takes a line into the record.
func (t *trace) note(line []byte) {
	trimmed := trimStart(bytes.TrimPrefix(line, []byte("#011")))
	t.blank = false
	t.indented = len(trimmed) < len(line)
	if t.indented {
		t.noteIndented(trimmed)
		return
	}
	switch t.language {
	case pythonFrames:
		t.language = pythonDone
	case rustMessage:
		t.language = numbered
	default:
	}
	t.named = t.named || t.excerpt
	switch line[0] {
	case 'p', 'f', 'S', 'r':
		if hasAnyPrefix(line, "panic: ", "fatal error: ", "SIGQUIT: quit", "runtime: ") {
			t.language = golang
		}
	case 't':
		if hasAnyPrefix(line, "thread '") && bytes.Contains(line, []byte("' panicked at")) {
			t.language = numbered
			if last(line) == ':' {
				t.language = rustMessage
			}
		}
	case 'C', 'g', '<', 'D', 'T':
		t.noteWords(line)
	}
	t.noteEnd(line)
}

func (t *trace) noteWords(line []byte) {
	switch {
	case hasAnyPrefix(line, "Caused by: "):
		t.caused = true
	case isGoroutine(line):
		t.language = golang
	case hasAnyPrefix(line, "<--- Last few GCs"):
		t.language = dying
	case hasAnyPrefix(line, "During handling of the above exception", "The above exception was the direct cause"):
		t.chained = true
	}
}

// noteEnd knows the words that stand behind others on a line.
func (t *trace) noteEnd(line []byte) {
	switch line = trimEnd(line); line[len(line)-1] {
	case ':':
		switch {
		case bytes.HasSuffix(line, pythonHeader):
			t.language, t.chained = pythonFrames, false
		case bytes.HasSuffix(line, stackTrace), bytes.HasSuffix(line, stackBacktrace):
			t.language = numbered
		}
	case ']':
		if bytes.HasSuffix(line, []byte("[stacktrace]")) {
			t.language = numbered
		}
	}
	t.validation = t.validation || bytes.Contains(line, validationText)
}

func (t *trace) noteIndented(trimmed []byte) {
	if len(trimmed) == 0 {
		return
	}
	switch {
	case isFrame(trimmed):
		t.frames, t.caused = true, false
	case t.language == unknown && bytes.HasSuffix(trimEnd(trimmed), pythonHeader):
		// That of an exception group.
		t.language = pythonDone
	case trimmed[0] == '^' && len(bytes.Trim(trimmed, "^ \t\r\n")) == 0:
		t.excerpt, t.named = true, false
	case trimmed[0] == '+' || trimmed[0] == '|':
		t.validation = t.validation || bytes.Contains(trimmed, validationText)
	}
}

// accepts says whether a line without indentation belongs to the record.
func (t *trace) accepts(line, next []byte) bool {
	switch t.language {
	case pythonFrames, rustMessage:
		return true
	case pythonDone:
		if t.chained && bytes.HasPrefix(line, pythonHeader) || isPythonNote(line) {
			return true
		}
	case golang:
		if isGoTrace(line) || len(next) > 1 && next[0] == '\t' && next[1] == '/' {
			return true
		}
	case numbered:
		if isNumbered(line) || hasAnyPrefix(line, "note: ", "stack backtrace:", "Stack trace:", "Next ", "\"} ") {
			return true
		}
	case dying:
		if line[0] == '[' || isNumbered(line) || hasAnyPrefix(line, "<--- JS stack", "FATAL ERROR: ", "----- ", "====") {
			return true
		}
	}
	if t.validation && isIndented(next) {
		return true
	}
	return t.acceptsAny(line, next)
}

// acceptsAny knows what continues a trace of several languages.
func (t *trace) acceptsAny(line, next []byte) bool {
	if t.excerpt && !t.named {
		// The error of Node, behind the source that threw it.
		return t.blank && (bytes.Contains(line, []byte("Error")) || isIndented(next))
	}
	switch line[0] {
	case '}', ']', ')':
		return t.indented
	case 'C', 'S', 's':
		if hasAnyPrefix(line, "Caused by:", "Stack trace:", "Stack backtrace:", "stack backtrace:", "Suppressed: ") {
			return true
		}
	case '.', '-':
		return t.frames && hasAnyPrefix(line, "... ", "--- End of ")
	case 'N':
		return (t.frames || t.excerpt) && hasAnyPrefix(line, "Node.js v")
	case '#':
		return isNumbered(line)
	}
	// A cause's message of several lines, in front of its frames.
	return t.caused && isIndented(next) && isFrame(trimStart(next)) || isRubyFrame(line)
}

// isFrame knows the frames of Java, Node, .NET, Python and Ruby, without their indentation.
func isFrame(trimmed []byte) bool {
	switch trimmed[0] {
	case 'a':
		return hasAnyPrefix(trimmed, "at ")
	case 'F':
		return hasAnyPrefix(trimmed, `File "`)
	case 'f':
		return hasAnyPrefix(trimmed, "from ")
	}
	return false
}

// isPythonNote knows what SQLAlchemy and psycopg write below an exception, and
// what stands between two tracebacks.
func isPythonNote(line []byte) bool {
	return hasAnyPrefix(line, "[SQL: ", "[parameters: ", "(Background on this error", "DETAIL: ", "HINT: ", "CONTEXT: ", "LINE ",
		"During handling of the above exception", "The above exception was the direct cause")
}

// isGoTrace knows the lines of a panic that are no calls; these stand before an indented line.
func isGoTrace(line []byte) bool {
	return isGoroutine(line) || hasAnyPrefix(line, "[signal ", "PC=", "created by ", "exit status ", "runtime stack:", "...additional frames elided",
		"goroutine running on other thread") || isRegister(line)
}

func isGoroutine(line []byte) bool {
	return bytes.HasPrefix(line, goHeader) && last(line) == ':' && bytes.IndexByte(line, '[') > 0
}

// isRegister knows a line like rax    0x0.
func isRegister(line []byte) bool {
	name, value, found := bytes.Cut(line, []byte(" "))
	return found && len(name) <= 6 && bytes.HasPrefix(bytes.TrimLeft(value, " "), []byte("0x"))
}

// isNumbered knows frames like #0 main.php(3): f(), and 10: 0xb8ced1 node::Abort().
func isNumbered(line []byte) bool {
	if line[0] == '#' {
		n := digits(line[1:])
		return n > 0 && len(line) > n+1 && line[n+1] == ' '
	}
	n := digits(line)
	return n > 0 && hasAnyPrefix(line[n:], ": ")
}

// isRubyFrame knows a line like app/models/order.rb:12:in `pay'. With a message
// behind it, it is the first of a trace.
func isRubyFrame(line []byte) bool {
	path, rest, found := bytes.Cut(line, []byte(".rb:"))
	if !found || bytes.IndexByte(path, ' ') >= 0 || last(line) != '\'' {
		return false
	}
	return bytes.HasPrefix(rest[digits(rest):], []byte(":in "))
}

// isIndented says whether a line begins with white space; rsyslog writes a tab as #011.
func isIndented(line []byte) bool {
	return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && !isBlank(line) || hasAnyPrefix(line, "#011")
}

func isBlank(line []byte) bool { return len(trimStart(line)) == 0 }

// trimStart and trimEnd are for every line, for which the functions of package
// bytes, which prepare for any set of characters, take too long.
func trimStart(line []byte) []byte {
	for len(line) > 0 && isSpace(line[0]) {
		line = line[1:]
	}
	return line
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && isSpace(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	return line
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// last gives the last character of a line that is no space, or 0.
func last(line []byte) byte {
	if line = trimEnd(line); len(line) > 0 {
		return line[len(line)-1]
	}
	return 0
}
