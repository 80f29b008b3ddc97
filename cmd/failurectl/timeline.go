package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/replay"
)

// timeLayout is how times stand in a timeline.
const timeLayout = "2006-01-02 15:04:05.000"

// shortID is how much of the id of an incident is shown: enough to tell those of a timeline apart.
const shortID = 12

// timeline writes the events of a replay.
type timeline struct {
	out  *bufio.Writer
	page *page
	// live says that somebody looks on, so each event is shown at once.
	live bool
}

// line writes an event for a person: what happened, and of an incident that is new, why.
func (t *timeline) line(e *replay.Event) error {
	p := t.page
	p.Reset()
	what := strings.TrimPrefix(e.Name, failure.EventPrefix)
	style := plain
	var severity failure.Severity
	if severity.UnmarshalText([]byte(e.Severity)) == nil {
		style = severityStyle(severity)
	}
	if e.Status == failure.StatusResolved {
		style = green
	}
	p.line("%s  %-9s  %s  %-28s  %-16s  %-6d  %s", e.Time.UTC().Format(timeLayout), visible(what), p.styled(style, fmt.Sprintf("%-8s", visible(e.Severity))),
		visible(head(e.Type, maxBeside)), visible(head(e.Service, maxBeside)), e.Count, visible(e.ID[:min(len(e.ID), shortID)]))
	if what == "opened" && e.Cause != "" {
		p.line("    %s", p.styled(faint, visible(head(e.Cause, maxExampleShown))))
	}
	return t.write(p.String())
}

func (t *timeline) write(text string) error {
	_, err := t.out.WriteString(text)
	if err == nil && t.live {
		err = t.out.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

// flush writes what is left.
func (t *timeline) flush() error {
	t.live = true
	return t.write("")
}

// end says what the replay went over.
func (t *timeline) end(s *replay.Summary, incidents *replay.Incidents, took time.Duration) error {
	p := t.page
	p.Reset()
	if len(incidents.All) > 0 {
		p.line("")
	}
	span := ""
	if s.Records > 0 {
		span = fmt.Sprintf(" from %s to %s", s.First.UTC().Format(timeLayout), s.Last.UTC().Format(timeLayout))
	}
	p.line("%s, %d open at the end", counted(len(incidents.All), "incident"), incidents.Open())
	p.line("%s%s, read in %.1f s (%s/s)", counted(int(s.Records), "record"), span, took.Seconds(),
		byteCount(int64(float64(s.Bytes)/max(took.Seconds(), 0.001))))
	return t.write(p.String())
}

// object writes an event for programs: all that the log record has which a collector sends.
func (t *timeline) object(e *replay.Event) error {
	lr := e.Record
	object := object{
		{"time", e.Time.UTC().Format(time.RFC3339Nano)},
		{"event", lr.EventName()},
		{"severity", lr.SeverityText()},
		{"trace_id", lr.TraceID().String()},
		{"span_id", lr.SpanID().String()},
		{"resource", e.Resource.Attributes().AsRaw()},
		{"attributes", lr.Attributes().AsRaw()},
		{"body", lr.Body().AsRaw()},
	}
	text, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return t.write(string(text) + "\n")
}
