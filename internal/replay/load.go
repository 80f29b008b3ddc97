package replay

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/failuredetector/failuredetector/failure"
	"github.com/failuredetector/failuredetector/internal/logfile"
)

// load is telemetry of one signal that stands together in a file.
type load struct {
	signal pipeline.Signal
	// logs or traces are what each pipeline that it enters makes of it. They differ in attributes alone.
	logs   []plog.Logs
	traces []ptrace.Traces
	// arrivals are when the records say that they arrived, in nanoseconds since 1970; 0 is unknown.
	arrivals []int64
}

// reading makes loads of batches of a file. It is for one goroutine.
type reading struct {
	graph *graph
	// latest is what no record is later than.
	latest int64
	counts counts
	loads  []*load
}

// counts is what was odd about a file: objects that are not of its form, times that are still to come, and
// events of incidents.
type counts struct{ unreadable, future, events int }

func (c *counts) add(more counts) {
	c.unreadable += more.unreadable
	c.future += more.future
	c.events += more.events
}

// read gives the loads of a batch, classified.
func (r *reading) read(ctx context.Context, b *logfile.Batch) error {
	r.loads, r.counts = nil, counts{}
	if b.Form == logfile.OTLP {
		for i := range b.Records {
			if err := r.request(ctx, b.Records[i].Text); err != nil {
				return err
			}
		}
		return nil
	}
	return r.addLogs(ctx, r.texts(b))
}

// request reads an export request.
func (r *reading) request(ctx context.Context, text string) error {
	// A request holds one signal. The key of the other one may stand in a text.
	if head := text[:min(len(text), 200)]; strings.Contains(head, `"resourceSpans"`) {
		traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces([]byte(text))
		if err != nil {
			r.counts.unreadable++
			return nil //nolint:nilerr // It is counted, and what follows may be read.
		}
		return r.addTraces(ctx, traces)
	}
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs([]byte(text))
	if err != nil || logs.ResourceLogs().Len() == 0 && !strings.Contains(text, `"resource`) {
		r.counts.unreadable++
		return nil //nolint:nilerr // It is counted, and what follows may be read.
	}
	return r.addLogs(ctx, logs)
}

func (r *reading) addLogs(ctx context.Context, logs plog.Logs) error {
	r.passOver(logs)
	l := &load{signal: pipeline.SignalLogs, arrivals: make([]int64, 0, logs.LogRecordCount())}
	for _, rl := range logs.ResourceLogs().All() {
		batch := r.stamp(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				l.arrivals = append(l.arrivals, r.arrival(batch, lr.ObservedTimestamp(), lr.Timestamp()))
			}
		}
	}
	entries := r.graph.entries[pipeline.SignalLogs]
	for i, id := range entries {
		own := logs
		if i < len(entries)-1 {
			own = plog.NewLogs()
			logs.CopyTo(own)
		}
		out, err := r.graph.classes[id].logs(ctx, own)
		if err != nil {
			return err
		}
		l.logs = append(l.logs, out)
	}
	r.loads = append(r.loads, l)
	return nil
}

func (r *reading) addTraces(ctx context.Context, traces ptrace.Traces) error {
	l := &load{signal: pipeline.SignalTraces, arrivals: make([]int64, 0, traces.SpanCount())}
	for _, rs := range traces.ResourceSpans().All() {
		batch := r.stamp(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				l.arrivals = append(l.arrivals, r.arrival(batch, span.EndTimestamp(), span.StartTimestamp()))
			}
		}
	}
	entries := r.graph.entries[pipeline.SignalTraces]
	for i, id := range entries {
		own := traces
		if i < len(entries)-1 {
			own = ptrace.NewTraces()
			traces.CopyTo(own)
		}
		out, err := r.graph.classes[id].traces(ctx, own)
		if err != nil {
			return err
		}
		l.traces = append(l.traces, out)
	}
	r.loads = append(r.loads, l)
	return nil
}

// passOver takes the events of incidents out: they are what a collector made of the recorded telemetry.
func (r *reading) passOver(logs plog.Logs) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			sl.LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
				_, found := lr.Attributes().Get(failure.AttrIncidentID)
				if found {
					r.counts.events++
				}
				return found
			})
		}
	}
}

// stamp takes what a recording says of the arrival of a batch off its resource.
func (r *reading) stamp(resource pcommon.Resource) pcommon.Timestamp {
	value, found := resource.Attributes().Get(failure.AttrArrival)
	if !found || value.Type() != pcommon.ValueTypeInt || value.Int() < 0 {
		return 0
	}
	at := pcommon.Timestamp(value.Int())
	resource.Attributes().Remove(failure.AttrArrival)
	return at
}

// arrival gives the first time that is known of those that tell when a record arrived, the surest first. A
// time that is still to come tells nothing.
func (r *reading) arrival(times ...pcommon.Timestamp) int64 {
	for _, at := range times {
		switch {
		case at == 0:
		case at > pcommon.Timestamp(r.latest):
			r.counts.future++
		default:
			return int64(at)
		}
	}
	return 0
}

// tolerance is how far a clock may be ahead of this one.
const tolerance = time.Hour
