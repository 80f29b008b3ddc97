package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/survey"
)

// resultLine is the object that scan writes for a record.
type resultLine struct {
	Line        int               `json:"line"`
	Type        *string           `json:"failure_type"`
	Types       []string          `json:"failure_types"`
	Severity    *failure.Severity `json:"failure_severity"`
	Confidence  *float64          `json:"failure_confidence"`
	Rule        *string           `json:"failure_rule"`
	Fingerprint *string           `json:"failure_fingerprint"`
}

// resultLines writes an object for each record.
type resultLines struct {
	out  *bufio.Writer
	line []byte
}

func newResultLines(out io.Writer) *resultLines {
	return &resultLines{out: bufio.NewWriterSize(out, 64<<10)}
}

// healthyRest follows the line number in the object of a record that is no
// failure, which nearly all are.
const healthyRest = `,"failure_type":null,"failure_types":[],"failure_severity":null,"failure_confidence":null,"failure_rule":null,"failure_fingerprint":null}` + "\n"

func (l *resultLines) write(results []survey.Result) error {
	for i := range results {
		if err := l.writeOne(&results[i]); err != nil {
			return fmt.Errorf("writing the output: %w", err)
		}
	}
	return nil
}

func (l *resultLines) writeOne(r *survey.Result) error {
	fingerprint := r.Verdict.Fingerprint
	if len(r.Verdict.Detections) == 0 && fingerprint == "" {
		l.line = append(l.line[:0], `{"line":`...)
		l.line = strconv.AppendInt(l.line, int64(r.Line), 10)
		l.line = append(l.line, healthyRest...)
		_, err := l.out.Write(l.line)
		return err
	}
	object := resultLine{Line: r.Line, Types: []string{}}
	if fingerprint != "" {
		object.Fingerprint = &fingerprint
	}
	if len(r.Verdict.Detections) > 0 {
		rule := r.Verdict.Detections[0].Rule
		object.Type, object.Severity, object.Confidence, object.Rule = &rule.Type, &rule.Severity, &rule.Confidence, &rule.ID
	}
	for _, d := range r.Verdict.Detections {
		object.Types = append(object.Types, d.Rule.Type)
	}
	text, err := json.Marshal(object)
	if err != nil {
		return err
	}
	_, err = l.out.Write(append(text, '\n'))
	return err
}

func (l *resultLines) flush() error {
	if err := l.out.Flush(); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
