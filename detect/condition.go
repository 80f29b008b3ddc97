package detect

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspan"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottlspanevent"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/rules"
)

// conditionParsers read the OTTL conditions of rules, one for each kind of record.
type conditionParsers struct {
	log       ottl.Parser[*ottllog.TransformContext]
	span      ottl.Parser[*ottlspan.TransformContext]
	spanEvent ottl.Parser[*ottlspanevent.TransformContext]
}

func newConditionParsers() (*conditionParsers, error) {
	settings := component.TelemetrySettings{Logger: zap.NewNop(), TracerProvider: noop.NewTracerProvider()}
	log, logErr := ottllog.NewParser(ottlfuncs.StandardConverters[*ottllog.TransformContext](), settings)
	span, spanErr := ottlspan.NewParser(ottlfuncs.StandardConverters[*ottlspan.TransformContext](), settings)
	event, eventErr := ottlspanevent.NewParser(ottlfuncs.StandardConverters[*ottlspanevent.TransformContext](), settings)
	return &conditionParsers{log: log, span: span, spanEvent: event}, errors.Join(logErr, spanErr, eventErr)
}

// conditions are a rule's OTTL conditions; nil holds.
type conditions struct {
	log       *ottl.Condition[*ottllog.TransformContext]
	span      *ottl.Condition[*ottlspan.TransformContext]
	spanEvent *ottl.Condition[*ottlspanevent.TransformContext]
}

func (p *conditionParsers) parse(r *rules.Rule) (conditions, error) {
	var c conditions
	var errs []error
	parse := func(key, expr string, read func() error) {
		if expr == "" {
			return
		}
		if err := read(); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: rule %q: condition.%s: %w", r.Source.File, r.Source.Line, r.ID, key, err))
		}
	}
	parse("log", r.Condition.Log, func() (err error) { c.log, err = p.log.ParseCondition(r.Condition.Log); return err })
	parse("span", r.Condition.Span, func() (err error) { c.span, err = p.span.ParseCondition(r.Condition.Span); return err })
	parse("spanevent", r.Condition.SpanEvent, func() (err error) {
		c.spanEvent, err = p.spanEvent.ParseCondition(r.Condition.SpanEvent)
		return err
	})
	return c, errors.Join(errs...)
}

// holds evaluates the condition for the kind of record that the input was read
// from. One that cannot be evaluated does not hold.
func (c *conditions) holds(in *input) (bool, error) {
	switch {
	case in.kind == kindLog && c.log != nil:
		tCtx := ottllog.NewTransformContextPtr(in.resourceLogs, in.scopeLogs, in.logRecord)
		defer tCtx.Close()
		return c.log.Eval(context.Background(), tCtx)
	case in.kind == kindSpan && c.span != nil:
		tCtx := ottlspan.NewTransformContextPtr(in.resourceSpans, in.scopeSpans, in.span)
		defer tCtx.Close()
		return c.span.Eval(context.Background(), tCtx)
	case in.kind == kindSpanEvent && c.spanEvent != nil:
		tCtx := ottlspanevent.NewTransformContextPtr(in.resourceSpans, in.scopeSpans, in.span, in.spanEvent)
		defer tCtx.Close()
		return c.spanEvent.Eval(context.Background(), tCtx)
	}
	return true, nil
}
