package detect

import (
	"context"
	"errors"
	"fmt"
	"sync"

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
	log       conditionParser[*ottllog.TransformContext]
	span      conditionParser[*ottlspan.TransformContext]
	spanEvent conditionParser[*ottlspanevent.TransformContext]
}

func newConditionParsers() *conditionParsers {
	return &conditionParsers{
		log:       newConditionParser(ottllog.NewParser),
		span:      newConditionParser(ottlspan.NewParser),
		spanEvent: newConditionParser(ottlspanevent.NewParser),
	}
}

// conditionParser reads the conditions for one kind of record. Rules for one
// system share theirs, so each text is read once.
type conditionParser[K any] struct {
	// parser is made when it is first needed: few sets have conditions for every kind.
	parser func() (ottl.Parser[K], error)
	known  map[string]*ottl.Condition[K]
}

func newConditionParser[K, O any](
	create func(map[string]ottl.Factory[K], component.TelemetrySettings, ...O) (ottl.Parser[K], error),
) conditionParser[K] {
	settings := component.TelemetrySettings{Logger: zap.NewNop(), TracerProvider: noop.NewTracerProvider()}
	return conditionParser[K]{
		parser: sync.OnceValues(func() (ottl.Parser[K], error) { return create(ottlfuncs.StandardConverters[K](), settings) }),
		known:  map[string]*ottl.Condition[K]{},
	}
}

func (p *conditionParser[K]) parse(expr string) (*ottl.Condition[K], error) {
	if c := p.known[expr]; c != nil || expr == "" {
		return c, nil
	}
	parser, err := p.parser()
	if err != nil {
		return nil, err
	}
	c, err := parser.ParseCondition(expr)
	if err != nil {
		return nil, err
	}
	p.known[expr] = c
	return c, nil
}

// conditions are a rule's OTTL conditions; nil holds.
type conditions struct {
	log       *ottl.Condition[*ottllog.TransformContext]
	span      *ottl.Condition[*ottlspan.TransformContext]
	spanEvent *ottl.Condition[*ottlspanevent.TransformContext]
}

func (p *conditionParsers) parse(r *rules.Rule) (conditions, error) {
	log, logErr := p.log.parse(r.Condition.Log)
	span, spanErr := p.span.parse(r.Condition.Span)
	event, eventErr := p.spanEvent.parse(r.Condition.SpanEvent)
	at := func(key string, err error) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("%s:%d: rule %q: condition.%s: %w", r.Source.File, r.Source.Line, r.ID, key, err)
	}
	return conditions{log: log, span: span, spanEvent: event}, errors.Join(at("log", logErr), at("span", spanErr), at("spanevent", eventErr))
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
