package stacktrace

import "strings"

// nodeLibraries are parts of paths that are not the application's.
var nodeLibraries = []string{"/node_modules/", "node:", "internal/", "<anonymous>", "native", "/.yarn/", "/.pnpm/", "bootstrap_node.js", "webpack/bootstrap"}

// nodeFrameAt recognises `    at place (/app/orders.js:12:5)` and
// `    at /app/orders.js:12:5`.
func nodeFrameAt(line string) int {
	at, rest := afterAt(line, atWords[:1])
	if at < 0 {
		return -1
	}
	place, function := nodePlace(rest)
	if function == "" && strings.IndexByte(place, ' ') >= 0 && !isNodeBuiltIn(place) {
		return -1 // A sentence has "at" in it as well.
	}
	if file, _ := cutPosition(place); file != "" || isNodeBuiltIn(place) {
		return at
	}
	return -1
}

func isNodeBuiltIn(place string) bool {
	return place == "<anonymous>" || place == "native" || strings.HasPrefix(place, "index ") && isNumber(place[len("index "):])
}

// nodePlace splits what follows "at" into the place in the source and the function.
func nodePlace(rest string) (place, function string) {
	rest = strings.TrimSuffix(strings.TrimRight(rest, " "), " {")
	if inner, closed := strings.CutSuffix(rest, ")"); closed {
		if open := strings.LastIndex(inner, " ("); open >= 0 {
			return inner[open+2:], inner[:open]
		}
	}
	return strings.TrimPrefix(rest, "async "), ""
}

// cutPosition splits "file:line:column".
func cutPosition(place string) (file, column string) {
	last := strings.LastIndexByte(place, ':')
	if last <= 0 || !isNumber(place[last+1:]) {
		return "", ""
	}
	before := strings.LastIndexByte(place[:last], ':')
	if before <= 0 || !isNumber(place[before+1:last]) {
		return "", ""
	}
	return place[:before], place[last+1:]
}

func parseNode(lines []string, first int) []exception {
	outer, _ := headerAbove(nodeHeads(lines[:first]), ".")
	chain := []exception{outer}
	for _, line := range lines[first:] {
		trimmed := strings.TrimSpace(line)
		last := &chain[len(chain)-1]
		switch {
		case len(chain) > maxChain:
			return chain
		case nodeFrameAt(line) >= 0:
			last.frames = append(last.frames, line)
		case strings.HasPrefix(trimmed, "[cause]: "):
			typ, message, _ := splitHeader(nodeHead(trimmed[len("[cause]: "):]), ".")
			chain = append(chain, exception{typ: typ, message: message})
		case indent(line) > 0, trimmed == "", trimmed == "}", strings.HasPrefix(trimmed, "From previous event"):
			// Properties of the error, or a jump to another event.
		case len(last.frames) > 0:
			return chain
		}
	}
	return chain
}

func nodeHeads(lines []string) []string {
	heads := make([]string, 0, len(lines))
	for _, line := range lines {
		heads = append(heads, nodeHead(line))
	}
	return heads
}

// nodeHead removes the code in "TypeError [ERR_INVALID_ARG_TYPE]: message", and
// what stands before the name of an uncaught error.
func nodeHead(line string) string {
	for _, word := range []string{"Uncaught (in promise) ", "Uncaught "} {
		if _, rest, found := strings.Cut(line, word); found {
			line = rest
		}
	}
	if before, rest, found := strings.Cut(line, " ["); found && isFault(before) {
		if _, after, closed := strings.Cut(rest, "]"); closed {
			return before + after
		}
	}
	return line
}

func nodeFrame(line string) frame {
	_, rest := afterAt(line, atWords[:1])
	place, function := nodePlace(rest)
	file, column := cutPosition(place)
	own := file != "" && !hasAny(strings.ReplaceAll(file, `\`, "/"), nodeLibraries)
	name := nodeFunction(function)
	path := strings.TrimPrefix(strings.TrimPrefix(file, "file://"), "webpack-internal:///")
	if isMinified(path, column) {
		if len(name[strings.LastIndexByte(name, '.')+1:]) < minFunctionName {
			return frame{own: own}
		}
		return frame{name: name, own: own}
	}
	return frame{name: strings.TrimSpace(shortPath(path) + " " + name), own: own}
}

// minFunctionName is the shortest name in a bundle that is taken for one that a
// person gave: minifiers begin with one letter and seldom need a fourth.
const minFunctionName = 4

// nodeFunction removes what the engine says of how a function was called.
func nodeFunction(function string) string {
	for _, word := range []string{"async ", "new "} {
		function = strings.TrimPrefix(function, word)
	}
	if as := strings.Index(function, " [as "); as >= 0 {
		function = function[:as]
	}
	// The type of the receiver: it is there or not as the engine sees fit.
	for _, receiver := range []string{"Object.", "Module.", "Function.", "Promise.", "process.", "global.", "exports."} {
		function = strings.TrimPrefix(function, receiver)
	}
	return strings.ReplaceAll(function, "<anonymous>", "")
}

// isMinified says whether a file is a bundle: it is named for a digest of its
// content or says so, or has all code on one line.
func isMinified(path, column string) bool {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if strings.Contains(name, ".min.") || len(column) >= minBundleColumn {
		return true
	}
	stem := name
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		stem = name[:dot]
	}
	for _, part := range strings.FieldsFunc(stem, func(r rune) bool { return r == '.' || r == '-' || r == '_' || r == '~' }) {
		if len(part) >= minDigest && isDigest(part) {
			return true
		}
	}
	return false
}

const (
	// minBundleColumn is how many digits a column has that no person writes to.
	minBundleColumn = 4
	// minDigest is the shortest digest that bundlers put into names.
	minDigest = 6
)

// isDigest tells a digest from a word: it mixes digits or capitals into letters
// as no word does.
func isDigest(part string) bool {
	count, capitals := 0, 0
	for i := range len(part) {
		switch c := part[i]; {
		case isDigit(c):
			count++
		case 'A' <= c && c <= 'Z' && i > 0:
			capitals++
		case !isLetter(c):
			return false
		}
	}
	return count >= 2 || count == 1 && (isHex(part) || capitals > 0)
}
