package stacktrace

import (
	"slices"
	"strings"
)

const (
	pythonFile      = `File "`
	pythonTraceback = "Traceback (most recent call last)"
)

// pythonLibraries are parts of paths that are not the application's.
var pythonLibraries = []string{"/site-packages/", "/dist-packages/", "/lib/python", "/python3.", "<frozen", "/Lib/"}

// pythonFrameAt recognises `  File "shop/orders.py", line 12, in place`.
func pythonFrameAt(line string) int {
	at := strings.Index(line, pythonFile)
	if at < 0 || !strings.Contains(line[at:], `", line `) || at > 0 && line[at-1] != ' ' && line[at-1] != '\t' {
		return -1
	}
	// Around the members of a group a frame is drawn.
	if drawn := strings.TrimRight(line[:at], " |"); strings.Contains(line[len(drawn):at], "|") {
		return len(drawn)
	}
	return at
}

// python walks over the lines of a trace.
type python struct {
	// chain stands in the order of printing, which is innermost first but for the
	// members of a group, which are causes of it.
	chain   []exception
	inner   []exception
	current exception
	// open says that the frames of an exception were read, and its name not yet.
	open bool
	// linked says that a phrase announced that the next exception goes with the last.
	linked bool
	// groups counts the exception groups whose members are being read.
	groups int
}

func parsePython(lines []string, first int) []exception {
	var p python
	base := max(indent(pythonLine(lines[first]))-2, 0)
	for _, raw := range lines[first:] {
		if len(p.chain) > maxChain {
			break
		}
		if stop := p.line(pythonLine(raw), strings.Contains(raw, "+-"), base); stop {
			break
		}
	}
	p.close(exception{})
	// Each of the chain was printed before the one it caused.
	slices.Reverse(p.chain)
	return append(p.chain, p.inner...)
}

// pythonLine removes the frame that is drawn around the members of a group.
func pythonLine(line string) string {
	if at := strings.IndexByte(line, '|'); at >= 0 && strings.Trim(line[:at], " +-") == "" {
		line = strings.TrimPrefix(line[at+1:], " ")
	}
	return line
}

// line takes the next line, and reports whether the trace ended before it.
func (p *python) line(line string, isRule bool, base int) bool {
	trimmed := strings.TrimSpace(line)
	switch {
	case pythonFrameAt(line) >= 0:
		p.current.frames = append(p.current.frames, line)
		p.open = true
	case strings.Contains(line, pythonTraceback):
		// Only what a phrase or a group ties to the last exception belongs to it.
		if !p.open && p.groups == 0 && len(p.chain) > 0 && !p.linked {
			return true
		}
		p.current, p.linked = exception{}, false
	case isRule:
		if p.groups == 0 {
			p.groups = len(p.chain)
		}
		if len(p.inner) > 0 {
			return true // The first member of a group stands for all.
		}
	case p.open && (indent(line) <= base || p.groups > 0):
		if typ, message, ok := splitHeader(trimmed, "."); ok {
			p.close(exception{typ: typ, message: message})
		}
	case strings.Contains(line, "During handling of the above exception") || strings.Contains(line, "direct cause of the following exception"):
		p.linked = true
	case !p.open && trimmed != "" && len(p.chain) > 0 && !p.linked:
		p.goOn(line)
	}
	return false
}

// close ends the exception whose frames were read.
func (p *python) close(named exception) {
	if !p.open {
		return
	}
	p.open = false
	slices.Reverse(p.current.frames)
	named.frames = p.current.frames
	p.current = exception{}
	if p.groups > 0 {
		p.inner = append(p.inner, named)
	} else {
		p.chain = append(p.chain, named)
	}
}

// goOn adds a line to the message of the last exception.
func (p *python) goOn(line string) {
	last := &p.chain[len(p.chain)-1]
	if strings.Count(last.message, "\n") < maxMessageLines {
		last.message += "\n" + line
	}
}

func pythonFrame(line string) frame {
	_, rest, _ := strings.Cut(line, pythonFile)
	path, rest, _ := strings.Cut(rest, `", line `)
	_, function, _ := strings.Cut(rest, ", in ")
	slashed := strings.ReplaceAll(path, `\`, "/")
	return frame{
		name: shortPath(path) + " " + strings.TrimSpace(function),
		own:  !hasAny(slashed, pythonLibraries) && !strings.HasPrefix(path, "<"),
	}
}
