package survey

import (
	"encoding/json"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/internal/logfile"
)

// object classifies a line of JSON lines. One that is not of this form is
// counted, and read as the text that it is.
func (c *classifier) object(r *logfile.Record) {
	resource := plog.NewResourceLogs()
	scope := resource.ScopeLogs().AppendEmpty()
	record := scope.LogRecords().AppendEmpty()
	text, ok := PutObject(record, r.Text)
	if !ok {
		c.unreadable++
		c.record.Body().SetStr(r.Text)
		c.add(r, c.detector.Log(c.resource, c.scope, c.record))
		return
	}
	c.add(&logfile.Record{Line: r.Line, Text: text}, c.detector.Log(resource, scope, record))
	last := &c.results[len(c.results)-1]
	if service, ok := record.Attributes().Get(attrService); ok && last.service == "" {
		last.service = service.AsString()
	}
}

// PutObject makes a record of a line of JSON lines, and gives its text. A line that
// is not of this form changes nothing.
func PutObject(record plog.LogRecord, line string) (text string, ok bool) {
	var object struct {
		Text          *string        `json:"text"`
		ExceptionType string         `json:"exception_type"`
		Attributes    map[string]any `json:"attributes"`
	}
	if json.Unmarshal([]byte(line), &object) != nil || object.Text == nil {
		return "", false
	}
	putAttributes(record.Attributes(), object.Attributes)
	text = *object.Text
	if object.ExceptionType != "" {
		record.SetEventName("exception")
		record.Attributes().PutStr("exception.type", object.ExceptionType)
		record.Attributes().PutStr("exception.message", text)
	} else {
		record.Body().SetStr(text)
	}
	return text, true
}

// putAttributes takes attributes over. Whole numbers, which JSON does not tell
// from others, are integers as codes are.
func putAttributes(attributes pcommon.Map, values map[string]any) {
	for key, value := range values {
		if number, ok := value.(float64); ok && number == float64(int64(number)) {
			attributes.PutInt(key, int64(number))
			continue
		}
		if err := attributes.PutEmpty(key).FromRaw(value); err != nil {
			attributes.Remove(key) // JSON holds nothing that this cannot be made of.
		}
	}
}
