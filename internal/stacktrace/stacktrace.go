package stacktrace

import (
	"slices"
	"strings"
)

// MaxFrames is the largest number of frames of a trace: enough to tell call
// sites apart, and few enough that a change far from the fault changes nothing.
const MaxFrames = 5

// textLimit bounds what is read of a trace, in bytes: its first and its last
// half, since some runtimes print the innermost frame first and others last.
const textLimit = 64 << 10

// maxFrameLine is the longest line that can be a frame, in bytes.
const maxFrameLine = 2 << 10

// maxChain is the longest chain of causes that is followed. Real ones have a handful.
const maxChain = 32

// Trace is what identifies an exception.
type Trace struct {
	// Type is the type of the exception as its runtime prints it, "panic" for
	// Rust, "error" for a Go panic whose type is not printed. It is empty where
	// the text shows frames alone.
	Type string
	// Message is what the exception says, of any number of lines.
	Message string
	// Cause is the type of the innermost cause, or empty.
	Cause string
	// Frames are the application's own frames, innermost first, without line
	// numbers, addresses and generated names, each once and at most MaxFrames.
	// Where the application has none, they are those of libraries. A frame of
	// minified code tells nothing and is left out.
	Frames []string
}

// exception is one of a chain: what was thrown, or a cause of it.
type exception struct {
	typ, message string
	// frames are as they were printed, innermost first. Only as many as are wanted
	// get a name.
	frames []string
}

type frame struct {
	// name is empty where the frame tells nothing.
	name string
	// own says whether it is the application's, not the runtime's or a library's.
	own bool
}

// language knows how a runtime prints traces.
type language struct {
	// marks are texts of which every trace has one. They are looked for first,
	// since that is fast.
	marks []string
	// frameAt gives where in a line a frame begins, behind whatever a logger wrote
	// before it, or -1. It must not allocate.
	frameAt func(line string) int
	// parse gives the chain of exceptions, outermost first. The index is that of
	// the first frame.
	parse func(lines []string, first int) []exception
	// frame reads a frame as parse gives it.
	frame func(printed string) frame
}

// languages are asked in this order, so that a form that looks like another
// one's comes before it.
var languages = []language{
	{[]string{pythonFile}, pythonFrameAt, parsePython, pythonFrame},
	{[]string{"at "}, javaFrameAt, parseJava, javaFrame},
	{[]string{"at "}, nodeFrameAt, parseNode, nodeFrame},
	{[]string{"   "}, dotnetFrameAt, parseDotnet, dotnetFrame},
	{[]string{":in '", ":in `"}, rubyFrameAt, parseRuby, rubyFrame},
	{[]string{"#0 "}, phpFrameAt, parsePHP, phpFrame},
	{[]string{".go:"}, goFrameAt, parseGo, goFrame},
	{[]string{"::", "rust_begin_unwind"}, rustFrameAt, parseRust, rustFrame},
}

// at gives where in a line of a bearable length a frame begins, or -1.
func (l *language) at(line string) int {
	if len(line) > maxFrameLine {
		return -1
	}
	return l.frameAt(line)
}

// Parse reads the first trace in a text, whatever stands before it. It reports
// whether there is one, without allocating where there is none.
func Parse(text string) (Trace, bool) {
	if len(text) > textLimit {
		text = text[:textLimit/2] + "\n" + text[len(text)-textLimit/2:]
	}
	found := find(text)
	if found == nil {
		return Trace{}, false
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	first := slices.IndexFunc(lines, func(line string) bool { return found.at(line) >= 0 })
	dropLinePrefix(lines, lines[first][:found.at(lines[first])])
	return found.assemble(found.parse(lines, first))
}

// headLimit is how much of a long text is read before it is asked which languages
// can occur in the rest, in bytes: nearly every trace begins there.
const headLimit = 1 << 10

// find gives the language of the first frame in a text, or nil.
func find(text string) *language {
	var room [8]*language
	possible := room[:0]
	if len(text) > headLimit {
		for i := range languages {
			possible = append(possible, &languages[i])
		}
		end := strings.LastIndexByte(text[:headLimit], '\n') + 1
		if found := firstFrame(text[:end], possible); found != nil {
			return found
		}
		text = text[end:]
	}
	possible = room[:0]
	for i := range languages {
		if hasAny(text, languages[i].marks) {
			possible = append(possible, &languages[i])
		}
	}
	return firstFrame(text, possible)
}

// firstFrame gives the language of the first frame in a text, of those that are
// asked for.
func firstFrame(text string, possible []*language) *language {
	if len(possible) == 0 {
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		for _, l := range possible {
			if l.at(line) >= 0 {
				return l
			}
		}
	}
	return nil
}

// assemble makes a trace of a chain.
func (l *language) assemble(chain []exception) (Trace, bool) {
	if len(chain) == 0 {
		return Trace{}, false
	}
	t := Trace{Type: chain[0].typ, Message: chain[0].message}
	if len(chain) > 1 {
		t.Cause = chain[len(chain)-1].typ
	}
	t.Frames = l.collect(chain, func(f frame) bool { return f.own })
	if len(t.Frames) == 0 {
		t.Frames = l.collect(chain, func(frame) bool { return true })
	}
	return t, true
}

// collect names frames from the innermost cause outwards. A frame that stands
// there again is left out, since how deep a recursion went depends on the input.
func (l *language) collect(chain []exception, wanted func(frame) bool) []string {
	var names []string
	last := ""
	for _, e := range slices.Backward(chain) {
		for _, printed := range e.frames {
			if printed == last {
				continue
			}
			last = printed
			if len(names) == MaxFrames {
				return names
			}
			if f := l.frame(printed); f.name != "" && wanted(f) && !slices.Contains(names, f.name) {
				names = append(names, f.name)
			}
		}
	}
	return names
}

// dropLinePrefix removes what a logger wrote before every line of a trace, as
// the first frame shows it. Lines without that prefix stay as they are.
func dropLinePrefix(lines []string, before string) {
	prefix := strings.TrimRight(before, " \t")
	if prefix == "" {
		return
	}
	for i, line := range lines {
		if len(line) >= len(prefix) && sameShape(line[:len(prefix)], prefix) {
			lines[i] = line[len(prefix):]
		}
	}
}

// sameShape says whether two prefixes of a length differ only in digits.
func sameShape(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[i] && (!isDigit(a[i]) || !isDigit(b[i])) {
			return false
		}
	}
	return true
}
