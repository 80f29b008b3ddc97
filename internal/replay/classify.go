package replay

import (
	"context"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
)

// classifying is the processors of a pipeline. They look at each record by itself, so they may see records
// in any order and several at once, before those have their time.
type classifying struct {
	first *way
}

// caught is what comes out of the processors.
type caught struct {
	logs   plog.Logs
	traces ptrace.Traces
}

type caughtKey struct{}

// classify makes the processors of a pipeline.
func (g *graph) classify(ctx context.Context, id pipeline.ID) (*classifying, error) {
	logs, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		ctx.Value(caughtKey{}).(*caught).logs = logs
		return nil
	})
	if err != nil {
		return nil, err
	}
	traces, err := consumer.NewTraces(func(ctx context.Context, traces ptrace.Traces) error {
		ctx.Value(caughtKey{}).(*caught).traces = traces
		return nil
	})
	if err != nil {
		return nil, err
	}
	first, err := g.process(ctx, id, &way{logs: logs, traces: traces})
	return &classifying{first: first}, err
}

func (c *classifying) logs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	var out caught
	err := c.first.logs.ConsumeLogs(context.WithValue(ctx, caughtKey{}, &out), logs)
	return out.logs, err
}

func (c *classifying) traces(ctx context.Context, traces ptrace.Traces) (ptrace.Traces, error) {
	var out caught
	err := c.first.traces.ConsumeTraces(context.WithValue(ctx, caughtKey{}, &out), traces)
	return out.traces, err
}
