package detect

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Keys of attributes that hold text or mark an exception, by the semantic
// conventions for exceptions and errors.
const (
	attrExceptionMessage    = "exception.message"
	attrExceptionType       = "exception.type"
	attrExceptionStacktrace = "exception.stacktrace"
	attrErrorMessage        = "error.message"

	sourceBody          = "body"
	sourceStatusMessage = "status.message"

	exceptionEvent       = "exception"
	exceptionEventSuffix = ".exception"
)

// DefaultBodyKeys are the keys under which structured logs commonly say what
// happened: of loggers in general, then of Logstash and the Elastic Common
// Schema, Python's loggers, AWS Lambda, journald, GELF, and Serilog.
func DefaultBodyKeys() []string {
	return []string{
		"message", "msg", "error", "err", "exception", "stack", "stacktrace", "detail",
		"cause", "code", "description", "details", "event", "log", "reason",
		"stack_trace", "error.message", "error.stack_trace", "exc_info", "errorMessage", "MESSAGE", "short_message", "full_message", "@m", "@x",
	}
}

// DefaultAttributes are the attributes that hold text besides those of an exception.
func DefaultAttributes() []string { return []string{attrErrorMessage} }

type kind uint8

const (
	kindLog kind = iota
	kindSpan
	kindSpanEvent
)

// input is what was read of one record, and the record itself for conditions.
// Its strings belong to the record and are valid only during the call.
type input struct {
	assembly
	exceptionType string
	// typeName is the exception's type if it is short enough to be one.
	typeName string
	codes    []code
	// codesCount says whether codes are evidence by themselves on this record.
	codesCount bool

	kind          kind
	resourceLogs  plog.ResourceLogs
	scopeLogs     plog.ScopeLogs
	logRecord     plog.LogRecord
	resourceSpans ptrace.ResourceSpans
	scopeSpans    ptrace.ScopeSpans
	span          ptrace.Span
	spanEvent     ptrace.SpanEvent

	exceptionMessage    string
	exceptionStacktrace string
	extra               []piece
}

func (in *input) reset(k kind) {
	in.assembly.reset()
	in.kind = k
	in.exceptionType, in.exceptionMessage, in.exceptionStacktrace = "", "", ""
	in.typeName = ""
	in.codes = in.codes[:0]
	in.extra = in.extra[:0]
	in.codesCount = false
}

// release drops what refers to the record, since the scratch outlives the call.
func (in *input) release() {
	clear(in.codes)
	clear(in.extra)
	in.reset(kindLog)
	in.resourceLogs, in.scopeLogs, in.logRecord = plog.ResourceLogs{}, plog.ScopeLogs{}, plog.LogRecord{}
	in.resourceSpans, in.scopeSpans = ptrace.ResourceSpans{}, ptrace.ScopeSpans{}
	in.span, in.spanEvent = ptrace.Span{}, ptrace.SpanEvent{}
}

// reader knows which parts of a record are evidence.
type reader struct {
	bodyKeys   map[string]bodyKey
	attributes keyTable
}

// bodyKey is a key whose value in a body is text.
type bodyKey struct {
	// source names it in a detection. It is made once, since every structured
	// record needs it.
	source string
	// inner has the keys of an object that is its value; nil below the first level.
	inner map[string]bodyKey
}

func newReader(options Options) reader {
	r := reader{bodyKeys: map[string]bodyKey{}}
	for _, key := range options.BodyKeys {
		own := bodyKey{source: sourceBody + "." + key, inner: map[string]bodyKey{}}
		for _, inner := range options.BodyKeys {
			own.inner[inner] = bodyKey{source: own.source + "." + inner}
		}
		r.bodyKeys[key] = own
	}
	for _, key := range []string{attrExceptionMessage, attrExceptionType, attrExceptionStacktrace} {
		r.attributes.use(key).exception = true
	}
	for _, key := range options.Attributes {
		r.attributes.use(key).text = true
	}
	return r
}

// readAttributes notes exception, text and code attributes in one pass.
func (r *reader) readAttributes(in *input, attributes pcommon.Map) {
	for key, value := range attributes.All() {
		use := r.attributes.find(key)
		if use == nil {
			continue
		}
		if value.Type() == pcommon.ValueTypeStr {
			switch {
			case use.exception:
				in.noteException(key, value.Str())
			case use.text:
				in.extra = append(in.extra, piece{source: key, text: value.Str()})
			}
		}
		if use.code && len(in.codes) < maxCodes {
			if c, ok := readCode(key, value); ok {
				in.codes = append(in.codes, c)
			}
		}
	}
}

