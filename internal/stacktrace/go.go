package stacktrace

import "strings"

// goLibraries are parts of paths that are not the application's.
var goLibraries = []string{"/pkg/mod/", "/vendor/", "/usr/local/go/", "/go/src/", "/libexec/src/", "/usr/lib/go"}

// goFrameAt recognises the second line of a frame, the tab and
// "/app/orders.go:12 +0x1d".
func goFrameAt(line string) int {
	end := strings.LastIndex(line, ".go:")
	if end < 0 {
		return -1
	}
	rest := line[end+len(".go:"):]
	n := digits(rest)
	if n == 0 || n < len(rest) && !strings.HasPrefix(rest[n:], " +0x") {
		return -1
	}
	tab := strings.LastIndexByte(line[:end], '\t')
	if tab < 0 {
		return -1
	}
	if tab+1 == end {
		return -1
	}
	return tab
}

func parseGo(lines []string, first int) []exception {
	e := goHeader(lines[:first])
	for i := first; i < len(lines); i++ {
		if at := goFrameAt(lines[i]); at >= 0 && i > 0 {
			e.frames = append(e.frames, lines[i-1]+lines[i][at:])
			continue
		}
		// Other goroutines follow after an empty line.
		if strings.TrimSpace(lines[i]) == "" {
			break
		}
	}
	return []exception{e}
}

// goFrame reads the two lines of a frame, joined by the tab of the second. That
// where the goroutine was started is none.
func goFrame(printed string) frame {
	tab := strings.LastIndexByte(printed, '\t')
	function, place := printed[:tab], printed[tab+1:]
	function = strings.TrimSpace(function)
	if strings.HasPrefix(function, "created by ") {
		return frame{}
	}
	if strings.HasSuffix(function, ")") || strings.HasSuffix(function, "...") {
		if open := goArguments(function); open > 0 {
			function = function[:open]
		}
	}
	slash := strings.LastIndexByte(function, '/')
	pkg, _, found := strings.Cut(function[slash+1:], ".")
	if !found || strings.ContainsAny(function, " \t") {
		return frame{}
	}
	pkg = function[:slash+1] + pkg
	place = strings.ReplaceAll(place, `\`, "/")
	return frame{name: goName(function), own: !hasAny(place, goLibraries) && !isGoStandard(pkg)}
}

// goArguments gives where the arguments of a call begin: the parenthesis that
// the last one closes.
func goArguments(function string) int {
	depth := 0
	for i := len(function) - 1; i >= 0; i-- {
		switch function[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth <= 0 {
				return i
			}
		}
	}
	return -1
}

// isGoStandard says whether a package is of the standard library: the first
// part of its path has no dot. Short module paths look the same, so it counts
// only for packages that print themselves into traces.
func isGoStandard(pkg string) bool {
	switch first, _, _ := strings.Cut(pkg, "/"); first {
	case "runtime", "net", "testing", "reflect", "sync", "database", "encoding", "io", "os", "syscall", "internal", "fmt", "log", "bufio", "html", "text", "time", "context", "strings", "bytes", "sort", "slices", "panic":
		return true
	}
	return strings.HasPrefix(pkg, "go.opentelemetry.io/otel/")
}

// goName removes numbers of closures, and type arguments.
func goName(function string) string {
	if open := strings.IndexByte(function, '['); open > 0 {
		if end := strings.LastIndexByte(function, ']'); end > open {
			function = function[:open] + function[end+1:]
		}
	}
	for {
		dot := strings.LastIndexByte(function, '.')
		last := function[dot+1:]
		switch {
		case dot > 0 && (isNumber(last) || strings.HasPrefix(last, "func") && isNumber(last[len("func"):]) || strings.HasPrefix(last, "gowrap") || strings.HasPrefix(last, "deferwrap")):
			function = function[:dot]
		default:
			return strings.TrimSuffix(function, "-fm")
		}
	}
}

// goHeader reads what a panic says. Its first line counts where the panic was
// raised again.
func goHeader(lines []string) exception {
	for i := max(len(lines)-maxMessageLines, 0); i < len(lines); i++ {
		for _, mark := range []string{"panic: ", "fatal error: "} {
			at := strings.Index(lines[i], mark)
			if at < 0 || at > 0 && lines[i][at-1] != ' ' && lines[i][at-1] != '\t' && mark == "panic: " {
				continue
			}
			message := strings.TrimSuffix(lines[i][at+len(mark):], " [recovered]")
			return exception{typ: goType(mark, message), message: message}
		}
		if _, message, found := strings.Cut(lines[i], "panic serving "); found {
			_, message, _ = strings.Cut(message, ": ")
			return exception{typ: goType("panic: ", message), message: message}
		}
	}
	return exception{}
}

// GoError stands for all types of Go errors that say nothing: a panic does not
// print its type, and a wrapped error has that of the wrapper.
const GoError = "error"

// goTypes are the types of the runtime's own panics by their texts, as
// runtime/error.go and runtime/panic.go have them.
var goTypes = []struct{ text, typ string }{
	{"runtime error: index out of range", "runtime.boundsError"},
	{"runtime error: slice bounds out of range", "runtime.boundsError"},
	{"runtime error: ", "runtime.errorString"},
	{"interface conversion: ", "*runtime.TypeAssertionError"},
	{"assignment to entry in nil map", "runtime.plainError"},
	{"close of ", "runtime.plainError"},
	{"send on closed channel", "runtime.plainError"},
	{"all goroutines are asleep", "fatal error"},
}

func goType(mark, message string) string {
	for _, known := range goTypes {
		if strings.HasPrefix(message, known.text) {
			return known.typ
		}
	}
	if mark == "fatal error: " {
		return "fatal error"
	}
	// panic(value) of another type than error or string: "main.Fault{…}" or "(main.Fault) …".
	if name, _, found := strings.Cut(strings.TrimPrefix(message, "("), ")"); found && strings.HasPrefix(message, "(") && !strings.Contains(name, " ") {
		return name
	}
	return GoError
}
