package replay

import (
	"context"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
)

// delivery is a load on its way to the components, in parts that arrive at one time.
type delivery struct {
	arrivals []int64
	// delivered counts the records that are on their way no more.
	delivered int
	outs      []out
}

// out is what one pipeline has of a load.
type out interface {
	// whole sends all of it, and part the next records.
	whole(ctx context.Context) error
	part(ctx context.Context, n int) error
}

func (g *graph) deliveryOf(l *load) *delivery {
	d := &delivery{arrivals: l.arrivals}
	for i, id := range g.entries[l.signal] {
		if l.signal == pipeline.SignalTraces {
			d.outs = append(d.outs, newTracesOut(l.traces[i], g.ways[id].traces))
		} else {
			d.outs = append(d.outs, newLogsOut(l.logs[i], g.ways[id].logs))
		}
	}
	return d
}

// arrival is when the next record arrives: when it says so, and not before one that it follows.
func (d *delivery) arrival(before int64) int64 { return max(d.arrivals[d.delivered], before) }

// together counts the next records that arrive at once.
func (d *delivery) together(arrival int64) int {
	n := d.delivered
	for n < len(d.arrivals) && d.arrivals[n] <= arrival {
		n++
	}
	return n - d.delivered
}

// deliver sends the next records.
func (d *delivery) deliver(ctx context.Context, n int) error {
	all := n == len(d.arrivals)
	d.delivered += n
	for _, o := range d.outs {
		send := func(ctx context.Context) error { return o.part(ctx, n) }
		if all {
			send = o.whole
		}
		if err := send(ctx); err != nil {
			return err
		}
	}
	return nil
}

// over says that all of it is delivered.
func (d *delivery) over() bool { return d.delivered == len(d.arrivals) }

// logsOut is a pipeline's logs. What arrives at once is sent scope by scope, which makes no difference to
// what is downstream.
type logsOut struct {
	next consumer.Logs
	logs plog.Logs
	// resource, scope and record are how far it is.
	resource, scope, record int
	holder                  plog.Logs
	held                    plog.LogRecordSlice
}

func newLogsOut(logs plog.Logs, next consumer.Logs) *logsOut { return &logsOut{next: next, logs: logs} }

func (o *logsOut) whole(ctx context.Context) error { return o.next.ConsumeLogs(ctx, o.logs) }

func (o *logsOut) part(ctx context.Context, n int) error {
	for n > 0 {
		rl := o.logs.ResourceLogs().At(o.resource)
		if o.scope == rl.ScopeLogs().Len() {
			o.resource, o.scope = o.resource+1, 0
			continue
		}
		sl := rl.ScopeLogs().At(o.scope)
		if o.record == sl.LogRecords().Len() {
			o.scope, o.record = o.scope+1, 0
			continue
		}
		if o.record == 0 {
			o.hold(rl, sl)
		}
		for ; n > 0 && o.record < sl.LogRecords().Len(); n-- {
			sl.LogRecords().At(o.record).MoveTo(o.held.AppendEmpty())
			o.record++
		}
		if err := o.next.ConsumeLogs(ctx, o.holder); err != nil {
			return err
		}
		o.held.RemoveIf(func(plog.LogRecord) bool { return true })
	}
	return nil
}

// hold makes room for records of a scope.
func (o *logsOut) hold(rl plog.ResourceLogs, sl plog.ScopeLogs) {
	o.holder = plog.NewLogs()
	r := o.holder.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(r.Resource())
	r.SetSchemaUrl(rl.SchemaUrl())
	s := r.ScopeLogs().AppendEmpty()
	sl.Scope().CopyTo(s.Scope())
	s.SetSchemaUrl(sl.SchemaUrl())
	o.held = s.LogRecords()
}

// tracesOut is the same for spans.
type tracesOut struct {
	next                    consumer.Traces
	traces                  ptrace.Traces
	resource, scope, record int
	holder                  ptrace.Traces
	held                    ptrace.SpanSlice
}

func newTracesOut(traces ptrace.Traces, next consumer.Traces) *tracesOut {
	return &tracesOut{next: next, traces: traces}
}

func (o *tracesOut) whole(ctx context.Context) error { return o.next.ConsumeTraces(ctx, o.traces) }

func (o *tracesOut) part(ctx context.Context, n int) error {
	for n > 0 {
		rs := o.traces.ResourceSpans().At(o.resource)
		if o.scope == rs.ScopeSpans().Len() {
			o.resource, o.scope = o.resource+1, 0
			continue
		}
		ss := rs.ScopeSpans().At(o.scope)
		if o.record == ss.Spans().Len() {
			o.scope, o.record = o.scope+1, 0
			continue
		}
		if o.record == 0 {
			o.hold(rs, ss)
		}
		for ; n > 0 && o.record < ss.Spans().Len(); n-- {
			ss.Spans().At(o.record).MoveTo(o.held.AppendEmpty())
			o.record++
		}
		if err := o.next.ConsumeTraces(ctx, o.holder); err != nil {
			return err
		}
		o.held.RemoveIf(func(ptrace.Span) bool { return true })
	}
	return nil
}

func (o *tracesOut) hold(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans) {
	o.holder = ptrace.NewTraces()
	r := o.holder.ResourceSpans().AppendEmpty()
	rs.Resource().CopyTo(r.Resource())
	r.SetSchemaUrl(rs.SchemaUrl())
	s := r.ScopeSpans().AppendEmpty()
	ss.Scope().CopyTo(s.Scope())
	s.SetSchemaUrl(ss.SchemaUrl())
	o.held = s.Spans()
}
