package survey

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/logfile"
)

// Detector classifies records, from several goroutines at once: a
// detect.Detector, or a detect.Profile of one.
type Detector interface {
	Log(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) detect.Verdict
	Span(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) detect.Verdict
	SpanEvent(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, event ptrace.SpanEvent) detect.Verdict
}

// Survey reads files and classifies their records.
type Survey struct {
	Detector Detector
	// Open gives a reader of a file.
	Open func(path string) (*logfile.Reader, error)
	// Unknown says that results have the text of errors that no rule recognised.
	Unknown bool
	// Now is when the survey begins: no record is taken to be later.
	Now time.Time
	// Each is given the results of consecutive records, in order. It must not keep them.
	Each func(results []Result) error
	// Progress is told how much of the files, as they are stored, was read.
	Progress func(read int64, summary *Summary)
	// Tell is told what of a file is lost. It is trouble where the file could not be read.
	Tell func(message string, trouble bool)
}

// Run surveys files in order. A file that cannot be read is told and passed
// over. The error is that of the context or of Each.
func (s *Survey) Run(ctx context.Context, paths []string) (*Summary, error) {
	running, cancel := context.WithCancel(ctx)
	p := newPipeline()
	p.start(running, s, paths)
	summary := newSummary()
	err := s.collect(p, summary)
	cancel()
	p.wait()
	if err == nil {
		err = ctx.Err()
	}
	return summary, err
}

// collect takes the results in the order of the input.
func (s *Survey) collect(p *pipeline, summary *Summary) error {
	var before int64 // What was read of the files before the current one.
	unreadable := 0
	for t := range p.ordered {
		if t.end != nil {
			before += t.end.stored
			summary.Bytes += t.end.bytes
			s.tell(t.end, unreadable)
			unreadable = 0
			continue
		}
		<-t.done
		unreadable += t.unreadable
		for i := range t.results {
			summary.add(t.batch.File, &t.results[i])
		}
		if err := s.Each(t.results); err != nil {
			return err
		}
		s.Progress(before+t.batch.Read, summary)
		p.giveBack(t)
	}
	return nil
}

// tell says what of a file was lost.
func (s *Survey) tell(end *fileEnd, unreadable int) {
	for _, message := range end.lost {
		s.Tell(end.file+": "+message, false)
	}
	switch {
	case unreadable == 1:
		s.Tell(end.file+": 1 object is not of the form of the file", false)
	case unreadable > 1:
		s.Tell(fmt.Sprintf("%s: %d objects are not of the form of the file", end.file, unreadable), false)
	}
	if end.trouble != nil {
		s.Tell(end.trouble.Error(), true)
	}
}
