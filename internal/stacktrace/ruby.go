package stacktrace

import "strings"

// rubyLibraries are parts of paths that are not the application's.
var rubyLibraries = []string{"/gems/", "/lib/ruby/", "<internal:", "/rubygems/", "/bundler/", "(eval"}

// rubyFrameAt recognises "app/models/order.rb:12:in 'Order#place'", with or
// without "from" before it.
func rubyFrameAt(line string) int {
	in := strings.Index(line, ":in ")
	if in <= 0 || in+4 >= len(line) || line[in+4] != '\'' && line[in+4] != '`' {
		return -1
	}
	colon := strings.LastIndexByte(line[:in], ':')
	if colon <= 0 || !isNumber(line[colon+1:in]) {
		return -1
	}
	start := strings.LastIndexAny(line[:colon], " \t") + 1
	if before := strings.TrimRight(line[:start], " \t"); strings.HasSuffix(before, "from") {
		start = len(before) - len("from")
	}
	return start
}

func parseRuby(lines []string, first int) []exception {
	outer, _ := headerAbove(rubyHeads(lines[:first]), ":")
	chain := []exception{outer}
	for i := first; i < len(lines) && len(chain) <= maxChain; i++ {
		last := &chain[len(chain)-1]
		if rubyFrameAt(lines[i]) < 0 {
			line := strings.TrimSpace(lines[i])
			if typ, message, ok := rubyHeader(strings.TrimPrefix(line, "Caused by: ")); ok && len(last.frames) > 0 {
				chain = append(chain, exception{typ: typ, message: message})
			} else if line != "" && indent(lines[i]) == 0 && len(last.frames) > 0 && !strings.HasPrefix(line, "Cause") {
				break
			}
			continue
		}
		typ, message, more := rubyVerdict(lines[i:])
		if typ != "" {
			if last.typ != "" || len(last.frames) > 0 {
				chain = append(chain, exception{})
				last = &chain[len(chain)-1]
			}
			last.typ, last.message = typ, message
		}
		last.frames = append(last.frames, lines[i])
		i += more
	}
	return chain
}

// rubyHeads turns "Type (message):", as Rails logs it, into "Type: message".
func rubyHeads(lines []string) []string {
	heads := make([]string, 0, len(lines))
	for _, line := range lines {
		if typ, message, ok := rubyHeader(strings.TrimSpace(line)); ok {
			line = typ + ": " + message
		}
		heads = append(heads, line)
	}
	return heads
}

// rubyHeader reads the last "Type (message)" or "Type (message):" that ends a line.
func rubyHeader(line string) (typ, message string, ok bool) {
	line = strings.TrimSuffix(line, ":")
	open := strings.Index(line, " (")
	if open <= 0 || !strings.HasSuffix(line, ")") {
		return "", "", false
	}
	typ = line[strings.LastIndexByte(line[:open], ' ')+1 : open]
	if typeLength(typ, ":") != len(typ) {
		return "", "", false
	}
	return typ, line[open+2 : len(line)-1], true
}

// rubyVerdict reads ": message (Type)" behind a frame. The message may go on over
// further lines, whose number it gives. Without a type there is none.
func rubyVerdict(lines []string) (typ, message string, more int) {
	_, said := rubyFunction(lines[0])
	said, found := strings.CutPrefix(said, ": ")
	if !found {
		return "", "", 0
	}
	message = said
	for more < min(len(lines)-1, maxMessageLines) {
		if typ, rest, ok := rubyType(message); ok {
			return typ, rest, more
		}
		if more++; rubyFrameAt(lines[more]) >= 0 {
			return "", "", 0
		}
		message += "\n" + lines[more]
	}
	typ, message, _ = rubyType(message)
	return typ, message, more
}

// rubyType splits "message (Type)".
func rubyType(text string) (typ, message string, ok bool) {
	inner, closed := strings.CutSuffix(strings.TrimRight(text, " "), ")")
	open := strings.LastIndexByte(inner, '(')
	if !closed || open < 0 || typeLength(inner[open+1:], ":") != len(inner)-open-1 {
		return "", "", false
	}
	return inner[open+1:], strings.TrimSpace(inner[:open]), true
}

// rubyFunction gives the function of a frame and what follows it on its line.
func rubyFunction(line string) (function, said string) {
	function = line[strings.Index(line, ":in ")+len(":in '"):]
	if end := strings.IndexByte(function, '\''); end >= 0 {
		return function[:end], function[end+1:]
	}
	return function, ""
}

func rubyFrame(line string) frame {
	place, _, _ := strings.Cut(line, ":in ")
	place = place[:strings.LastIndexByte(place, ':')]
	path := place[strings.LastIndexAny(place, " \t")+1:]
	function, _ := rubyFunction(line)
	// "block (2 levels) in Order#place", which up to Ruby 3.3 is without the class.
	if i := strings.LastIndex(function, " in "); i >= 0 {
		function = function[i+len(" in "):]
	}
	function = function[strings.LastIndexAny(function, "#.")+1:]
	return frame{name: shortPath(path) + " " + function, own: !hasAny(path, rubyLibraries)}
}