func (in *input) noteException(key, value string) {
	switch key {
	case attrExceptionMessage:
		in.exceptionMessage = value
	case attrExceptionStacktrace:
		in.exceptionStacktrace = value
	case attrExceptionType:
		in.exceptionType = value
		if len(value) <= maxTypeName {
			in.typeName = value
		}
	}
}

const (
	// maxCodes bounds the codes of a record; there are not many keys that hold one.
	maxCodes = 16
	// maxTypeName is the longest name of an exception type in bytes. Looking up
	// the parts of a name takes time with the square of its length.
	maxTypeName = 512
	// maxCode is the longest code in bytes.
	maxCode = 128
)

// addException puts type and message on one line, as every runtime prints
// them, so that a rule reads an exception as it reads the log of one.
func (in *input) addException() {
	switch {
	case in.exceptionType != "" && !strings.HasPrefix(in.exceptionMessage, in.exceptionType):
		in.add(attrExceptionType, in.exceptionType)
		in.addJoined(attrExceptionMessage, ": ", in.exceptionMessage)
	default:
		in.add(attrExceptionMessage, in.exceptionMessage)
	}
	in.add(attrExceptionStacktrace, in.exceptionStacktrace)
}

func (in *input) addExtra() {
	for _, p := range in.extra {
		in.add(p.source, p.text)
	}
}

func isExceptionEvent(name string) bool {
	return name == exceptionEvent || strings.HasSuffix(name, exceptionEventSuffix)
}

// readBody takes a text, the values of a map, or a JSON text.
func (r *reader) readBody(in *input, body pcommon.Value) {
	switch body.Type() {
	case pcommon.ValueTypeStr:
		r.readText(in, body.Str())
	case pcommon.ValueTypeMap:
		readMap(in, body.Map(), r.bodyKeys)
	case pcommon.ValueTypeSlice:
		in.addRendered(sourceBody, body)
	}
}

// readMap takes the values of the wanted keys and reports whether there were any.
func readMap(in *input, m pcommon.Map, wanted map[string]bodyKey) bool {
	found := false
	for key, value := range m.All() {
		own, isWanted := wanted[key]
		if !isWanted {
			continue
		}
		switch value.Type() {
		case pcommon.ValueTypeStr:
			in.add(own.source, value.Str())
		case pcommon.ValueTypeMap:
			if own.inner == nil || !readMap(in, value.Map(), own.inner) {
				in.addRendered(own.source, value)
			}
		case pcommon.ValueTypeSlice:
			in.addRendered(own.source, value)
		default:
			continue
		}
		found = true
	}
	return found
}

func (r *reader) readText(in *input, body string) {
	if !looksLikeJSON(body) {
		in.add(sourceBody, body)
		return
	}
	r.readJSON(in, body)
}

func (r *reader) readLog(in *input, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	in.reset(kindLog)
	in.resourceLogs, in.scopeLogs, in.logRecord = rl, sl, lr
	r.readAttributes(in, lr.Attributes())
	in.codesCount = lr.SeverityNumber() >= plog.SeverityNumberWarn || isExceptionEvent(lr.EventName())
	in.addException()
	r.readBody(in, lr.Body())
	in.addExtra()
	in.finish()
}

// speaks says whether a span itself can tell of a failure: by an error, or by the
// code that a client was answered with.
func speaks(span ptrace.Span) bool {
	return span.Kind() == ptrace.SpanKindClient || span.Status().Code() == ptrace.StatusCodeError
}

// readSpan reads a span that speaks.
func (r *reader) readSpan(in *input, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) {
	in.reset(kindSpan)
	in.resourceSpans, in.scopeSpans, in.span = rs, ss, span
	in.codesCount = span.Kind() == ptrace.SpanKindClient
	r.readAttributes(in, span.Attributes())
	if span.Status().Code() == ptrace.StatusCodeError {
		in.addException()
		in.add(sourceStatusMessage, span.Status().Message())
		in.addExtra()
	}
	in.finish()
}

func (r *reader) readSpanEvent(in *input, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, event ptrace.SpanEvent) {
	in.reset(kindSpanEvent)
	in.resourceSpans, in.scopeSpans, in.span, in.spanEvent = rs, ss, span, event
	r.readAttributes(in, event.Attributes())
	in.codesCount = true
	in.addException()
	in.addExtra()
	in.finish()
}
