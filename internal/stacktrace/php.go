package stacktrace

import (
	"slices"
	"strings"
)

// phpLibraries are prefixes of classes that are not the application's.
var phpLibraries = []string{
	`Symfony\`, `Illuminate\`, `Laravel\`, `Doctrine\`, `GuzzleHttp\`, `Monolog\`, `Composer\`, `Twig\`, `Psr\`, `Slim\`, `Laminas\`, `Zend\`, `Yii`, `yii\`,
	`PHPUnit\`, `Predis\`, `League\`, `Drupal\Core\`, `Magento\Framework\`, `OpenTelemetry\`, `PDO`, `mysqli`, `Redis`,
}

// phpFrameAt recognises `#0 /app/src/Order.php(12): App\Order->place()`.
func phpFrameAt(line string) int {
	at := strings.IndexByte(line, '#')
	if at < 0 || at > 0 && line[at-1] != ' ' && line[at-1] != '\t' {
		return -1
	}
	n := digits(line[at+1:])
	if n == 0 || n > 4 {
		return -1
	}
	rest, found := strings.CutPrefix(line[at+1+n:], " ")
	if !found {
		return -1
	}
	if rest == "{main}" || strings.HasPrefix(rest, "[internal function]: ") {
		return at
	}
	end := strings.Index(rest, "): ")
	open := strings.LastIndexByte(rest[:max(end, 0)], '(')
	if end < 0 || open <= 0 || !isNumber(rest[open+1:end]) {
		return -1
	}
	return at
}

func parsePHP(lines []string, first int) []exception {
	inner, file := phpHeader(lines[:first])
	chain := []exception{inner}
	for i, line := range lines[first:] {
		if len(chain) > maxChain {
			break
		}
		trimmed := strings.TrimSpace(line)
		last := &chain[len(chain)-1]
		switch {
		case phpFrameAt(line) >= 0:
			last.frames = append(last.frames, phpPrinted(line, file))
		case strings.HasPrefix(trimmed, "Next "):
			// What was thrown first is printed first, then what wraps it.
			var outer exception
			outer, file = phpHeader(lines[first+i : first+i+1])
			chain = append(chain, outer)
		case strings.HasPrefix(trimmed, "[previous exception]"):
			// Monolog prints what wraps first.
			var cause exception
			cause, file = phpHeader(lines[first+i : first+i+1])
			chain = append([]exception{cause}, chain...)
			chain = phpPrevious(chain, lines[first+i+1:], file)
			slices.Reverse(chain)
			return chain
		}
	}
	slices.Reverse(chain)
	return chain
}

// phpPrevious reads the frames of the cause that Monolog printed last.
func phpPrevious(chain []exception, lines []string, file string) []exception {
	for _, line := range lines {
		if phpFrameAt(line) >= 0 {
			chain[0].frames = append(chain[0].frames, phpPrinted(line, file))
		}
	}
	return chain
}

// phpHeader reads "Uncaught Type: message in FILE:12", and Monolog's
// "[object] (Type(code: 0): message at FILE:12)".
func phpHeader(lines []string) (e exception, file string) {
	text := strings.Join(lines[max(len(lines)-maxMessageLines, 0):], "\n")
	text, _, _ = strings.Cut(text, "\nStack trace:")
	text, _, _ = strings.Cut(text, "\n[stacktrace]")
	place := " in "
	if i := strings.LastIndex(text, "[object] ("); i >= 0 {
		text, place = strings.ReplaceAll(text[i+len("[object] ("):], `\\`, `\`), " at "
		if typ, rest, found := strings.Cut(text, "(code: "); found {
			_, rest, _ = strings.Cut(rest, "): ")
			text = typ + ": " + rest
		}
	}
	for _, word := range []string{"Uncaught ", "Next "} {
		if i := strings.LastIndex(text, word); i >= 0 {
			text = text[i+len(word):]
			break
		}
	}
	if i := strings.LastIndex(text, place); i >= 0 {
		text, file = text[:i], text[i+len(place):]
		file, _, _ = strings.Cut(file, ":")
	}
	first, more, _ := strings.Cut(text, "\n")
	typ, message, ok := splitHeader(first, `\`)
	if !ok {
		if typ, message, ok = findHeader(first, `\`); !ok {
			return exception{}, file
		}
	}
	return exception{typ: typ, message: strings.TrimSpace(message + "\n" + more)}, file
}

// phpPrinted gives a frame as phpFrame reads it. The main program has no name
// but that of its file, which the frame does not tell.
func phpPrinted(line, thrownIn string) string {
	line = line[phpFrameAt(line)+1:]
	line = line[digits(line)+1:]
	if line == "{main}" {
		return line + " " + shortPath(thrownIn)
	}
	return line
}

// phpFrame gives the function that was called; the place on its line is where
// that was.
func phpFrame(printed string) frame {
	if strings.HasPrefix(printed, "{main}") {
		return frame{name: strings.TrimSpace(printed)}
	}
	place, call, _ := strings.Cut(printed, "): ")
	if inner, internal := strings.CutPrefix(printed, "[internal function]: "); internal {
		place, call = "", inner
	}
	call = strings.ReplaceAll(call, `\\`, `\`)
	name, _, _ := strings.Cut(call, "(")
	if closure := strings.Index(name, "{closure"); closure >= 0 {
		name = name[:closure] + "{closure}" // Since PHP 8.4 it has the line where it is defined.
	}
	own := !strings.Contains(place, "/vendor/") && !hasAnyPrefix(name, phpLibraries)
	return frame{name: phpNames.Replace(name), own: own}
}

var phpNames = strings.NewReplacer("->", ".", "::", ".", `\`, ".")
