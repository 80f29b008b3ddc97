package replay

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// fanOut sends to several ways in turn. Those that change what they get have a copy.
func fanOut(ways []way) *way {
	if len(ways) == 1 {
		return &ways[0]
	}
	logs, traces := []consumer.Logs{}, []consumer.Traces{}
	for _, w := range ways {
		if w.logs != nil {
			logs = append(logs, w.logs)
		}
		if w.traces != nil {
			traces = append(traces, w.traces)
		}
	}
	return &way{logs: fanOutLogs(logs), traces: fanOutTraces(traces)}
}

type fanOutLogs []consumer.Logs

// Capabilities says that what is sent stays as it is.
func (fanOutLogs) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeLogs sends to all.
func (f fanOutLogs) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	var errs []error
	for _, next := range f {
		own := logs
		if next.Capabilities().MutatesData {
			own = plog.NewLogs()
			logs.CopyTo(own)
		}
		errs = append(errs, next.ConsumeLogs(ctx, own))
	}
	return errors.Join(errs...)
}

type fanOutTraces []consumer.Traces

// Capabilities says that what is sent stays as it is.
func (fanOutTraces) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeTraces sends to all.
func (f fanOutTraces) ConsumeTraces(ctx context.Context, traces ptrace.Traces) error {
	var errs []error
	for _, next := range f {
		own := traces
		if next.Capabilities().MutatesData {
			own = ptrace.NewTraces()
			traces.CopyTo(own)
		}
		errs = append(errs, next.ConsumeTraces(ctx, own))
	}
	return errors.Join(errs...)
}
