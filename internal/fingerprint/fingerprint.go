package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/failuredetector/failuredetector/internal/stacktrace"
)

// version begins every fingerprint.
const version = "v1:"

// separator stands between the fields that are hashed. It is a control
// character that texts do not have: a unit separator.
const separator = "\x1f"

// Exception identifies an exception by its type, the type of its innermost
// cause, and where in the application it happened; by what it says where no
// trace tells that. The type is that of the trace if the trace names one, so
// that an event and a printed traceback are the same.
//
// Any of the three may be empty: they are the attributes exception.type,
// exception.message and exception.stacktrace.
func Exception(typ, message, stack string) string {
	trace, _ := stacktrace.Parse(stack)
	if trace.Type == "" {
		trace.Type = typ
	}
	if message != "" {
		trace.Message = message
	}
	return ofTrace(trace)
}

// Printed identifies the exception whose trace stands in a text, whatever a
// logger wrote before it. It reports whether there is one that names its type.
func Printed(text string) (string, bool) {
	trace, ok := stacktrace.Parse(text)
	if !ok || trace.Type == "" {
		return "", false
	}
	return ofTrace(trace), true
}

func ofTrace(t stacktrace.Trace) string {
	fields := []string{"e", canonicalType(t.Type), t.Cause}
	if len(t.Frames) > 0 {
		fields = append(fields, t.Frames...)
	} else {
		fields = append(fields, Mask(t.Message))
	}
	return hash(fields...)
}

// untyped are the types of Go errors that every error has which was made of a
// text or wrapped.
var untyped = map[string]bool{
	"string": true, "*errors.errorString": true, "*fmt.wrapError": true, "*fmt.wrapErrors": true, "*errors.joinError": true,
	"*errors.fundamental": true, "*errors.withStack": true, "*errors.withMessage": true,
}

// canonicalType gives one name to types that a runtime prints in one place and
// not in another.
func canonicalType(typ string) string {
	if untyped[typ] {
		return stacktrace.GoError
	}
	return strings.TrimPrefix(typ, "builtins.")
}

// Message identifies a failure without an exception by its type and by what the
// message says apart from what differs from time to time.
func Message(failureType, text string) string { return Masked(failureType, Mask(text)) }

// Masked is Message for what Mask gave.
func Masked(failureType, mask string) string {
	var room [1 << 9]byte
	joined := append(append(append(room[:0], "m"+separator...), failureType...), separator...)
	return digest(append(joined, mask...))
}

// Code identifies a failure that only a code tells of, such as
// http.response.status_code 503.
func Code(failureType, key, value string) string {
	return hash("m", failureType, key+"="+value)
}

// Composite identifies a failure that is made of others, by its type and what it is about.
func Composite(failureType, subject string) string { return hash("c", failureType, subject) }

// Probe identifies a condition that a probe watches, by its type, the id of the signal and the entity,
// none of which is masked: two disks are two conditions.
func Probe(failureType, signalID, entity string) string {
	return hash("p", failureType, signalID, entity)
}

func hash(fields ...string) string { return digest([]byte(strings.Join(fields, separator))) }

func digest(joined []byte) string {
	sum := sha256.Sum256(joined)
	var room [len(version) + 16]byte
	return string(hex.AppendEncode(append(room[:0], version...), sum[:8]))
}
