package survey

import (
	"cmp"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/failuredetector/failuredetector/detect"
	"github.com/failuredetector/failuredetector/internal/logfile"
)

// Result is what a detector says about one record.
type Result struct {
	// File is where the record is, and Line the number of its first line there.
	File string
	Line int
	// Verdict has no detections where the record is healthy.
	Verdict detect.Verdict

	// text, service and time are known only of a failure.
	text, service string
	time          time.Time
	// unknown is what an error says that no rule recognised, where that is asked for.
	unknown string
}

// Unknown is what a record says that is an error and that no rule recognised, where the survey asks for it;
// else it is empty. It is valid as long as the result.
func (r *Result) Unknown() string { return r.unknown }

// classifier classifies the records of batches. It is for one goroutine.
type classifier struct {
	detector Detector
	// unknown says that errors which no rule recognises are wanted.
	unknown bool
	// latest is when the scan began: no record is later.
	latest time.Time

	// resource, scope and record are used again for every text.
	resource plog.ResourceLogs
	scope    plog.ScopeLogs
	record   plog.LogRecord
	// unreadable counts the objects that are none, or not of their form.
	unreadable int
	results    []Result
}

func newClassifier(s *Survey) *classifier {
	c := &classifier{detector: s.Detector, unknown: s.Unknown, latest: s.Now, resource: plog.NewResourceLogs()}
	c.scope = c.resource.ScopeLogs().AppendEmpty()
	c.record = c.scope.LogRecords().AppendEmpty()
	return c
}

// classify gives the results of a batch in order, appended to a list, and
// counts the objects that are not of the form.
func (c *classifier) classify(b *logfile.Batch, results []Result) (all []Result, unreadable int) {
	c.results, c.unreadable = results, 0
	service := ""
	for i := range b.Records {
		r := &b.Records[i]
		switch b.Form {
		case logfile.OTLP:
			c.request(r)
		case logfile.JSONLines:
			c.object(r)
		default:
			c.record.Body().SetStr(r.Text)
			c.add(r, c.detector.Log(c.resource, c.scope, c.record))
		}
	}
	for i := range c.results {
		found := &c.results[i]
		found.File = b.File
		if len(found.Verdict.Detections) > 0 && found.service == "" {
			service = cmp.Or(service, ServiceOfFile(b.File))
			found.service = service
		}
	}
	return c.results, c.unreadable
}

// add gives the result of a record that is a text.
func (c *classifier) add(r *logfile.Record, verdict detect.Verdict) {
	result := Result{Line: r.Line, Verdict: verdict}
	if len(verdict.Detections) > 0 {
		result.text = r.Text
		result.service = ServiceOfText(r.Text)
		result.time, _ = logfile.TimeOf(cmp.Or(r.Time, r.Text), c.latest)
	} else if c.unknown && (verdict.Fingerprint != "" || saysError(r.Text)) {
		result.unknown = r.Text
	}
	c.results = append(c.results, result)
}
