package labelled

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/failuredetector/failuredetector/rules"
)

// Message is a text that some system printed, and the failures that it reports.
type Message struct {
	// ID is unique among the messages that are measured together.
	ID   string
	Text string
	// ExceptionType makes it the message of an exception; otherwise it is the
	// body of a log record.
	ExceptionType string
	// Labels are the failure types that it reports, the most specific first. Empty
	// means that it reports none, however much it may look so.
	Labels []string
	// AlsoOK are further types that nobody would call wrong.
	AlsoOK []string
	// Kind and Language sort the messages for people.
	Kind, Language string
	// Source says where the message is from.
	Source string

	// File and Line are where it was read.
	File string
	Line int
}

// Owner is the type whose recall the message counts for, or "" where there is none.
func (m *Message) Owner() string {
	if len(m.Labels) == 0 {
		return ""
	}
	return m.Labels[0]
}

// accepts says whether a type is a right answer.
func (m *Message) accepts(name string) bool {
	return slices.Contains(m.Labels, name) || slices.Contains(m.AlsoOK, name)
}

// record is the telemetry that the message arrives as.
func (m *Message) record() rules.Example {
	return rules.Example{Text: m.Text, ExceptionType: m.ExceptionType}
}

// ReadFiles reads files of one JSON object a line. The error joins every fault,
// each with file, line and key.
func ReadFiles(paths ...string) ([]Message, error) {
	var messages []Message
	var errs []error
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			errs = append(errs, fmt.Errorf("labelled messages: %w", err))
			continue
		}
		line := 0
		for text := range bytes.Lines(content) {
			if line++; len(bytes.TrimSpace(text)) == 0 {
				continue
			}
			m, err := decodeMessage(text)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", path, line, err))
				continue
			}
			m.File, m.Line = path, line
			messages = append(messages, m)
		}
	}
	return messages, errors.Join(append(errs, sameID(messages)...)...)
}

// sameID reports messages that have the id of an earlier one.
func sameID(messages []Message) []error {
	var errs []error
	first := map[string]*Message{}
	for i := range messages {
		m := &messages[i]
		if earlier, known := first[m.ID]; known {
			errs = append(errs, fmt.Errorf("%s:%d: id: %q is already at %s:%d", m.File, m.Line, m.ID, earlier.File, earlier.Line))
			continue
		}
		first[m.ID] = m
	}
	return errs
}

// decodeMessage reads one object strictly: a key that is unknown, given twice
// or missing is a fault, for a mistyped one would turn a failure into a near miss.
func decodeMessage(line []byte) (Message, error) {
	var m Message
	fields := map[string]any{
		"id": &m.ID, "text": &m.Text, "exception_type": &m.ExceptionType, "labels": &m.Labels, "also_ok": &m.AlsoOK,
		"kind": &m.Kind, "lang": &m.Language, "source": &m.Source,
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return m, errors.New("want one JSON object a line")
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return m, fmt.Errorf("the line is no JSON: %w", err)
		}
		key, _ := token.(string)
		field, known := fields[key]
		switch {
		case !known:
			return m, fmt.Errorf("%s: unknown key", key)
		case seen[key]:
			return m, fmt.Errorf("%s: given twice", key)
		}
		seen[key] = true
		if err := decoder.Decode(field); err != nil {
			return m, fmt.Errorf("%s: %w", key, plainly(err))
		}
	}
	if _, err := decoder.Token(); err != nil {
		return m, fmt.Errorf("the line is no JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return m, errors.New("something stands after the object: write one a line")
	}
	for _, key := range []string{"id", "text", "labels"} {
		if !seen[key] {
			return m, fmt.Errorf("%s: missing", key)
		}
	}
	if m.ID == "" || m.Text == "" {
		return m, errors.New("id and text: neither may be empty")
	}
	if m.Labels == nil {
		return m, errors.New("labels: write [] where the message reports no failure")
	}
	return m, nil
}

// plainly says what is wrong with a value without the names of Go.
func plainly(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		wanted := "a text"
		if strings.HasPrefix(wrong.Type.String(), "[]") {
			wanted = "a list of texts"
		}
		return fmt.Errorf("want %s, found %s", wanted, wrong.Value)
	}
	return err
}
