package logfile

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
)

// Form is how records stand in a file.
type Form string

// The forms of files.
const (
	// Auto finds the form from the name and the first line.
	Auto Form = "auto"
	// Text is lines as programs print them, some of which make one record. A line
	// that is a JSON object is a record.
	Text Form = "text"
	// JSONLines is an object a line, with text and perhaps exception_type and attributes.
	JSONLines Form = "jsonl"
	// OTLP is an export request a line, as the Collector's file exporter writes it.
	OTLP Form = "otlp"
)

// formOf tells the form of a file by its first line that is not blank, or of
// one that is too long the beginning.
func formOf(name string, first []byte) Form {
	first = bytes.TrimSpace(first)
	if len(first) == 0 || first[0] != '{' {
		return Text
	}
	head := first[:min(len(first), 200)]
	for _, key := range []string{`"resourceLogs"`, `"resourceSpans"`} {
		if bytes.Contains(head, []byte(key)) {
			return OTLP
		}
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(first, &object) != nil {
		return Text
	}
	if text := object["text"]; len(text) == 0 || text[0] != '"' {
		return Text
	}
	if isNamedLines(name) {
		return JSONLines
	}
	for _, key := range []string{"message", "msg", "level", "time", "timestamp"} {
		if _, ok := object[key]; ok {
			return Text // The line of a logger.
		}
	}
	return JSONLines
}

// isNamedLines says whether a file's name is that of JSON lines.
func isNamedLines(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	switch filepath.Ext(name) {
	case ".jsonl", ".ndjson":
		return true
	}
	return false
}
