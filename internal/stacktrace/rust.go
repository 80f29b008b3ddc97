package stacktrace

import "strings"

// rustLibraries are prefixes of functions that are not the application's.
var rustLibraries = []string{
	"std::", "core::", "alloc::", "rust_begin_unwind", "__rust", "_start", "__libc_start", "main", "backtrace::", "anyhow::", "eyre::", "tokio::", "futures",
	"hyper::", "axum::", "tower", "actix", "rayon", "tracing", "<core::", "<alloc::", "<std::", "<F as core::", "<tokio::", "_pthread", "start_thread", "clone",
}

// rustFrameAt recognises "   4: shop::orders::place", with an address before
// the name in full backtraces.
func rustFrameAt(line string) int {
	for from := 0; ; {
		colon := strings.Index(line[from:], ": ")
		if colon < 0 {
			return -1
		}
		colon += from
		from = colon + 1
		at := colon
		for at > 0 && isDigit(line[at-1]) {
			at--
		}
		// The number stands in a column of its own.
		if at == colon || colon-at > 4 || at != indent(line) && !strings.HasSuffix(line[:at], "  ") {
			continue
		}
		if name := strings.TrimSpace(line[colon+2:]); len(name) <= maxSymbol && isRustFunction(rustSymbol(name)) {
			return at
		}
	}
}

// rustHash is how many hexadecimal digits a hash in a symbol has.
const rustHash = 16

// maxSymbol is the longest name of a function in bytes; those of generic code are long.
const maxSymbol = 1 << 10

func isRustFunction(name string) bool {
	if strings.ContainsAny(name, "\"'(") || strings.ContainsRune(name, ' ') && !strings.HasPrefix(name, "<") {
		return false
	}
	return strings.Contains(name, "::") || name == "rust_begin_unwind"
}

// rustSymbol removes the address before and the hash after a name, or those that
// the newer mangling puts behind the crates: "core[c1f1a4ba060b9bfa]::fmt::write".
func rustSymbol(name string) string {
	if _, rest, found := strings.Cut(name, " - "); found && strings.HasPrefix(name, "0x") {
		name = rest
	}
	if i := strings.LastIndex(name, "::h"); i > 0 && len(name)-i == len("::h")+rustHash && isHex(name[i+3:]) {
		name = name[:i]
	}
	for {
		open := strings.IndexByte(name, '[')
		if open < 0 || open+rustHash+1 >= len(name) || name[open+rustHash+1] != ']' || !isHex(name[open+1:open+rustHash+1]) {
			return name
		}
		name = name[:open] + name[open+rustHash+2:]
	}
}

func parseRust(lines []string, first int) []exception {
	e := rustHeader(lines[:first])
	for i := first; i < len(lines); i++ {
		if rustFrameAt(lines[i]) >= 0 {
			place := ""
			if i+1 < len(lines) {
				place = strings.TrimSpace(lines[i+1])
			}
			e.frames = append(e.frames, lines[i]+"\n"+place)
		}
	}
	return []exception{e}
}

// rustHeader reads "thread 'main' panicked at src/main.rs:2:5:" with the message
// below, or up to Rust 1.72 with it in quotes before the place; or an error of
// anyhow or eyre, "Error: message".
func rustHeader(lines []string) exception {
	for i, line := range lines {
		if _, rest, found := strings.Cut(line, "panicked at "); found {
			if message, quoted := strings.CutPrefix(rest, "'"); quoted {
				message, _, _ = strings.Cut(message, "', ")
				return exception{typ: "panic", message: message}
			}
			message, _, _ := strings.Cut(strings.Join(lines[i+1:], "\n"), "\nstack backtrace:")
			return exception{typ: "panic", message: strings.TrimSpace(message)}
		}
		if message, found := strings.CutPrefix(line, "Error: "); found {
			return exception{typ: "Error", message: message}
		}
	}
	return exception{}
}

// rustFrame reads a frame and the line below it, which has the place.
func rustFrame(printed string) frame {
	line, place, _ := strings.Cut(printed, "\n")
	name := line[rustFrameAt(line):]
	name = rustSymbol(strings.TrimSpace(name[digits(name)+1:]))
	own := !hasAnyPrefix(name, rustLibraries) && !hasAny(place, []string{"/rustc/", "/.cargo/", "/library/std", "/library/core"})
	return frame{name: strings.ReplaceAll(name, "::{{closure}}", ""), own: own}
}
