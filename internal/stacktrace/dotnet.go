package stacktrace

import "strings"

// dotnetLibraries are prefixes of methods that are not the application's.
var dotnetLibraries = []string{
	"System.", "Microsoft.", "Npgsql.", "MySql.", "MySqlConnector.", "Oracle.", "MongoDB.", "StackExchange.", "Dapper.", "Newtonsoft.", "Polly.", "Serilog.",
	"NLog.", "Grpc.", "RabbitMQ.", "MassTransit.", "MediatR.", "Hangfire.", "Quartz.", "Autofac.", "Castle.", "AutoMapper.", "FluentValidation.", "Azure.",
	"Amazon.", "Google.", "OpenTelemetry.", "Confluent.", "Elastic.", "RestSharp.", "Xunit.", "NUnit.", "lambda_method",
}

// dotnetFrameAt recognises `   at Shop.Orders.Place(Int32 id) in /src/Orders.cs:line 12`.
func dotnetFrameAt(line string) int {
	for i := range atWords {
		at, rest := afterAt(line, atWords[i:i+1])
		// A sentence can have "at a.Method()" in it, but one blank before it.
		if at < 0 || at != indent(line) && (i > 0 || !strings.HasSuffix(line[:at], "  ")) {
			continue
		}
		open := strings.IndexByte(rest, '(')
		if open <= 0 || strings.IndexByte(rest[open:], ')') < 0 || strings.IndexByte(rest[:open], '.') <= 0 {
			continue
		}
		if isDotnetMethod(rest[:open]) && isDotnetEnd(rest[open:]) {
			return at
		}
	}
	return -1
}

// isDotnetMethod says whether a text is the qualified name of a method, with the
// marks of generics and of code that the compiler wrote.
func isDotnetMethod(name string) bool {
	for i := range len(name) {
		if c := name[i]; !isName(c) && strings.IndexByte(".+`<>[],|=@-", c) < 0 {
			return false
		}
	}
	return true
}

// isDotnetEnd says whether nothing but the place in the source follows the parameters.
func isDotnetEnd(parameters string) bool {
	rest := strings.TrimSpace(parameters[strings.LastIndexByte(parameters, ')')+1:])
	// " in FILE:line 12", in any language.
	return rest == "" || strings.Contains(rest, ":")
}

func parseDotnet(lines []string, first int) []exception {
	chain := dotnetHeads(lines[:first])
	// The frames of the innermost exception stand first.
	current := len(chain) - 1
	for _, line := range lines[first:] {
		trimmed := strings.TrimSpace(line)
		switch {
		case dotnetFrameAt(line) >= 0:
			chain[current].frames = append(chain[current].frames, line)
		case strings.HasPrefix(trimmed, "---"):
			if isInnerEnd(trimmed) && current > 0 {
				current--
			}
		case trimmed == "", indent(line) > 0:
		default:
			return chain
		}
	}
	return chain
}

// isInnerEnd tells the line that ends the frames of an inner exception from
// that between the halves of an asynchronous call. Both are translated, so what
// counts is the words for "inner" and "previous location".
func isInnerEnd(line string) bool {
	lower := strings.ToLower(line)
	return hasAny(lower, []string{"inner", "intern", "внутренн", "内部"})
}

// dotnetHeads reads the names above the first frame: "Outer: text ---> Inner:
// text", on one line or several. There is at least one, perhaps empty.
func dotnetHeads(lines []string) []exception {
	outer, at := headerAbove(untilInner(lines), ".")
	chain := []exception{outer}
	if at < 0 {
		return chain
	}
	for _, part := range strings.Split(strings.Join(lines[at:], "\n"), "---> ")[1:] {
		if len(chain) > maxChain {
			break
		}
		if typ, message, ok := splitHeader(part, "."); ok {
			chain = append(chain, exception{typ: typ, message: strings.TrimSpace(message)})
		}
	}
	chain[0].message, _, _ = strings.Cut(chain[0].message, "---> ")
	chain[0].message = strings.TrimSpace(chain[0].message)
	return chain
}

// untilInner gives the lines up to the first that names an inner exception,
// without what follows the arrow.
func untilInner(lines []string) []string {
	for i, line := range lines {
		if before, _, found := strings.Cut(line, "---> "); found {
			heads := append([]string(nil), lines[:i]...)
			if strings.TrimSpace(before) != "" {
				heads = append(heads, before)
			}
			return heads
		}
	}
	return lines
}

func dotnetFrame(line string) frame {
	rest := line[dotnetFrameAt(line):]
	_, rest, _ = strings.Cut(rest, " ")
	name := rest[:strings.IndexByte(rest, '(')]
	return frame{name: dotnetName(name), own: !hasAnyPrefix(name, dotnetLibraries)}
}

// dotnetName gives the method as the source has it: compilers turn asynchronous
// methods, iterators and lambdas into classes whose names are numbered.
func dotnetName(name string) string {
	name = strings.TrimSuffix(name, ".MoveNext")
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '+' })
	kept := parts[:0]
	for _, part := range parts {
		if generic := strings.IndexAny(part, "`["); generic > 0 {
			part = part[:generic]
		}
		if strings.HasPrefix(part, "<") {
			part = strings.TrimLeft(part, "<")
			part, _, _ = strings.Cut(part, ">")
		}
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}
