package stacktrace

import "strings"

// javaLibraries are prefixes of classes that are not the application's: the
// platform, other languages on it, application servers, frameworks, drivers.
var javaLibraries = []string{
	"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "oracle.", "kotlin.", "kotlinx.", "scala.", "groovy.", "clojure.", "akka.", "android.", "androidx.", "dalvik.",
	"org.springframework.", "org.apache.", "org.hibernate.", "org.eclipse.", "org.jboss.", "org.wildfly.", "org.glassfish.", "org.junit.", "org.mockito.",
	"org.aspectj.", "org.quartz.", "org.codehaus.", "org.gradle.", "org.slf4j.", "org.reactivestreams.", "org.postgresql.", "org.mariadb.", "org.h2.", "org.mongodb.",
	"com.mongodb.", "com.mysql.", "com.microsoft.sqlserver.", "com.zaxxer.", "com.fasterxml.", "com.google.", "com.netflix.", "com.datastax.", "com.alibaba.druid.",
	"com.rabbitmq.", "com.amazonaws.", "software.amazon.", "redis.clients.", "feign.", "okhttp3.", "okio.", "retrofit2.", "reactor.", "rx.", "io.reactivex.", "io.netty.",
	"io.vertx.", "io.grpc.", "io.micrometer.", "io.micronaut.", "io.quarkus.", "io.undertow.", "io.lettuce.", "io.ktor.", "io.opentelemetry.", "io.github.resilience4j.",
	"play.", "net.bytebuddy.", "ch.qos.", "brave.", "zipkin2.", "lombok.",
}

// javaFrameAt recognises `	at com.acme.Shop.order(Shop.java:12)` and what
// loaders, modules, native and generated code make of it.
func javaFrameAt(line string) int {
	at, rest := afterAt(line, atWords[:1])
	if at < 0 {
		return -1
	}
	open := strings.IndexByte(rest, '(')
	end := strings.LastIndexByte(rest, ')')
	if open <= 0 || end < open || strings.IndexByte(rest[:open], ' ') >= 0 || strings.IndexByte(rest[:open], '.') < 0 {
		return -1
	}
	if !isJavaPlace(rest[open+1 : end]) {
		return -1
	}
	return at
}

// isJavaPlace says whether parentheses of a frame hold what the JVM writes there.
func isJavaPlace(place string) bool {
	switch place {
	case "Native Method", "Unknown Source", "<generated>", "<unknown>":
		return true
	}
	file, line, _ := strings.Cut(place, ":")
	dot := strings.LastIndexByte(file, '.')
	if dot <= 0 || line != "" && !isNumber(line) {
		return false
	}
	switch file[dot+1:] {
	case "java", "kt", "kts", "scala", "groovy", "clj", "php":
		return true // The PHP SDK of OpenTelemetry writes its traces as Java does.
	}
	return false
}

// java walks over the lines of a trace.
type java struct {
	chain []exception
	// current is the index of the exception whose frames are read.
	current int
	// suppressed is how far the heading of a suppressed exception is indented.
	// What is indented further belongs to it.
	suppressed int
}

func parseJava(lines []string, first int) []exception {
	outer, _ := headerAbove(javaHeads(lines[:first]), ".")
	j := java{chain: []exception{outer}, suppressed: -1}
	for _, line := range lines[first:] {
		if len(j.chain) > maxChain || !j.line(line) {
			break
		}
	}
	return j.chain
}

// javaHeads removes what the JVM writes before the name of an uncaught exception.
func javaHeads(lines []string) []string {
	heads := make([]string, 0, len(lines))
	for _, line := range lines {
		if _, rest, found := strings.Cut(line, `Exception in thread "`); found {
			if _, name, closed := strings.Cut(rest, `" `); closed {
				line = name
			}
		}
		heads = append(heads, line)
	}
	return heads
}

// line takes the next line, and reports whether it belongs to the trace.
func (j *java) line(line string) bool {
	trimmed := strings.TrimSpace(line)
	deep := indent(line)
	if j.suppressed >= 0 && deep <= j.suppressed && trimmed != "" {
		j.suppressed = -1
	}
	switch {
	case strings.HasPrefix(trimmed, "Suppressed: "):
		if j.suppressed < 0 {
			j.suppressed = deep
		}
	case j.suppressed >= 0:
		// It failed on the way out and is no cause.
	case javaFrameAt(line) >= 0:
		e := &j.chain[j.current]
		e.frames = append(e.frames, line)
	case strings.HasPrefix(trimmed, "Caused by: "):
		typ, message, _ := splitHeader(trimmed[len("Caused by: "):], ".")
		j.chain = append(j.chain, exception{typ: typ, message: message})
		j.current = len(j.chain) - 1
	case strings.HasPrefix(trimmed, "Wrapped by: "):
		// Logback can print the root cause first.
		typ, message, _ := splitHeader(trimmed[len("Wrapped by: "):], ".")
		j.chain = append([]exception{{typ: typ, message: message}}, j.chain...)
		j.current = 0
	case strings.HasPrefix(trimmed, "... "), trimmed == "", strings.HasPrefix(trimmed, "[CIRCULAR"):
	default:
		// A message of several lines goes on until the first frame.
		return len(j.chain[j.current].frames) == 0
	}
	return true
}

func javaFrame(line string) frame {
	_, rest := afterAt(line, atWords[:1])
	open := strings.IndexByte(rest, '(')
	name, place := rest[:open], rest[open+1:strings.LastIndexByte(rest, ')')]
	// A class loader and a module with its version stand before the class.
	name = name[strings.LastIndexByte(name, '/')+1:]
	if place == "<generated>" || strings.Contains(rest, "$$Lambda") || strings.Contains(name, "$Proxy") {
		return frame{}
	}
	own := !hasAnyPrefix(name, javaLibraries)
	if strings.Contains(place, ".php") {
		own = !hasAnyPrefix(strings.ReplaceAll(name, ".", `\`), phpLibraries)
	}
	return frame{name: javaName(name), own: own}
}

// javaName removes from a method's name what compilers and proxies number.
func javaName(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if generated := strings.Index(part, "$$"); generated > 0 {
			part = part[:generated] // As in FooService$$SpringCGLIB$$0.
		}
		words := strings.Split(part, "$")
		kept := words[:0]
		for _, word := range words {
			// Anonymous classes and lambdas are numbered in the order of the source.
			if word != "" && !isNumber(word) {
				kept = append(kept, word)
			}
		}
		parts[i] = strings.Join(kept, "$")
	}
	return strings.Join(parts, ".")
}
